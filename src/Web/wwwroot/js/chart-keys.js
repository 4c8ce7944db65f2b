// A chart under the keyboard: arrows move the crosshair and choose a curve, + and − zoom, Escape shows all, Enter picks.
import { indexAt, visible } from './chart-model.js';
import { hover, leave, sayValues } from './chart-readout.js';
import { zoomBy } from './chart-pointer.js';

export function listenKeys(chart) {
  const options = { signal: chart.ended.signal };
  chart.plot.addEventListener('keydown', event => {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const done = act(chart, event.key, event.shiftKey ? 10 : 1);
    if (done) event.preventDefault();
  }, options);
  chart.plot.addEventListener('blur', () => { chart.light(null); for (const other of chart.together()) leave(other); }, options);
}

function act(chart, key, stride) {
  switch (key) {
    case 'ArrowRight': return move(chart, stride);
    case 'ArrowLeft': return move(chart, -stride);
    case 'Home': return move(chart, -Infinity);
    case 'End': return move(chart, Infinity);
    case 'ArrowDown': return choose(chart, 1);
    case 'ArrowUp': return choose(chart, -1);
    case '+': case '=': zoomBy(chart, 0.5, pixel(chart)); return true;
    case '-': zoomBy(chart, 2, pixel(chart)); return true;
    case 'Escape':
      if (chart.zoom) chart.setZoom(null);
      else { chart.light(null); for (const other of chart.together()) leave(other); }
      return true;
    case 'Enter':
      if (chart.lit === null || !chart.hears.pick) return false;
      chart.send('PickedAsync', chart.lit);
      return true;
    default: return false;
  }
}

const pixel = chart => chart.at === null ? undefined : chart.layer.sx.pixel(chart.at);

// Along the points of the chosen curve, or of the one that has most.
function move(chart, stride) {
  const all = visible(chart);
  const series = all.find(s => s.id === chart.lit) ?? all.reduce((most, s) => !most || s.xs.length > most.xs.length ? s : most, null);
  if (!series?.xs.length) return true;
  const { sx } = chart.layer;
  const [low, high] = [sx.value(chart.rect.x), sx.value(chart.rect.x + chart.rect.width)];
  const inside = [...series.xs].filter(x => x >= low * (low > 0 ? 1 - 1e-9 : 1) && x <= high * (1 + 1e-9));
  if (!inside.length) return true;
  const here = chart.at === null ? (stride > 0 ? -1 : inside.length) : inside.findLastIndex(x => x <= chart.at);
  const next = Math.min(inside.length - 1, Math.max(0, here + stride));
  for (const other of chart.together()) hover(other, inside[next]);
  sayValues(chart);
  return true;
}

// The next curve by its height at the crosshair.
function choose(chart, stride) {
  const at = chart.at ?? Infinity;
  const all = visible(chart).map(s => [s.id, s.ys[indexAt(s, at)] ?? -Infinity]).sort((a, b) => b[1] - a[1]).map(([id]) => id);
  if (!all.length) return true;
  const here = all.indexOf(chart.lit);
  chart.light(all[here < 0 ? (stride > 0 ? 0 : all.length - 1) : (here + stride + all.length) % all.length]);
  if (chart.at === null) move(chart, Infinity);
  else sayValues(chart);
  return true;
}
