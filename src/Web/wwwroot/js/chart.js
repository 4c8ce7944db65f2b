// The browser's half of LineChart: create, update, dispose, download. Decisions and maths are in C#.
import * as echarts from '../lib/echarts/echarts.min.mjs';
import { trackerTheme } from './echarts-theme.js';
import { option } from './chart-option.js';
import { number } from './chart-text.js';
import { png, svg, csv, save } from './chart-export.js';

const charts = new Map();
const themeName = 'tracker';
echarts.registerTheme(themeName, trackerTheme());

export function create(figure, plot, data, group) {
  const chart = { figure, plot, data, group, hidden: new Set(), zoom: null };
  charts.set(plot, chart);
  chart.cross = plot.parentElement.appendChild(Object.assign(document.createElement('div'), { className: 'cross', hidden: true }));
  chart.cross.innerHTML = '<i></i><span class="tk flag num"></span>';
  figure.addEventListener('click', event => toggle(chart, event.target.closest('[data-toggle]')));
  start(chart);
  chart.resize = new ResizeObserver(() => { chart.instance.resize(); draw(chart); });
  chart.resize.observe(plot);
}

export function update(plot, data) {
  const chart = charts.get(plot);
  if (!chart) return;
  chart.data = data;
  draw(chart);
}

export function dispose(plot) {
  const chart = charts.get(plot);
  if (!chart) return;
  charts.delete(plot);
  chart.resize.disconnect();
  chart.cross.remove();
  chart.instance.dispose();
}

export function download(plot, format, name) {
  const chart = charts.get(plot);
  if (!chart) return;
  if (format === 'csv') save(`${name}.csv`, csv(chart.data));
  else if (format === 'svg') save(`${name}.svg`, svg(echarts, themeName, chart));
  else save(`${name}.png`, png(echarts, themeName, chart));
}

function start(chart) {
  chart.instance = echarts.init(chart.plot, themeName, { renderer: 'canvas' });
  draw(chart);
  chart.instance.dispatchAction({ type: 'takeGlobalCursor', key: 'dataZoomSelect', dataZoomSelectActive: true });
  chart.instance.on('datazoom', event => {
    const { start: from, end: to } = event.batch?.[0] ?? event;
    const span = chart.instance.getOption().dataZoom[0];
    setZoom(chart, from === 0 && to === 100 ? null : [span.startValue, span.endValue]);
  });
  const renderer = chart.instance.getZr();
  renderer.on('mousemove', event => hover(chart, event));
  renderer.on('globalout', () => leave(chart));
  renderer.on('dblclick', () => setZoom(chart, null));
}

function draw(chart) {
  chart.instance.setOption(option(chart.data, chart.hidden, chart.zoom, chart.plot.clientWidth), { notMerge: false, replaceMerge: ['series'], lazyUpdate: false });
}

function toggle(chart, button) {
  if (!button) return;
  const id = button.dataset.toggle;
  const hide = !chart.hidden.delete(id);
  if (hide) chart.hidden.add(id);
  button.setAttribute('aria-pressed', String(!hide));
  draw(chart);
}

// ---- what the charts of a group do together ----

const together = chart => chart.group ? [...charts.values()].filter(other => other.group === chart.group) : [chart];

function setZoom(chart, zoom) {
  for (const other of together(chart)) {
    other.zoom = zoom;
    const { min, max } = other.data.x;
    other.instance.setOption({ dataZoom: [{ startValue: zoom?.[0] ?? min, endValue: zoom?.[1] ?? max }] });
  }
}

function hover(chart, event) {
  if (!chart.instance.containPixel('grid', [event.offsetX, event.offsetY])) { leave(chart); return; }
  const at = chart.instance.convertFromPixel({ xAxisIndex: 0 }, event.offsetX);
  const x = nearest(chart, at);
  if (x === null) return;
  for (const other of together(chart)) show(other, x);
}

function leave(chart) {
  for (const other of together(chart)) {
    other.cross.hidden = true;
    for (const [cell, text] of other.finals ?? []) cell.textContent = text;
    other.finals = null;
  }
}

function show(chart, x) {
  const pixel = chart.instance.convertToPixel({ xAxisIndex: 0 }, x);
  const grid = chart.instance.getModel().getComponent('grid').coordinateSystem.getRect();
  const inside = pixel >= grid.x - 1 && pixel <= grid.x + grid.width + 1;
  chart.cross.hidden = !inside;
  if (!inside) return;
  const [line, flag] = chart.cross.children;
  chart.cross.style.cssText = `left:${chart.plot.offsetLeft}px;top:${chart.plot.offsetTop}px`;
  line.style.cssText = `left:${pixel}px;top:${grid.y}px;height:${grid.height}px`;
  flag.textContent = `${chart.data.x.name.split(',')[0]} ${number(x, chart.data.x.unit)}`;
  const half = flag.offsetWidth / 2;
  const room = chart.plot.clientWidth;
  flag.style.cssText = `left:${Math.min(Math.max(pixel, half), room - half)}px;top:${grid.y + grid.height + 4}px`;
  readout(chart, x);
}

function readout(chart, x) {
  chart.finals ??= [...chart.figure.querySelectorAll('[data-readout]')].map(cell => [cell, cell.textContent]);
  for (const [cell] of chart.finals) {
    const series = chart.data.series.find(s => s.id === cell.dataset.readout);
    const i = series ? indexAt(series, x) : -1;
    const value = i < 0 ? null : series.ys[i];
    cell.textContent = value === null ? '–' : number(value, chart.data.y.unit)
      + (series.low?.[i] != null && series.high[i] > series.low[i] ? ` ± ${number((series.high[i] - series.low[i]) / 2, chart.data.y.unit)}` : '');
  }
}

// The x of a point that exists, so that the readout says a value that was measured.
function nearest(chart, at) {
  let best = null;
  for (const series of chart.data.series) {
    if (series.silent || chart.hidden.has(series.id)) continue;
    const i = lowerBound(series.xs, at);
    for (const candidate of [series.xs[i - 1], series.xs[i]])
      if (candidate !== undefined && (best === null || Math.abs(candidate - at) < Math.abs(best - at))) best = candidate;
  }
  return best;
}

// A series has a value at x from its first point to its last: that of the last point not after x.
function indexAt(series, x) {
  const { xs, ys } = series;
  if (!xs.length || x < xs[0]) return -1;
  let i = lowerBound(xs, x);
  if (i === xs.length || xs[i] > x) i--;
  while (i >= 0 && ys[i] === null) i--;
  return i;
}

function lowerBound(xs, x) {
  let low = 0, high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1; else high = middle;
  }
  return low;
}

// ---- the theme ----

new MutationObserver(() => {
  echarts.registerTheme(themeName, trackerTheme());
  for (const chart of charts.values()) {
    chart.instance.dispose();
    start(chart);
  }
}).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
