// A chart as a file: the picture with its legend, which the page draws in HTML, or the points themselves.
import { option } from './chart-option.js';

const quoted = text => /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export function csv(data) {
  const rows = [['series', data.x.name.split(',')[0], data.y.name, 'low', 'high'].map(quoted).join(',')];
  for (const s of data.series)
    s.xs.forEach((x, i) => rows.push([quoted(s.name), x, s.ys[i] ?? '', s.low?.[i] ?? '', s.high?.[i] ?? ''].join(',')));
  return new Blob([rows.join('\n') + '\n'], { type: 'text/csv' });
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
  const box = Object.assign(document.createElement('div'), { style: `position:fixed;left:-9999px;width:${Math.max(chart.plot.clientWidth, 720)}px;height:${chart.plot.clientHeight + 60}px` });
  document.body.append(box);
  const copy = echarts.init(box, theme, { renderer });
  try {
    const shown = option(chart.data, chart.hidden, chart.zoom, Math.max(chart.plot.clientWidth, 720));
    const named = chart.data.series.filter(s => !s.silent && !chart.hidden.has(s.id)).map(s => s.name);
    copy.setOption({
      ...shown, backgroundColor: ground(), toolbox: undefined,
      title: { text: chart.plot.getAttribute('aria-label'), left: 8, top: 4, textStyle: { fontSize: 14, fontWeight: 600 } },
      legend: { data: named, left: 8, top: 30 },
      grid: { ...shown.grid, top: 70, left: 52 },
    });
    return make(copy);
  } finally {
    copy.dispose();
    box.remove();
  }
}

export function save(name, blob) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
