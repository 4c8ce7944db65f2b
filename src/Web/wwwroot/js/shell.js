// The shell works without a circuit: theme, rail, drawer, menus, dialogs, the time zone cookie.
const root = document.documentElement;
const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a private window: not remembered */ } };

// An open drawer is all there is to reach: the page behind it takes no focus.
const setDrawer = open => {
  if (open === root.hasAttribute('data-drawer')) return;
  const button = document.querySelector('[data-act=drawer]');
  root.toggleAttribute('data-drawer', open);
  button?.setAttribute('aria-expanded', String(open));
  document.querySelector('.main')?.toggleAttribute('inert', open);
  if (open) document.querySelector('#rail a[href]')?.focus();
  else if (document.activeElement === document.body || document.activeElement?.closest('#rail')) button?.focus();
};

const markTheme = group => {
  for (const choice of group.querySelectorAll('[data-theme-choice]'))
    choice.setAttribute('aria-pressed', String(choice.dataset.themeChoice === root.dataset.themeChoice));
};

const actions = {
  theme(act) {
    keep('theme', act.dataset.themeChoice);
    window.tracker.applyTheme();
    const menu = act.closest('details');
    if (!menu) { markTheme(act.parentElement); return; }
    menu.open = false;
    menu.querySelector('summary').focus();
  },
  rail() { keep('rail', root.dataset.rail = root.dataset.rail === 'mini' ? 'full' : 'mini'); },
  drawer() { setDrawer(!root.hasAttribute('data-drawer')); },
  reload() { location.reload(); },
  reconnect() { window.tracker.reconnectNow(); },
  help() { window.tracker.openHelp(); },
  jump() { window.tracker.openJump(); },
  close(act) { act.closest('dialog').close(); },
  skip() { document.getElementById('main').focus(); },
};

const closeMenus = except => {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (menu !== except) menu.open = false;
};

document.addEventListener('click', event => {
  const act = event.target.closest('[data-act]');
  if (act && actions[act.dataset.act]) {
    if (act.tagName === 'A') event.preventDefault();
    closeMenus(act.closest('details.menu'));
    actions[act.dataset.act](act);
    return;
  }
  // A click beside a dialog falls on the dialog itself.
  if (event.target instanceof HTMLDialogElement && event.target.matches('.dialog')) event.target.close();
  const menu = event.target.closest('details.menu');
  closeMenus(event.target.closest('.menu-items') ? null : menu);
  event.target.closest('dialog.dialog a[href]:not([target])')?.closest('dialog').close();
  if (root.hasAttribute('data-drawer') && (!event.target.closest('.rail') || event.target.closest('.rail a'))) setDrawer(false);
});

document.addEventListener('toggle', event => {
  if (event.target.matches?.('.theme-menu') && event.target.open) markTheme(event.target);
}, true);

// The page draws the group without knowing what the browser keeps.
document.addEventListener('focusin', event => {
  const group = event.target.closest('.theme-choice');
  if (group) markTheme(group);
});

document.addEventListener('keydown', event => {
  const menu = document.querySelector('details.menu[open]');
  if (event.key === 'Escape') {
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
    setDrawer(false);
  } else if (menu && (event.key === 'ArrowDown' || event.key === 'ArrowUp') && menu.contains(event.target) && !event.target.matches('input, select, textarea')) {
    const items = [...menu.querySelectorAll('.menu-items :is(a[href], button:not([disabled]))')];
    const step = event.key === 'ArrowDown' ? 1 : -1;
    const at = items.indexOf(event.target);
    items.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % items.length)?.focus();
    event.preventDefault();
  }
});

// What was typed belongs to who typed it.
document.addEventListener('submit', event => {
  if (event.target.getAttribute('action')?.endsWith('sign-out')) try { sessionStorage.clear(); } catch { /* forbidden: nothing was kept */ }
});

document.cookie = `tz=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;

// Enhanced navigation replaces the attributes of <html> with the server's, which knows no theme.
window.Blazor?.addEventListener?.('enhancedload', () => window.tracker.applyTheme());

// The heading takes the focus when a page is opened, and is drawn anew when the page has loaded: the focus goes on to the new one.
let heading = null;
document.addEventListener('focusin', event => { heading = event.target.matches('main h1') ? event.target : null; });
new MutationObserver(() => {
  if (!heading || heading.isConnected) return;
  const next = document.querySelector('main h1');
  if (!next) return;
  heading = null;
  if (document.activeElement !== document.body) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
}).observe(document.body, { childList: true, subtree: true });
