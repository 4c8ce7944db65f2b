// Heat maps by keyboard: one stop for the tab key, arrows, Home and End walk over the cells.
const cellOf = element => element.closest?.('.heat .hc');
const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

document.addEventListener('focusin', event => {
  const cell = cellOf(event.target);
  if (!cell) return;
  for (const other of cell.closest('.heat').querySelectorAll('.hc')) other.tabIndex = other === cell ? 0 : -1;
});

document.addEventListener('keydown', event => {
  const cell = cellOf(event.target);
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.key in steps ? neighbour(cell, ...steps[event.key]) : end(cell, event.key);
  if (!target) return;
  event.preventDefault();
  target.focus();
});

// The next cell in that direction; places without a run are stepped over.
function neighbour(cell, down, right) {
  const place = cell.parentElement;
  const rows = [...cell.closest('tbody').rows];
  let row = rows.indexOf(place.parentElement) + down;
  let column = place.cellIndex + right;
  while (rows[row]?.cells[column]) {
    const found = rows[row].cells[column].querySelector('.hc');
    if (found) return found;
    row += down;
    column += right;
  }
  return null;
}

function end(cell, key) {
  if (key !== 'Home' && key !== 'End') return null;
  const cells = cell.closest('tr').querySelectorAll('.hc');
  return key === 'Home' ? cells[0] : cells[cells.length - 1];
}
