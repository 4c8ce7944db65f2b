// The pointer over a chart: crosshair, nearest curve, drag to zoom, wheel with Ctrl, click to pick, double click for all.
import * as echarts from '../lib/echarts/echarts.min.mjs';
import { token } from './chart-curves.js';
import { indexAt, lowerBound, visible } from './chart-model.js';
import { hover, leave } from './chart-readout.js';

const reach = 8;
const leastDrag = 5;

export function listen(chart) {
  const { plot } = chart;
  const on = (name, handler, options) => plot.addEventListener(name, handler, { signal: chart.ended.signal, ...options });
  const place = event => { const box = plot.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  let begun = null;
  let frame = 0;
  let turning = 0, turned = 1;

  on('pointerdown', event => {
    const [x, y] = place(event);
    if (event.button !== 0 || !inside(chart, x, y)) return;
    begun = { x, y, id: event.pointerId, brush: null };
  });
  on('pointermove', event => {
    const [x, y] = place(event);
    // One drawing a frame, however often the mouse reports.
    if (!frame) frame = requestAnimationFrame(() => { frame = 0; if (!chart.ended.signal.aborted) follow(chart, begun, x, y); });
    if (begun && !begun.brush && Math.abs(x - begun.x) >= leastDrag) {
      plot.setPointerCapture(begun.id);
      begun.brush = chart.instance.getZr();
      begun.shape = new echarts.graphic.Rect({ silent: true, z: 5, style: { fill: token('accent'), opacity: 0.14 } });
      begun.brush.add(begun.shape);
    }
  });
  const end = (event, cancelled) => {
    const drag = begun;
    begun = null;
    if (!drag) return;
    drag.brush?.remove(drag.shape);
    const [x, y] = place(event);
    if (cancelled) return;
    if (drag.brush) select(chart, drag.x, x);
    else if (Math.abs(y - drag.y) < leastDrag) pick(chart, x, y);
  };
  on('pointerup', event => end(event, false));
  on('pointercancel', event => end(event, true));
  on('pointerleave', () => { if (!begun) { cancelAnimationFrame(frame); frame = 0; leaveAll(chart); } });
  on('dblclick', () => chart.setZoom(null));
  on('wheel', event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    turned *= event.deltaY < 0 ? 0.8 : 1.25;
    const [x] = place(event);
    if (!turning) turning = requestAnimationFrame(() => {
      const factor = turned;
      [turning, turned] = [0, 1];
      if (!chart.ended.signal.aborted) zoomBy(chart, factor, x);
    });
  }, { passive: false });
  chart.figure.querySelector('[data-reset]')?.addEventListener('click', () => { chart.setZoom(null); plot.focus({ preventScroll: true }); }, { signal: chart.ended.signal });
}

const inside = ({ rect }, x, y) => x >= rect.x && x <= rect.x + rect.width && y >= rect.y && y <= rect.y + rect.height;

function follow(chart, drag, x, y) {
  if (drag?.brush) {
    const { rect } = chart;
    const to = Math.min(Math.max(x, rect.x), rect.x + rect.width);
    drag.shape.attr({ shape: { x: Math.min(drag.x, to), y: rect.y, width: Math.abs(to - drag.x), height: rect.height } });
  }
  if (!inside(chart, x, y)) { leaveAll(chart); return; }
  const at = nearestX(chart, chart.layer.sx.value(x));
  if (at !== null) for (const other of chart.together()) hover(other, at);
  if (!drag) {
    const near = nearestCurve(chart, x, y);
    chart.light(near);
    chart.plot.classList.toggle('can-pick', near !== null && chart.hears.pick);
  }
}

function leaveAll(chart) {
  chart.light(null);
  for (const other of chart.together()) leave(other);
}

function select(chart, from, to) {
  const { rect, layer } = chart;
  const clamp = x => Math.min(Math.max(x, rect.x), rect.x + rect.width);
  const [low, high] = [clamp(from), clamp(to)].sort((a, b) => a - b);
  if (high - low >= leastDrag) chart.setZoom([layer.sx.value(low), layer.sx.value(high)]);
}

// Around a pixel, or the middle.
export function zoomBy(chart, factor, pixel) {
  const { sx } = chart.layer;
  const { rect } = chart;
  const around = Math.min(Math.max(pixel ?? rect.x + rect.width / 2, rect.x), rect.x + rect.width);
  const { min, max } = chart.shown.x;
  const low = sx.value(around - (around - rect.x) * factor);
  const high = sx.value(around + (rect.x + rect.width - around) * factor);
  const [from, to] = [Math.max(low, min), Math.min(high, max)];
  // Past a ten-thousandth of the axis nothing more is to be seen.
  if (factor < 1 && (to - from) < (max - min) * 1e-6) return;
  chart.setZoom(from <= min && to >= max ? null : [from, to]);
}

function pick(chart, x, y) {
  const near = nearestCurve(chart, x, y);
  if (near !== null && chart.hears.pick) chart.send('PickedAsync', near);
}

// The x of a point that exists, so that the readout says a value that was measured.
export function nearestX(chart, at) {
  let best = null;
  for (const { xs } of visible(chart)) {
    const i = lowerBound(xs, at);
    for (const candidate of [xs[i - 1], xs[i]])
      if (candidate !== undefined && (best === null || Math.abs(candidate - at) < Math.abs(best - at))) best = candidate;
  }
  return best;
}

// The curve that passes closest to a pixel, within reach: measured to the line between the points around it.
function nearestCurve(chart, x, y) {
  const { sx, sy } = chart.layer;
  let [best, least] = [null, reach];
  for (const series of visible(chart)) {
    const { xs, ys } = series;
    const i = lowerBound(xs, sx.value(x));
    for (let k = Math.max(1, i - 2); k <= Math.min(xs.length - 1, i + 2); k++) {
      const distance = toSegment(x, y, sx.pixel(xs[k - 1]), sy.pixel(ys[k - 1]), sx.pixel(xs[k]), sy.pixel(ys[k]));
      if (distance < least) [best, least] = [series.id, distance];
    }
    if (xs.length === 1 || series.style === 'Dots') {
      const k = Math.max(0, indexAt(series, sx.value(x)));
      const distance = Math.hypot(x - sx.pixel(xs[k]), y - sy.pixel(ys[k]));
      if (distance < least) [best, least] = [series.id, distance];
    }
  }
  return best;
}

function toSegment(x, y, x1, y1, x2, y2) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const t = dx || dy ? Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}
