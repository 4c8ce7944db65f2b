// Go to anything by name: pages from the rail at once, sweeps and runs as the server finds them.
const dialog = document.getElementById('jump');
const field = document.getElementById('jump-text');
const list = document.getElementById('jump-list');
const none = dialog.querySelector('.jump-none');
const pause = 120;
let found = [];
let chosen = 0;
let asked = 0;
let timer;

const pages = () => [...document.querySelectorAll('#rail .rail-link[href]:not([target])')].map(link => ({
  title: link.querySelector('.label').textContent.trim(), note: link.dataset.go ? `g ${link.dataset.go}` : '', href: link.getAttribute('href'), icon: link.querySelector('use').getAttribute('href'),
}));

function show(entries) {
  found = entries;
  chosen = 0;
  list.replaceChildren(...entries.map((entry, i) => {
    const option = Object.assign(document.createElement('li'), { id: `jump-${i}`, role: 'option' });
    option.setAttribute('role', 'option');
    const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    icon.setAttribute('class', 'ic');
    icon.setAttribute('aria-hidden', 'true');
    icon.append(document.createElementNS('http://www.w3.org/2000/svg', 'use'));
    icon.firstChild.setAttribute('href', entry.icon);
    option.append(icon, Object.assign(document.createElement('span'), { className: 'cut', textContent: entry.title }),
      Object.assign(document.createElement('span'), { className: 'muted num', textContent: entry.note }));
    option.addEventListener('mousemove', () => choose(i));
    option.addEventListener('click', () => go(entry));
    return option;
  }));
  list.hidden = entries.length === 0;
  field.setAttribute('aria-expanded', String(entries.length > 0));
  choose(0);
}

function choose(i) {
  chosen = i;
  [...list.children].forEach((option, at) => option.setAttribute('aria-selected', String(at === i)));
  const option = list.children[i];
  if (option) field.setAttribute('aria-activedescendant', option.id);
  else field.removeAttribute('aria-activedescendant');
  option?.scrollIntoView({ block: 'nearest' });
}

function go(entry) {
  dialog.close();
  Blazor.navigateTo(entry.href);
}

const own = text => pages().filter(page => page.title.toLowerCase().includes(text));

async function search() {
  const text = field.value.trim();
  const mine = own(text.toLowerCase());
  const turn = ++asked;
  if (!text) { none.textContent = ''; show(mine); return; }
  try {
    const answer = await fetch(`jump?text=${encodeURIComponent(text)}`, { headers: { accept: 'application/json' } });
    if (turn !== asked) return;
    if (!answer.ok) throw new Error(String(answer.status));
    const places = (await answer.json()).map(place => ({ ...place, icon: place.run ? '#i-runs' : '#i-sweeps' }));
    show([...mine, ...places]);
    none.textContent = found.length ? '' : `No page, sweep or run is called “${text}”.`;
  } catch {
    if (turn !== asked) return;
    show(mine);
    none.textContent = 'The server does not answer, so only pages can be found.';
  }
}

field.addEventListener('input', () => {
  clearTimeout(timer);
  asked++;
  show(own(field.value.trim().toLowerCase()));
  timer = setTimeout(search, pause);
});

field.addEventListener('keydown', async event => {
  const last = found.length - 1;
  if (event.key === 'ArrowDown') choose(chosen < last ? chosen + 1 : 0);
  else if (event.key === 'ArrowUp') choose(chosen > 0 ? chosen - 1 : last);
  else if (event.key === 'Enter') {
    event.preventDefault();
    // Somebody quick: what they typed is looked up before it counts.
    clearTimeout(timer);
    if (chosen === 0) await search();
    if (found[chosen]) go(found[chosen]);
    return;
  } else return;
  event.preventDefault();
});

window.tracker.openJump = () => {
  if (dialog.open) return;
  field.value = '';
  dialog.showModal();
  field.focus();
  search();
};
