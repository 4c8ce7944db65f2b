// The ECharts option of a chart: axes, marks and what is still to come. The curves are drawn by chart-curves.js.
import { horizontal } from './echarts-theme.js';
import { tick } from './chart-text.js';
import { ticks } from './chart-scale.js';
import { token } from './chart-curves.js';

const least = 44;
const most = 96;
const letter = 6.3;

export const room = data => ({ left: data.y.log ? 56 : beside(data.y), right: 16, top: 12, bottom: 36 });

// What the longest label of the vertical axis takes.
function beside(of) {
  const labels = of.interval ? Array.from({ length: Math.min(12, Math.round((of.max - of.min) / of.interval) + 1) }, (_, i) => tick(of.min + i * of.interval, of)) : [tick(of.max, of)];
  return Math.min(most, Math.max(least, Math.ceil(Math.max(...labels.map(label => label.length)) * letter) + 14));
}

export function option(data, zoom, width) {
  return {
    animation: false,
    grid: { ...room(data), containLabel: false, outerBoundsMode: 'none' },
    xAxis: { ...horizontal, ...(zoom ? stretch(data.x, zoom) : axis(data.x, { alignMinLabel: 'left', alignMaxLabel: 'right' })), name: data.x.name },
    yAxis: axis(data.y),
    series: [background(data, zoom, width)],
  };
}

function axis(of, more) {
  return {
    type: of.log ? 'log' : 'value', min: of.min, max: of.max,
    interval: of.log ? undefined : of.interval ?? undefined,
    axisLabel: { formatter: value => tick(value, of), showMinLabel: true, showMaxLabel: true, customValues: undefined, ...more },
  };
}

// A stretch has ticks at round numbers, not at its ends.
function stretch(of, [from, to]) {
  const at = ticks(of.log, from, to);
  const near = { ...of, log: false, min: from, max: to, interval: at.length > 1 ? at[1] - at[0] : null };
  return {
    type: of.log ? 'log' : 'value', min: from, max: to, interval: undefined,
    axisTick: { customValues: at },
    axisLabel: { formatter: value => tick(value, of.log && to / from > 20 ? of : near), customValues: at, showMinLabel: null, showMaxLabel: null, alignMinLabel: null, alignMaxLabel: null },
  };
}

// A series without points carries what lies behind the curves.
function background(data, zoom, width) {
  const told = readable(data, zoom, width);
  const [from, to] = zoom ?? [data.x.min, data.x.max];
  const inside = data.marks.filter(m => m.at >= from && m.at <= to);
  const vertical = inside.map(m => ({ xAxis: m.at, label: { show: told.has(m), formatter: m.text, position: data.marksBelow ? 'insideStartTop' : 'insideEndTop', rotate: 0, align: rightward(m, data, zoom) ? 'right' : 'left', verticalAlign: data.marksBelow ? 'bottom' : 'top', padding: [2, 6], distance: 0 } }));
  const level = data.levels.map(m => ({ yAxis: m.at, lineStyle: { type: [5, 4], color: token('text-3') }, label: { formatter: m.text, position: 'insideEndBottom', distance: 2 } }));
  const future = data.futureFrom === null || data.futureFrom === undefined || data.futureFrom >= to ? undefined
    : { silent: true, animation: false, z: -1, itemStyle: { color: token('sunken') }, data: [[{ xAxis: Math.max(from, data.futureFrom) }, { xAxis: to }]] };
  return { id: 'background', type: 'line', data: [], silent: true, animation: false, markLine: { silent: true, animation: false, data: [...vertical, ...level] }, markArea: future };
}

// A word stands left of a mark in the right part of the chart.
const rightward = (mark, data, zoom) => share(mark.at, data, zoom) > 0.6;

function share(at, data, zoom) {
  const [from, to] = zoom ?? [data.x.min, data.x.max];
  const turned = value => data.x.log ? Math.log10(Math.max(value, 1e-12)) : value;
  return (turned(at) - turned(from)) / (turned(to) - turned(from));
}

// The marks whose words have room: from the left, each as wide as its word, on the side that option() puts it.
function readable(data, zoom, width) {
  if (data.marksMute) return new Set();
  const space = width - 60;
  const told = new Set();
  let free = -Infinity;
  for (const mark of [...data.marks].sort((a, b) => a.at - b.at)) {
    const x = share(mark.at, data, zoom) * space;
    const wide = mark.text.length * 6 + 12;
    const left = rightward(mark, data, zoom) ? x - wide : x;
    if (left < free || left < 0 || left + wide > space) continue;
    told.add(mark);
    free = left + wide;
  }
  return told;
}
