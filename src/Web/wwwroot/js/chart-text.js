// Numbers in charts, written as Formatting/Numbers.cs writes them.
const minus = text => String(text).replace('-', '−');
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function number(value, unit) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  switch (unit) {
    case 'Share': return minus((value * 100).toFixed(2));
    case 'Count': return minus(Number.isInteger(value) || Math.abs(value) >= 100 ? grouped.format(value) : value.toFixed(1));
    case 'Seconds': return duration(value);
    default: return significant(value);
  }
}

export function tick(value, axis) {
  switch (axis.unit) {
    case 'Share': {
      const decimals = !axis.interval ? 0 : axis.interval < 0.00099 ? 2 : Math.abs(axis.interval * 100 % 1) > 1e-6 && Math.abs(axis.interval * 100 % 1 - 1) > 1e-6 ? 1 : 0;
      // With its unit, the top tick has no room for a zero behind the point.
      return value >= axis.max - 1e-9 ? `${minus(Number((value * 100).toFixed(decimals)))} %` : minus((value * 100).toFixed(decimals));
    }
    case 'Count': return big(value, axis);
    case 'Seconds': return value === 0 ? '0' : duration(value).replace(/ 0 [sm]$/, '');
    default: return axis.log || !axis.interval ? decade(value) : plain(value, axis.interval);
  }
}

function decade(value) {
  if (value === 0) return '0';
  return value >= 1e-4 && value < 1e5 ? minus(String(Number(value.toPrecision(2)))) : minus(value.toExponential(0).replace('e+', 'e'));
}

function plain(value, interval) {
  const decimals = Math.max(0, -Math.floor(Math.log10(interval) + 1e-9));
  const text = value.toFixed(Math.min(decimals + (Math.round(interval / 10 ** -decimals * 10) % 10 ? 1 : 0), 8));
  return minus(text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text);
}

// Along one axis thousands are written one way.
function big(value, { log, max }) {
  const [scale, suffix] = Math.abs(value) >= 999500 ? [1e6, ' M'] : Math.abs(value) >= (log || max >= 9999.5 ? 1000 : 9999.5) ? [1e3, ' k'] : [1, ''];
  const text = scale === 1 ? grouped.format(value) : (value / scale).toFixed(1).replace(/\.0$/, '');
  return minus(text + suffix);
}

function significant(value, digits = 3) {
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent < -4 || exponent > 5) return minus(value.toExponential(digits - 1).replace('e+', 'e'));
  return minus(value.toFixed(Math.max(0, Math.min(10, digits - 1 - exponent))));
}

function duration(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(seconds < 0.05 ? 0 : 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
  const hours = Math.round(seconds / 3600);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
