// The grid of runs: what only the browser can do for it.
const near = 24;

export function follow(scroll) {
  let opened = 0;
  // A menu inside a scrolled box would be cut off at its edge: it is placed in the window instead, and closed when the box is scrolled.
  scroll.addEventListener('toggle', event => {
    const menu = event.target;
    if (!menu.matches('details.menu[open]')) return;
    opened = scroll.scrollTop;
    const items = menu.querySelector('.menu-items');
    const at = menu.getBoundingClientRect();
    const below = at.bottom + items.offsetHeight + 8 < innerHeight;
    Object.assign(items.style, {
      position: 'fixed', right: `${document.documentElement.clientWidth - at.right}px`,
      top: below ? `${at.bottom + 4}px` : 'auto', bottom: below ? 'auto' : `${innerHeight - at.top + 4}px`,
    });
  }, true);
  scroll.addEventListener('scroll', () => {
    if (Math.abs(scroll.scrollTop - opened) < near) return;
    for (const menu of scroll.querySelectorAll('details.menu[open]')) menu.open = false;
  }, { passive: true });
}

export function toTop(scroll) { scroll.scrollTop = 0; }
