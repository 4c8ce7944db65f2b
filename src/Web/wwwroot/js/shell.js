// The shell works without a circuit: theme, rail, drawer, menus, the time zone cookie.
const root = document.documentElement;
const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* a private window: not remembered */ } };

const setDrawer = open => {
  root.toggleAttribute('data-drawer', open);
  document.querySelector('[data-act=drawer]')?.setAttribute('aria-expanded', String(open));
};

const actions = {
  theme() { keep('theme', root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark'); },
  rail() { keep('rail', root.dataset.rail = root.dataset.rail === 'mini' ? 'full' : 'mini'); },
  drawer() { setDrawer(!root.hasAttribute('data-drawer')); },
  reload() { location.reload(); },
};

const closeMenus = except => {
  for (const menu of document.querySelectorAll('details.menu[open]')) if (menu !== except) menu.open = false;
};

document.addEventListener('click', event => {
  const act = event.target.closest('[data-act]');
  if (act && actions[act.dataset.act]) {
    if (act.tagName === 'A') event.preventDefault();
    actions[act.dataset.act]();
    return;
  }
  const menu = event.target.closest('details.menu');
  closeMenus(event.target.closest('.menu-items') ? null : menu);
  if (root.hasAttribute('data-drawer') && (!event.target.closest('.rail') || event.target.closest('.rail a'))) setDrawer(false);
});

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  const open = document.querySelector('details.menu[open]');
  if (open) { open.open = false; open.querySelector('summary').focus(); }
  setDrawer(false);
});

document.cookie = `tz=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`;

// Enhanced navigation replaces the attributes of <html> with the server's, which knows no theme.
window.Blazor?.addEventListener?.('enhancedload', () => window.tracker.applyTheme());
