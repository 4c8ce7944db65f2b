// From values to pixels and back, and ticks of a stretch that was zoomed into.
export class Scale {
  constructor(log, from, to, start, length) {
    this.log = log;
    this.from = this.turned(from);
    this.start = start;
    this.factor = length / (this.turned(to) - this.from);
  }

  // On a logarithmic axis what is not positive has no place.
  turned(value) { return this.log ? (value > 0 ? Math.log10(value) : NaN) : value; }

  pixel(value) { return this.start + (this.turned(value) - this.from) * this.factor; }

  value(pixel) {
    const turned = this.from + (pixel - this.start) / this.factor;
    return this.log ? 10 ** turned : turned;
  }
}

const steps = [1, 2, 2.5, 5, 10];

export function ticks(log, from, to) {
  if (log && from > 0 && to / from > 20) {
    const result = [];
    for (let power = Math.ceil(Math.log10(from) - 1e-9); 10 ** power <= to * 1.0000001; power++) result.push(10 ** power);
    if (result.length > 2) return result;
    return result.flatMap(value => [value / 5, value / 2, value, value * 2, value * 5]).filter(value => value >= from && value <= to).filter((value, i, all) => all.indexOf(value) === i);
  }
  const raw = (to - from) / 5;
  const decade = 10 ** Math.floor(Math.log10(raw));
  const interval = steps.find(step => step * decade >= raw * 0.999) * decade;
  const result = [];
  for (let i = Math.ceil(from / interval - 1e-9); i * interval <= to * (1 + 1e-9); i++) result.push(Number((i * interval).toPrecision(12)));
  return result;
}
