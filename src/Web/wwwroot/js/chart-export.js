// A chart as a file: the picture with its legend, which the page draws in HTML, or the points themselves.
import { option, room } from './chart-option.js';
import { curves } from './chart-curves.js';

const quoted = text => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const cell = values => i => values && Number.isFinite(values[i]) ? values[i] : '';

export function csv(data, hidden) {
  const rows = [['series', data.x.name.split(',')[0], data.y.name, 'low', 'high', 'smallest', 'largest', 'unsmoothed'].map(quoted).join(',')];
  for (const s of data.series) {
    if (hidden.has(s.id)) continue;
    const columns = [s.ys, s.low, s.high, s.smallest, s.largest, s.raw].map(cell);
    s.xs.forEach((x, i) => rows.push([quoted(s.name), x, ...columns.map(column => column(i))].join(',')));
  }
  return new Blob([rows.join('\r\n') + '\r\n'], { type: 'text/csv' });
}

export function svg(echarts, theme, chart) {
  return picture(echarts, theme, chart, 'svg', copy => new Blob([copy.renderToSVGString()], { type: 'image/svg+xml' }));
}

export function png(echarts, theme, chart) {
  return picture(echarts, theme, chart, 'canvas', copy => {
    const [head, body] = copy.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: ground() }).split(',');
    return new Blob([Uint8Array.from(atob(body), c => c.charCodeAt(0))], { type: head.slice(5, head.indexOf(';')) });
  });
}

const ground = () => getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();

function picture(echarts, theme, chart, renderer, make) {
  const { shown, hidden, zoom, plot } = chart;
  const width = Math.max(plot.clientWidth, 720);
  const named = shown.series.filter(s => !s.silent && !hidden.has(s.id));
  const legend = keys(echarts, named, width);
  const head = 34 + legend.height;
  const height = Math.max(plot.clientHeight, 200) + head;
  const box = Object.assign(document.createElement('div'), { style: `position:fixed;left:-9999px;width:${width}px;height:${height}px` });
  document.body.append(box);
  const copy = echarts.init(box, theme, { renderer });
  try {
    const margin = room(shown);
    const rect = { x: margin.left, y: margin.top + head, width: width - margin.left - margin.right, height: height - head - margin.top - margin.bottom };
    const drawn = option(shown, zoom, width);
    copy.setOption({ ...drawn, backgroundColor: ground(), title: { text: plot.getAttribute('aria-label'), left: 8, top: 6, textStyle: { fontSize: 14, fontWeight: 600 } }, grid: { ...drawn.grid, top: rect.y } });
    copy.getZr().add(curves(shown, hidden, zoom, rect).group);
    copy.getZr().add(legend.group);
    return make(copy);
  } finally {
    copy.dispose();
    box.remove();
  }
}

// Swatch and name of every curve, in as many columns as fit.
function keys(echarts, named, width) {
  const { Group, Line, Text } = echarts.graphic;
  const style = getComputedStyle(document.documentElement);
  const token = name => style.getPropertyValue(`--${name}`).trim();
  const group = new Group({ silent: true });
  const wide = Math.min(width - 16, 40 + 6.3 * Math.max(0, ...named.map(s => s.name.length)));
  const columns = Math.max(1, Math.floor((width - 16) / wide));
  named.forEach((s, i) => {
    const [x, y] = [8 + (i % columns) * wide, 34 + Math.floor(i / columns) * 16];
    group.add(new Line({ shape: { x1: x, y1: y + 7, x2: x + 16, y2: y + 7 }, style: { stroke: token(s.color), lineWidth: 2.5, lineDash: s.dash.length ? s.dash.map(part => part / 2) : null } }));
    group.add(new Text({ x: x + 22, y, style: { text: s.name, fill: token('text'), fontSize: 11, fontFamily: token('font-sans').replaceAll('"', "'") } }));
  });
  return { group, height: Math.ceil(named.length / columns) * 16 };
}

export function save(name, blob) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
