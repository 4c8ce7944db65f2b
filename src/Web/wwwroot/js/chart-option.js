// The ECharts option of a chart's data.
import { horizontal } from './echarts-theme.js';
import { tick } from './chart-text.js';

const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const looks = {
  Line: { width: 1.75, opacity: 1 },
  Thin: { width: 1.25, opacity: 1 },
  Steps: { width: 1.75, opacity: 1 },
  Dots: { width: 0, opacity: 0 },
  Fit: { width: 1.25, opacity: 0.75 },
  Plan: { width: 1.25, opacity: 0.6 },
};

export function option(data, hidden, zoom, width) {
  return {
    animation: false,
    grid: { left: data.y.log ? 56 : 44, right: 16, top: 12, bottom: 36, containLabel: false },
    xAxis: { ...horizontal, ...axis(data.x, { alignMinLabel: 'left', alignMaxLabel: 'right' }), name: data.x.name },
    yAxis: axis(data.y),
    // Dragging selects a stretch of the x axis; the feature needs a toolbox, whose icons are not wanted.
    toolbox: { show: true, itemSize: 0, top: -40, feature: { dataZoom: { yAxisIndex: false, icon: { zoom: 'path://', back: 'path://' }, title: { zoom: '', back: '' }, brushStyle: { color: token('accent'), opacity: 0.14, borderWidth: 0 } } } },
    dataZoom: [{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: false, moveOnMouseWheel: false, filterMode: 'none', startValue: zoom?.[0] ?? data.x.min, endValue: zoom?.[1] ?? data.x.max }],
    series: [background(data, zoom, width), ...data.series.filter(s => !hidden.has(s.id)).flatMap(s => parts(s, data))],
  };
}

function axis(of, more) {
  return {
    type: of.log ? 'log' : 'value', min: of.min, max: of.max,
    interval: of.log ? undefined : of.interval ?? undefined,
    axisLabel: { formatter: value => tick(value, of), showMinLabel: true, showMaxLabel: true, ...more },
  };
}

// A series without points carries what lies behind the curves.
function background(data, zoom, width) {
  const told = readable(data, zoom, width);
  const vertical = data.marks.map(m => ({ xAxis: m.at, label: { show: told.has(m), formatter: m.text, position: data.marksBelow ? 'insideStartTop' : 'insideEndTop', rotate: 0, align: rightward(m, data) ? 'right' : 'left', verticalAlign: data.marksBelow ? 'bottom' : 'top', padding: [2, 6], distance: 0 } }));
  const level = data.levels.map(m => ({ yAxis: m.at, lineStyle: { type: [5, 4], color: token('text-3') }, label: { formatter: m.text, position: 'insideEndBottom', distance: 2 } }));
  return {
    id: 'background', type: 'line', data: [], silent: true, animation: false,
    markLine: { silent: true, animation: false, data: [...vertical, ...level] },
    markArea: data.futureFrom === null || data.futureFrom === undefined ? undefined
      : { silent: true, animation: false, z: -1, itemStyle: { color: token('sunken') }, data: [[{ xAxis: data.futureFrom }, { xAxis: data.x.max }]] },
  };
}

function parts(series, data) {
  const color = token(series.color);
  const look = looks[series.style];
  const points = series.xs.map((x, i) => [x, series.ys[i]]);
  const result = [];
  if (series.low && series.high) result.push(band(series, color));
  result.push({
    id: series.id, name: series.name, type: 'line', silent: true, animation: false, data: points, clip: true,
    color, symbol: series.style === 'Dots' ? 'circle' : 'none', symbolSize: 5, showAllSymbol: true, itemStyle: { color, opacity: 1 },
    step: series.style === 'Steps' || series.style === 'Plan' ? 'end' : false,
    lineStyle: { color, width: look.width, opacity: look.opacity, type: series.style === 'Fit' || series.style === 'Plan' ? [5, 4] : series.dash.length ? series.dash : 'solid' },
    z: series.style === 'Fit' ? 2 : 3,
  });
  const last = points.findLast(p => p[1] !== null);
  if (series.endDot && last)
    result.push({ id: `${series.id}-end`, type: 'scatter', silent: true, animation: false, data: [last], symbolSize: 9, z: 4, itemStyle: { color, opacity: 1, borderColor: token('surface'), borderWidth: 2 } });
  return result;
}

// A polygon, not two stacked lines: it holds on log axes too.
function band(series, color) {
  const whole = series.xs.map((x, i) => [x, series.low[i], series.high[i]]).filter(p => p[1] !== null && p[2] !== null);
  return {
    id: `${series.id}-band`, type: 'custom', silent: true, animation: false, clip: true, z: 1, data: whole.length ? [whole[0]] : [],
    renderItem: (_, api) => ({
      type: 'polygon',
      shape: { points: [...whole.map(p => api.coord([p[0], p[2]])), ...whole.toReversed().map(p => api.coord([p[0], p[1]]))] },
      style: { fill: color, opacity: Number(token('band')) },
    }),
  };
}

// A word stands left of a mark in the right part of the chart.
const rightward = (mark, data) => (data.x.log ? Math.log10(mark.at / data.x.min) / Math.log10(data.x.max / data.x.min) : (mark.at - data.x.min) / (data.x.max - data.x.min)) > 0.6;

// The marks whose words have room: from the left, each as wide as its word, on the side that option() puts it.
function readable(data, zoom, width) {
  if (data.marksMute) return new Set();
  const [from, to] = zoom ?? [data.x.min, data.x.max];
  const scale = value => data.x.log ? Math.log10(Math.max(value, 1e-12)) : value;
  const room = width - 60;
  const told = new Set();
  let free = -Infinity;
  for (const mark of [...data.marks].sort((a, b) => a.at - b.at)) {
    const x = (scale(mark.at) - scale(from)) / (scale(to) - scale(from)) * room;
    const wide = mark.text.length * 6 + 12;
    const left = rightward(mark, data) ? x - wide : x;
    if (left < free || left < 0 || left + wide > room) continue;
    told.add(mark);
    free = left + wide;
  }
  return told;
}
