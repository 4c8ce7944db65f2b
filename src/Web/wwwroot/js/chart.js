// The browser's half of LineChart: create, update, range, download, dispose. Decisions and maths are in C#, each concern in its own module.
import * as echarts from '../lib/echarts/echarts.min.mjs';
import { trackerTheme } from './echarts-theme.js';
import { option, room } from './chart-option.js';
import { curves, litLevel } from './chart-curves.js';
import { apply } from './chart-model.js';
import { listen } from './chart-pointer.js';
import { listenKeys } from './chart-keys.js';
import { listenLegend, showLegend } from './chart-legend.js';
import { leave, say } from './chart-readout.js';
import { png, svg, csv, save } from './chart-export.js';

const charts = new Map();
const themeName = 'tracker';
const patience = 250;
echarts.registerTheme(themeName, trackerTheme());

// owner is the component; hears says which of its events somebody listens to.
export function create(figure, plot, settings, message, bytes, owner) {
  // The page may have been left while this call was on its way, or while that to dispose was.
  for (const other of charts.keys()) if (!other.isConnected) dispose(other);
  if (!plot?.isConnected) return;
  // Asked for twice when the answer to the first call was lost with the connection.
  dispose(plot);
  const data = apply(null, message, bytes);
  const zoom = placed(settings.range ? [settings.range.from, settings.range.to] : null, data.x);
  const chart = { figure, plot, owner, group: settings.group, hears: settings, data, shown: data, whole: zoom ? null : data, hidden: new Set(), zoom, lit: null, at: null, together: () => together(chart), setZoom: span => setZoom(chart, span), light: id => light(chart, id), draw: () => drawCurves(chart), send: (name, ...values) => send(chart, name, values) };
  charts.set(plot, chart);
  chart.cross = plot.parentElement.appendChild(Object.assign(document.createElement('div'), { className: 'cross', hidden: true }));
  chart.cross.innerHTML = '<i></i><span class="tk flag num"></span>';
  chart.ended = new AbortController();
  start(chart);
  listen(chart);
  listenKeys(chart);
  listenLegend(chart);
  showLegend(chart);
  chart.resize = new ResizeObserver(() => {
    if (plot.clientWidth === chart.instance.getWidth() && plot.clientHeight === chart.instance.getHeight() || !plot.clientWidth) return;
    chart.instance.resize();
    draw(chart);
  });
  chart.resize.observe(plot);
  figure.toggleAttribute('data-drawn', true);
}

export function update(plot, message, bytes) {
  const chart = charts.get(plot);
  if (!chart) return;
  const sameAxes = !message.frame && chart.shown === chart.data;
  chart.data = chart.shown = apply(chart.data, message, bytes);
  chart.zoom = placed(chart.zoom, chart.data.x);
  if (!chart.zoom) chart.whole = chart.data;
  if (!sameAxes) draw(chart);
  else drawCurves(chart);
  if (message.order || message.series.some(s => s.look)) showLegend(chart);
}

// The page's address has another stretch than the chart: somebody went back, or another chart was zoomed.
export function range(plot, span) {
  const chart = charts.get(plot);
  if (!chart || same(chart.zoom, span)) return;
  show(chart, span ? [span.from, span.to] : null);
}

// A logarithmic axis has no place for what is not positive: a stretch that was chosen on a linear one begins where the axis does.
const placed = (zoom, x) => !zoom || !x.log || zoom[0] > 0 ? zoom : zoom[1] > x.min ? [x.min, zoom[1]] : null;

// An address has seven digits of what the chart told.
const digits = value => Number(value.toPrecision(7));
const same = (zoom, span) => zoom && span ? digits(zoom[0]) === digits(span.from) && digits(zoom[1]) === digits(span.to) : !zoom && !span;

export function dispose(plot) {
  const chart = charts.get(plot);
  if (!chart) return;
  charts.delete(plot);
  clearTimeout(chart.telling);
  chart.ended.abort();
  chart.resize.disconnect();
  chart.cross.remove();
  chart.instance.dispose();
}

export function download(plot, format, name) {
  const chart = charts.get(plot);
  if (!chart) return;
  if (format === 'csv') save(`${name}.csv`, csv(chart.shown, chart.hidden));
  else if (format === 'svg') save(`${name}.svg`, svg(echarts, themeName, chart));
  else save(`${name}.png`, png(echarts, themeName, chart));
}

function start(chart) {
  chart.instance = echarts.init(chart.plot, themeName, { renderer: 'canvas' });
  chart.layer = chart.litGroup = null;
  draw(chart);
}

function draw(chart) {
  const { instance, shown, plot } = chart;
  instance.setOption(option(shown, chart.zoom, plot.clientWidth), { notMerge: false, replaceMerge: ['series'], lazyUpdate: false });
  const { left, right, top, bottom } = room(shown);
  chart.rect = { x: left, y: top, width: Math.max(1, plot.clientWidth - left - right), height: Math.max(1, plot.clientHeight - top - bottom) };
  drawCurves(chart);
  const reset = chart.figure.querySelector('[data-reset]');
  if (reset) reset.hidden = !chart.zoom;
}

function drawCurves(chart) {
  const renderer = chart.instance.getZr();
  if (chart.layer) renderer.remove(chart.layer.group);
  chart.layer = curves(chart.shown, chart.hidden, chart.zoom, chart.rect);
  renderer.add(chart.layer.group);
  drawLit(chart);
}

function light(chart, id) {
  if (chart.lit === id) return;
  chart.lit = id;
  drawLit(chart);
  for (const item of chart.figure.querySelectorAll('.legend li')) item.classList.toggle('lit', id !== null && item.dataset.series === id);
}

// One curve stands out and the others fade.
function drawLit(chart) {
  const renderer = chart.instance.getZr();
  if (chart.litGroup) renderer.remove(chart.litGroup);
  const series = chart.lit === null || chart.hidden.has(chart.lit) ? null : chart.shown.series.find(s => s.id === chart.lit);
  chart.litGroup = series ? curves({ ...chart.shown, series: [series] }, new Set(), chart.zoom, chart.rect, litLevel).group : null;
  if (chart.litGroup) renderer.add(chart.litGroup);
  chart.plot.classList.toggle('has-lit', chart.litGroup !== null);
}

function send(chart, name, values) {
  if (charts.has(chart.plot)) chart.owner.invokeMethodAsync(name, ...values);
}

// ---- what the charts of a group do together ----

const together = chart => chart.group ? [...charts.values()].filter(other => other.group === chart.group) : [chart];

function show(chart, zoom) {
  chart.zoom = placed(zoom, chart.shown.x);
  // What was there before the stretch is there at once; the page hands over the newest state of it.
  if (!zoom && chart.whole) chart.shown = chart.whole;
  leave(chart);
  draw(chart);
}

function setZoom(chart, zoom) {
  const { min, max } = chart.shown.x;
  if (zoom && zoom[0] <= min && zoom[1] >= max) zoom = null;
  if (!zoom && !chart.zoom) return;
  const all = together(chart);
  for (const other of all) show(other, zoom);
  say(chart, zoom ? 'Zoomed in.' : 'All is shown.');
  const teller = [chart, ...all].find(other => other.hears.zoom);
  if (!teller) return;
  clearTimeout(teller.telling);
  teller.telling = setTimeout(() => send(teller, 'ZoomedAsync', [teller.zoom?.[0] ?? null, teller.zoom?.[1] ?? null]), patience);
}

// ---- the theme ----

new MutationObserver(() => {
  echarts.registerTheme(themeName, trackerTheme());
  for (const chart of charts.values()) {
    chart.instance.dispose();
    start(chart);
  }
}).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
