// Keys of all pages. A page adds its own in its markup: data-key="filter" marks what / goes to; data-hotkey="x" is clicked (a field is
// focused) when x is pressed, and named in the list by data-hotkey-name or its own name. The letters after g are those of the rail.
const patience = 1500;
const typing = target => target instanceof Element && target.closest('input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]');
const visible = element => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
const places = () => [...document.querySelectorAll('#rail [data-go]')];
const hotkeys = () => [...document.querySelectorAll('[data-hotkey]')].filter(visible);
const nameOf = element => element.dataset.hotkeyName ?? element.getAttribute('aria-label') ?? element.textContent.trim();
let goUntil = 0;

function row(keys, text) {
  const line = document.createElement('div');
  const term = document.createElement('dt');
  keys.forEach((key, i) => {
    if (i) term.append(' ');
    term.append(Object.assign(document.createElement('kbd'), { textContent: key }));
  });
  line.append(term, Object.assign(document.createElement('dd'), { textContent: text }));
  return line;
}

function openHelp() {
  const dialog = document.getElementById('keys');
  if (dialog.open) return;
  document.getElementById('keys-places').replaceChildren(...places().map(link => row(['g', link.dataset.go], link.querySelector('.label').textContent.trim())));
  const own = hotkeys().map(element => row(element.dataset.hotkey.split('+'), nameOf(element)));
  const section = document.getElementById('keys-page');
  section.hidden = own.length === 0;
  section.querySelector('dl').replaceChildren(...own);
  dialog.showModal();
  dialog.querySelector('h2').focus();
}

function focusFilter() {
  const filter = [...document.querySelectorAll('[data-key=filter]')].find(visible);
  if (!filter) return window.tracker.openJump();
  filter.focus();
  filter.select?.();
}

function press(element) {
  if (typing(element)) element.focus();
  else element.click();
}

function matches(element, event) {
  const parts = element.dataset.hotkey.split('+');
  const key = parts.pop();
  const held = event.ctrlKey || event.metaKey;
  return parts.includes('Ctrl') === held && event.key.toLowerCase() === key.toLowerCase();
}

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.isComposing || event.altKey || !document.getElementById('rail')) return;
  const modal = document.querySelector('dialog[open], .rz-dialog');
  const held = event.ctrlKey || event.metaKey;
  if (held && event.key.toLowerCase() === 'k' && !event.shiftKey) {
    event.preventDefault();
    if (!modal) window.tracker.openJump();
    return;
  }
  if (modal) return;
  const own = hotkeys().find(element => matches(element, event));
  if (held) {
    // With Ctrl a page's key also works while typing, as Ctrl+Enter that sends a form.
    if (own) { event.preventDefault(); press(own); }
    return;
  }
  if (typing(event.target)) return;
  const going = Date.now() < goUntil;
  goUntil = 0;
  if (going) {
    const link = places().find(place => place.dataset.go === event.key);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  if (event.key === 'g') goUntil = Date.now() + patience;
  else if (event.key === '?') { event.preventDefault(); openHelp(); }
  else if (event.key === '/') { event.preventDefault(); focusFilter(); }
  else if (event.key === '.') { event.preventDefault(); window.tracker.openJump(); }
  else if (own) { event.preventDefault(); press(own); }
});

window.tracker.openHelp = openHelp;
