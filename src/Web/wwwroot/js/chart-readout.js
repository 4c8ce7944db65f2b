// The crosshair, and the values at it in the legend; what the keyboard reaches is said aloud.
import { number } from './chart-text.js';
import { indexAt, lastIndex, visible } from './chart-model.js';

const mostSaid = 5;

export function hover(chart, x) {
  const { cross, plot, rect, layer, shown } = chart;
  const pixel = layer.sx.pixel(x);
  const within = pixel >= rect.x - 1 && pixel <= rect.x + rect.width + 1;
  cross.hidden = !within;
  if (!within) return;
  chart.at = x;
  const [line, flag] = cross.children;
  cross.style.cssText = `left:${plot.offsetLeft}px;top:${plot.offsetTop}px`;
  line.style.cssText = `left:${pixel}px;top:${rect.y}px;height:${rect.height}px`;
  flag.textContent = `${shown.x.name.split(',')[0]} ${number(x, shown.x.unit)}`;
  const half = flag.offsetWidth / 2;
  const room = plot.clientWidth;
  flag.style.cssText = `left:${Math.min(Math.max(pixel, half), room - half)}px;top:${rect.y + rect.height + 4}px`;
  write(chart, series => indexAt(series, x));
}

export function leave(chart) {
  if (chart.cross.hidden) return;
  chart.cross.hidden = true;
  chart.at = null;
  write(chart, lastIndex);
}

export function say(chart, text) {
  const said = chart.figure.querySelector('[data-said]');
  if (said) said.textContent = text;
}

export function sayValues(chart) {
  const { shown, at } = chart;
  const all = visible(chart).map(series => [series.name, text(series, indexAt(series, at), shown.y.unit), series.id])
    .sort((a, b) => (b[2] === chart.lit) - (a[2] === chart.lit));
  const rest = all.length > mostSaid ? `, and ${all.length - mostSaid} more` : '';
  say(chart, `${shown.x.name.split(',')[0]} ${number(at, shown.x.unit)}: ${all.slice(0, mostSaid).map(([name, value]) => `${name} ${value}`).join(', ')}${rest}`);
}

function text({ ys, low, high }, i, unit) {
  if (i < 0) return '–';
  return number(ys[i], unit) + (low && high[i] > low[i] ? ` ± ${number((high[i] - low[i]) / 2, unit)}` : '');
}

// The text nodes are the server's, which writes new final values into them: they are kept, and only their text is exchanged.
function write(chart, index) {
  const series = new Map(chart.shown.series.map(s => [s.id, s]));
  for (const cell of chart.figure.querySelectorAll('[data-readout]')) {
    const own = series.get(cell.dataset.readout);
    if (own && cell.firstChild) cell.firstChild.data = text(own, index(own), chart.shown.y.unit);
  }
}
