// Loaded before the first paint: the theme and the rail's width as they were left.
(() => {
  const root = document.documentElement;
  const read = key => { try { return localStorage.getItem(key); } catch { return null; } };
  const asked = new URLSearchParams(location.search).get('theme');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const chosen = [asked, read('theme')].find(t => t === 'light' || t === 'dark');
    root.dataset.theme = chosen ?? (dark.matches ? 'dark' : 'light');
    root.dataset.rail = read('rail') === 'mini' ? 'mini' : 'full';
  };
  apply();
  dark.addEventListener('change', apply);
  window.tracker = { applyTheme: apply };
})();
