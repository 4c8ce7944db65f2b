// Runs as lines across their settings and results.
import { number, tick } from './chart-text.js';
import { token } from './chart-curves.js';

const quoted = text => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

function option(data, head, width) {
  return {
    animation: false,
    parallel: {
      left: 48, right: 56, top: 44 + head, bottom: 20,
      parallelAxisDefault: { nameTextStyle: { color: token('text-2'), fontSize: 11 }, nameGap: 14, axisLine: { show: true, lineStyle: { color: token('axis') } }, axisLabel: { color: token('text-2'), fontSize: 11, textBorderColor: token('surface'), textBorderWidth: 4 }, areaSelectStyle: { width: 18, color: token('accent'), opacity: 0.2, borderColor: token('accent'), borderWidth: 1 } },
    },
    parallelAxis: data.axes.map((a, i) => ({
      dim: i, name: a.name + (a.log ? ', log' : ''), nameTruncate: { maxWidth: Math.max(56, (width - 110) / Math.max(1, data.axes.length - 1) - 8) },
      type: a.log ? 'log' : 'value', min: a.min, max: a.max, minInterval: a.words.length ? 1 : undefined,
      axisLabel: { formatter: value => a.words.length ? a.words[Math.round(value)] ?? '' : a.log && values(data, i) ? number(value, a.unit) : tick(value, { ...a, interval: null, max: a.max }), ...(a.log ? { customValues: values(data, i) } : {}) },
      ...(a.log ? { axisTick: { customValues: values(data, i) } } : {}),
    })),
    series: [{
      id: 'runs', type: 'parallel', inactiveOpacity: 0.06, activeOpacity: 0.9, smooth: false,
      lineStyle: { width: data.lines.length > 40 ? 1 : 1.5 },
      data: data.lines.map(line => ({ value: line.values.map(value => value ?? '-'), lineStyle: { color: token(line.color), opacity: data.lines.length > 40 ? 0.6 : 0.85 } })),
    }],
  };
}

// The values that occur, where they are few: batch sizes and learning rates are read better than decades.
function values(data, i) {
  const all = [...new Set(data.lines.map(line => line.values[i]).filter(value => value !== null))].sort((a, b) => a - b);
  return all.length <= 8 ? all : undefined;
}

export const parallel = {
  option,
  attach(plot) {
    plot.instance.on('axisareaselected', () => {
      const series = plot.instance.getModel().getSeriesByIndex(0);
      const active = series.getRawIndicesByActiveState('active');
      const chosen = plot.instance.getOption().parallelAxis.length && active.length < plot.data.lines.length ? active : [];
      const line = plot.figure.querySelector('[data-readline]');
      plot.rest ??= line.textContent;
      line.firstChild.data = chosen.length ? `${chosen.length} of ${plot.data.lines.length} runs are inside.` : plot.rest;
      plot.send('BrushedAsync', chosen.map(i => plot.data.lines[i].id));
    });
  },
  listen() {},
  csv: data => [['run', 'name', ...data.axes.map(a => a.name)].map(quoted).join(','),
    ...data.lines.map(line => [line.id, quoted(line.name), ...line.values.map((value, i) => value === null ? '' : data.axes[i].words.length ? quoted(data.axes[i].words[value]) : value)].join(','))].join('\r\n') + '\r\n',
};
