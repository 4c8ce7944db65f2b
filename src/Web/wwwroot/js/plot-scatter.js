// Runs as points of two quantities.
import { horizontal } from './echarts-theme.js';
import { number, tick } from './chart-text.js';
import { token } from './chart-curves.js';

const quoted = text => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const axis = of => ({ type: of.log ? 'log' : 'value', min: of.min, max: of.max, interval: of.log ? undefined : of.interval ?? undefined, axisLabel: { formatter: value => tick(value, of), showMinLabel: true, showMaxLabel: true } });

function option(data, head) {
  const points = data.points.map(p => ({ value: [p.x, p.y], itemStyle: { color: token(p.color), borderColor: token('surface'), borderWidth: 1 } }));
  return {
    animation: false,
    grid: { left: data.y.log ? 56 : 48, right: 24, top: 28 + head, bottom: 36, outerBoundsMode: 'none' },
    xAxis: { ...horizontal, ...axis(data.x), name: data.x.name + (data.x.log ? ', log scale' : '') },
    yAxis: { ...axis(data.y), name: data.y.name + (data.y.log ? ', log scale' : ''), nameLocation: 'end', nameGap: 10, nameTextStyle: { align: 'left', padding: [0, 0, 0, -36] } },
    series: [
      { id: 'points', type: 'scatter', symbolSize: 10, data: points, emphasis: { scale: 1.5, itemStyle: { borderColor: token('text'), borderWidth: 1.5 } }, z: 3 },
      { id: 'trend', type: 'line', silent: true, symbol: 'none', data: data.trend, lineStyle: { color: token('text-2'), width: 1.25, type: [5, 4] }, z: 2 },
    ],
  };
}

function read(plot, i) {
  const line = plot.figure.querySelector('[data-readline]');
  plot.rest ??= line.textContent;
  const p = plot.data.points[i];
  if (plot.at !== null && plot.at !== undefined) plot.instance.dispatchAction({ type: 'downplay', seriesId: 'points', dataIndex: plot.at });
  plot.at = p ? i : null;
  if (p) plot.instance.dispatchAction({ type: 'highlight', seriesId: 'points', dataIndex: i });
  const unit = of => of.unit === 'Share' ? ' %' : '';
  const text = p ? `${p.name}: ${plot.data.x.name} ${number(p.x, plot.data.x.unit)}${unit(plot.data.x)}, ${plot.data.y.name} ${number(p.y, plot.data.y.unit)}${unit(plot.data.y)}${p.said === p.name ? '' : `, ${p.said}`}` : plot.rest;
  // The text node is the server's: only its text is exchanged.
  line.firstChild.data = text;
  return text;
}

export const scatter = {
  option,
  attach(plot) {
    plot.at = null;
    plot.instance.on('mouseover', event => { if (event.seriesId === 'points') read(plot, event.dataIndex); });
    plot.instance.on('mouseout', event => { if (event.seriesId === 'points') read(plot, -1); });
    plot.instance.on('click', event => { if (event.seriesId === 'points') plot.send('PickedAsync', plot.data.points[event.dataIndex].id); });
  },
  listen(plot) {
    const order = () => plot.data.points.map((p, i) => [p, i]).sort(([a], [b]) => a.x - b.x || a.y - b.y).map(([, i]) => i);
    plot.box.addEventListener('keydown', event => {
      const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
      const all = order();
      if (event.key === 'Enter' && plot.at !== null) plot.send('PickedAsync', plot.data.points[plot.at].id);
      else if (event.key in steps && all.length) {
        const here = all.indexOf(plot.at);
        const next = here < 0 ? (steps[event.key] > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + steps[event.key]));
        plot.figure.querySelector('[data-said]').textContent = read(plot, all[next]);
      } else return;
      event.preventDefault();
    }, { signal: plot.ended.signal });
    plot.box.addEventListener('blur', () => read(plot, -1), { signal: plot.ended.signal });
  },
  csv: data => [['run', 'name', data.x.name, data.y.name, data.colorTitle].map(quoted).join(','), ...data.points.map(p => [p.id, quoted(p.name), p.x, p.y, quoted(p.said)].join(','))].join('\r\n') + '\r\n',
};
