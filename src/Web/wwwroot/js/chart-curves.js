// The curves of a chart: ECharts draws axes and marks, and these shapes lie on its canvas. One path a curve, straight from the typed arrays:
// a hundred curves cost what their pixels cost, where a hundred ECharts series cost a layout each at every frame of a zoom.
import * as echarts from '../lib/echarts/echarts.min.mjs';
import { Scale } from './chart-scale.js';
import { lastIndex, lowerBound } from './chart-model.js';

const looks = {
  Line: { width: 1.75, opacity: 1 },
  Thin: { width: 1.25, opacity: 1 },
  Steps: { width: 1.75, opacity: 1 },
  Dots: { width: 0, opacity: 1 },
  Fit: { width: 1.25, opacity: 0.75 },
  Plan: { width: 1.25, opacity: 0.6 },
};
const crowd = 30;

export const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const shapeOf = (type, buildPath) => {
  const shape = echarts.graphic.extendShape({ type, shape: {}, buildPath });
  // The pointer is followed elsewhere; asking each curve whether it is hit costs more than drawing it.
  shape.prototype.contain = () => false;
  return shape;
};

// The points from one before the stretch to one after it.
function stretch({ xs, sx }) {
  const first = sx.log ? 10 ** sx.from : sx.from;
  const last = sx.value(sx.start + sx.length);
  return [Math.max(0, lowerBound(xs, first) - 1), Math.min(xs.length, lowerBound(xs, last) + 2)];
}

const CurveShape = shapeOf('curve', (path, shape) => {
  const { xs, ys, sx, sy, stepped } = shape;
  const [begin, end] = stretch(shape);
  let down = false, before = 0;
  for (let i = begin; i < end; i++) {
    const x = sx.pixel(xs[i]), y = sy.pixel(ys[i]);
    if (!Number.isFinite(x) || !Number.isFinite(y)) { down = false; continue; }
    if (!down) path.moveTo(x, y);
    else {
      if (stepped) path.lineTo(x, before);
      path.lineTo(x, y);
    }
    down = true;
    before = y;
  }
});

const BandShape = shapeOf('band', (path, shape) => {
  const { xs, low, high, sx, sy } = shape;
  const [begin, end] = stretch(shape);
  // A lower edge below zero has no place on a logarithmic axis: the band goes to the bottom there.
  const bottom = sy.start;
  const edge = value => { const y = sy.pixel(value); return Number.isFinite(y) ? y : bottom; };
  for (let i = begin; i < end;) {
    while (i < end && !(Number.isFinite(low[i]) && Number.isFinite(sy.pixel(high[i])) && Number.isFinite(sx.pixel(xs[i])))) i++;
    const from = i;
    while (i < end && Number.isFinite(low[i]) && Number.isFinite(sy.pixel(high[i]))) i++;
    if (i - from < 2) continue;
    path.moveTo(sx.pixel(xs[from]), sy.pixel(high[from]));
    for (let k = from + 1; k < i; k++) path.lineTo(sx.pixel(xs[k]), sy.pixel(high[k]));
    for (let k = i - 1; k >= from; k--) path.lineTo(sx.pixel(xs[k]), edge(low[k]));
    path.closePath();
  }
});

const DotsShape = shapeOf('dots', (path, shape) => {
  const { xs, ys, sx, sy, radius } = shape;
  const [begin, end] = stretch(shape);
  for (let i = begin; i < end; i++) {
    const x = sx.pixel(xs[i]), y = sy.pixel(ys[i]);
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, Math.PI * 2);
  }
});

// Where a value was measured that is no finite number: a cross at the height of the last one that was.
const FaultsShape = shapeOf('faults', (path, shape) => {
  const { xs, ys, sx, sy } = shape;
  const [begin, end] = stretch(shape);
  let y = sy.start;
  for (let i = begin; i < end; i++) {
    const here = sy.pixel(ys[i]);
    if (Number.isFinite(here)) y = here;
    if (Math.abs(ys[i]) !== Infinity) continue;
    const x = sx.pixel(xs[i]);
    path.moveTo(x - 3, y - 3); path.lineTo(x + 3, y + 3);
    path.moveTo(x - 3, y + 3); path.lineTo(x + 3, y - 3);
  }
});

