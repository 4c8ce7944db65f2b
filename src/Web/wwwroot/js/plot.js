// The browser's half of ScatterChart and ParallelChart.
import * as echarts from '../lib/echarts/echarts.min.mjs';
import { trackerTheme } from './echarts-theme.js';
import { save } from './chart-export.js';
import { scatter } from './plot-scatter.js';
import { parallel } from './plot-parallel.js';

const plots = new Map();
const themeName = 'tracker-plot';
const kinds = { scatter, parallel };
echarts.registerTheme(themeName, trackerTheme());

export function create(figure, kind, data, owner) {
  // The page may have been left while this call was on its way, or while that to dispose was.
  for (const other of plots.keys()) if (!other.isConnected) dispose(other);
  if (!figure?.isConnected) return;
  // Asked for twice when the answer to the first call was lost with the connection.
  dispose(figure);
  const plot = { figure, box: figure.querySelector('[data-plot]'), kind: kinds[kind], data, ended: new AbortController(), send: (name, value) => { if (plots.has(figure)) owner.invokeMethodAsync(name, value); } };
  plots.set(figure, plot);
  start(plot);
  plot.kind.listen(plot);
  plot.resize = new ResizeObserver(() => {
    if (plot.box.clientWidth === plot.instance.getWidth() || !plot.box.clientWidth) return;
    plot.instance.resize();
    draw(plot);
  });
  plot.resize.observe(plot.box);
}

export function update(figure, data) {
  const plot = plots.get(figure);
  if (!plot) return;
  plot.data = data;
  draw(plot);
}

export function dispose(figure) {
  const plot = plots.get(figure);
  if (!plot) return;
  plots.delete(figure);
  plot.ended.abort();
  plot.resize.disconnect();
  plot.instance.dispose();
}

export function download(figure, format, name) {
  const plot = plots.get(figure);
  if (!plot) return;
  if (format === 'csv') { save(`${name}.csv`, new Blob([plot.kind.csv(plot.data)], { type: 'text/csv' })); return; }
  const ground = getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();
  const box = Object.assign(document.createElement('div'), { style: `position:fixed;left:-9999px;width:${Math.max(720, plot.box.clientWidth)}px;height:${plot.box.clientHeight + 40}px` });
  document.body.append(box);
  const copy = echarts.init(box, themeName, { renderer: format === 'svg' ? 'svg' : 'canvas' });
  try {
    const option = plot.kind.option(plot.data, 36, box.clientWidth);
    copy.setOption({ ...option, backgroundColor: ground, title: { text: plot.figure.getAttribute('aria-label'), left: 8, top: 6, textStyle: { fontSize: 14, fontWeight: 600 } } });
    if (format === 'svg') save(`${name}.svg`, new Blob([copy.renderToSVGString()], { type: 'image/svg+xml' }));
    else {
      const [, body] = copy.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: ground }).split(',');
      save(`${name}.png`, new Blob([Uint8Array.from(atob(body), c => c.charCodeAt(0))], { type: 'image/png' }));
    }
  } finally {
    copy.dispose();
    box.remove();
  }
}

function start(plot) {
  plot.instance = echarts.init(plot.box, themeName, { renderer: 'canvas' });
  plot.kind.attach(plot);
  draw(plot);
}

function draw(plot) {
  plot.instance.setOption(plot.kind.option(plot.data, 0, plot.box.clientWidth), { notMerge: true });
}

new MutationObserver(() => {
  echarts.registerTheme(themeName, trackerTheme());
  for (const plot of plots.values()) {
    plot.instance.dispose();
    start(plot);
  }
}).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
