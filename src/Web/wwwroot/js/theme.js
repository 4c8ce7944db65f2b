// Loaded before the first paint: the theme and the rail's width as they were left.
(() => {
  const root = document.documentElement;
  const read = key => { try { return localStorage.getItem(key); } catch { return null; } };
  const asked = new URLSearchParams(location.search).get('theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const known = t => t === 'light' || t === 'dark';
  const apply = () => {
    root.dataset.theme = [asked, read('theme')].find(known) ?? (dark.matches ? 'dark' : 'light');
    root.dataset.themeChoice = known(read('theme')) ? read('theme') : 'system';
    root.dataset.rail = read('rail') === 'mini' ? 'mini' : 'full';
  };
  apply();
  dark.addEventListener('change', apply);
  // Another tab has chosen.
  window.addEventListener('storage', apply);
  window.tracker = { applyTheme: apply };
})();