export function scales(data, zoom, { x, y, width, height }) {
  const [from, to] = zoom ?? [data.x.min, data.x.max];
  const sx = new Scale(data.x.log, from, to, x, width);
  sx.length = width;
  return { sx, sy: new Scale(data.y.log, data.y.min, data.y.max, y + height, -height) };
}

// A group of shapes for all series that are not hidden.
export function curves(data, hidden, zoom, rect, level = curveLevel) {
  const { sx, sy } = scales(data, zoom, rect);
  const colors = new Map();
  const color = name => colors.get(name) ?? colors.set(name, token(name)).get(name);
  const group = new echarts.graphic.Group({ silent: true });
  // The dot at the end of a curve may lie half outside.
  group.setClipPath(new echarts.graphic.Rect({ shape: { x: rect.x - 5, y: rect.y - 5, width: rect.width + 10, height: rect.height + 10 } }));
  const inner = new echarts.graphic.Group({ silent: true });
  inner.setClipPath(new echarts.graphic.Rect({ shape: { ...rect } }));
  group.add(inner);
  const shown = data.series.filter(s => !hidden.has(s.id));
  const many = data.series.length - hidden.size > crowd;
  const context = { sx, sy, color, many, opacity: Number(token('band')) };
  for (const series of shown) for (const [part, outside] of parts(series, context)) {
    part.attr('zlevel', level);
    (outside ? group : inner).add(part);
  }
  return { group, sx, sy };
}

function* parts(series, { sx, sy, color, many, opacity }) {
  const base = { sx, sy, xs: series.xs };
  const look = looks[series.style];
  const paint = color(series.color);
  const stepped = series.style === 'Steps' || series.style === 'Plan';
  const line = (ys, style, z2) => new CurveShape({ silent: true, z: 3, z2, shape: { ...base, ys, stepped }, style: { fill: null, stroke: paint, lineJoin: many ? 'bevel' : 'round', ...style } });
  if (series.smallest) yield [new BandShape({ silent: true, z: 3, z2: 0, shape: { ...base, low: series.smallest, high: series.largest }, style: { fill: paint, opacity: opacity * 0.7 } })];
  if (series.low && !many) yield [new BandShape({ silent: true, z: 3, z2: 1, shape: { ...base, low: series.low, high: series.high }, style: { fill: paint, opacity } })];
  if (series.raw && !many) yield [line(series.raw, { lineWidth: 1, opacity: 0.28 }, 2)];
  if (series.style === 'Dots') yield [new DotsShape({ silent: true, z: 3, z2: 4, shape: { ...base, ys: series.ys, radius: 2.5 }, style: { fill: paint } })];
  else {
    // Dashes cost three times a whole line, and nobody tells them apart in a crowd; the curve that stands out has them.
    const dash = series.style === 'Fit' || series.style === 'Plan' ? [5, 4] : series.dash.length && !many ? series.dash : null;
    const width = many && series.style === 'Line' ? 1.25 : look.width;
    // Round ends would close the gaps of a dotted line.
    yield [line(series.ys, { lineWidth: width, opacity: series.silent && series.style === 'Thin' ? 0.5 : look.opacity, lineDash: dash, lineCap: dash || many ? 'butt' : 'round' }, series.style === 'Fit' || series.style === 'Thin' ? 3 : 4)];
  }
  if (series.ys.includes(Infinity)) yield [new FaultsShape({ silent: true, z: 3, z2: 5, shape: { ...base, ys: series.ys }, style: { fill: null, stroke: paint, lineWidth: 1.5 } })];
  const last = lastIndex(series);
  if (series.endDot && last >= 0) {
    const [x, y] = [sx.pixel(series.xs[last]), sy.pixel(series.ys[last])];
    const inside = x >= sx.start - 1 && x <= sx.start + sx.length + 1;
    if (inside && Number.isFinite(y)) yield [new echarts.graphic.Circle({ silent: true, z: 3, z2: 6, shape: { cx: x, cy: y, r: many ? 2.5 : 4 }, style: { fill: paint, stroke: color('surface'), lineWidth: many ? 1 : 2 } }), true];
  }
}

// The curves have a canvas of their own, and the one that stands out another above it: fading the others is left to CSS, which draws none of them again.
export const curveLevel = 1;
export const litLevel = 2;
