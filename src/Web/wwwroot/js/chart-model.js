// What the server sent, as typed arrays. ChartWire.cs writes the messages: only what changed, numbers in one block of doubles.
const columns = ['ys', 'low', 'high', 'smallest', 'largest', 'raw'];
const nothing = new Float64Array(0);

// A new state; the former one stays as it was, since a chart may go on showing it.
export function apply(data, message, bytes) {
  const numbers = new Float64Array(bytes.slice().buffer);
  const series = new Map((data?.series ?? []).map(s => [s.id, s]));
  for (const change of message.series) series.set(change.id, extended(series.get(change.id), change, numbers));
  const order = message.order ?? data.series.map(s => s.id);
  return { ...data, ...message.frame, series: order.map(id => series.get(id)) };
}

function extended(old, { id, look, keep, count, xs, columns: offsets }, numbers) {
  const joined = (before, offset) => {
    const values = new Float64Array(keep + count);
    values.set(before.subarray(0, keep));
    values.set(numbers.subarray(offset, offset + count), keep);
    return values;
  };
  const result = { ...old, ...look, id, xs: joined(old?.xs ?? nothing, xs) };
  for (const name of columns) result[name] = offsets[name] === undefined ? null : joined(old?.[name] ?? nothing, offsets[name]);
  return result;
}

export function lowerBound(xs, x) {
  let low = 0, high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1; else high = middle;
  }
  return low;
}

// A series has a value at x from its first point to its last: that of the last point not after x.
export function indexAt({ xs, ys }, x) {
  if (!xs.length || x < xs[0]) return -1;
  let i = lowerBound(xs, x);
  if (i === xs.length || xs[i] > x) i--;
  while (i >= 0 && !Number.isFinite(ys[i])) i--;
  return i;
}

export const lastIndex = series => indexAt(series, Infinity);

export const visible = chart => chart.shown.series.filter(s => !s.silent && !chart.hidden.has(s.id));
