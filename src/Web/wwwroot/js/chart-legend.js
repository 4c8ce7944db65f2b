// The legend: a click shows or hides a curve, "only" or a double click isolates it, the pointer over an entry lets the others fade, a search finds it.
export function listenLegend(chart) {
  const { figure } = chart;
  const on = (name, handler) => figure.addEventListener(name, handler, { signal: chart.ended.signal });
  const entry = event => event.target.closest('.legend li')?.dataset.series ?? null;
  on('click', event => {
    const toggle = event.target.closest('[data-toggle]');
    const only = event.target.closest('[data-only]');
    if (toggle) flip(chart, toggle.dataset.toggle);
    else if (only) isolate(chart, only.dataset.only);
    else if (event.target.closest('[data-all]')) { chart.hidden.clear(); changed(chart); }
  });
  on('dblclick', event => { const toggle = event.target.closest('[data-toggle]'); if (toggle) isolate(chart, toggle.dataset.toggle); });
  on('input', event => { if (event.target.closest('[data-search]')) showLegend(chart); });
  on('pointerover', event => { const id = entry(event); if (id !== null) chart.light(id); });
  on('pointerout', event => { if (entry(event) !== null && !event.relatedTarget?.closest?.('.legend li')) chart.light(null); });
  on('focusin', event => { const id = entry(event); if (id !== null) chart.light(id); });
  on('focusout', event => { if (entry(event) !== null) chart.light(null); });
}

const named = chart => chart.shown.series.filter(s => !s.silent);

function flip(chart, id) {
  if (!chart.hidden.delete(id)) chart.hidden.add(id);
  changed(chart);
}

// Once more for the same curve brings the others back.
function isolate(chart, id) {
  const others = named(chart).filter(s => s.id !== id);
  const alone = !chart.hidden.has(id) && others.every(s => chart.hidden.has(s.id));
  chart.hidden = new Set(alone ? [] : others.map(s => s.id));
  changed(chart);
}

function changed(chart) {
  chart.draw();
  showLegend(chart);
}

// The server renders the entries; whether they are shown, pressed or found is known here alone.
export function showLegend(chart) {
  const { figure, hidden } = chart;
  const words = (figure.querySelector('[data-search]')?.value ?? '').toLowerCase().split(/\s+/).filter(word => word);
  let found = 0;
  for (const item of figure.querySelectorAll('.legend li')) {
    const name = item.dataset.name.toLowerCase();
    item.hidden = !words.every(word => name.includes(word));
    if (!item.hidden) found++;
    item.querySelector('[data-toggle]')?.setAttribute('aria-pressed', String(!hidden.has(item.dataset.series)));
  }
  const none = figure.querySelector('[data-none-found]');
  if (none) none.hidden = found > 0;
  const all = figure.querySelector('[data-all]');
  if (all) all.hidden = ![...hidden].some(id => named(chart).some(s => s.id === id));
}
