// Scales of axes: from numbers to places on a drawing, round numbers for the ticks, and numbers as texts.

/** @typedef {(value: number) => number} Scale */

/**
 * Return a scale that takes the ends of a range to two places; it is logarithmic on request.
 * @param {number[]} range
 * @param {number[]} places
 * @param {boolean} log
 * @returns {Scale}
 */
export function scale([low, high], [from, to], log = false) {
  if (log) {
    const linear = scale([Math.log10(low), Math.log10(high)], [from, to]);
    return (value) => linear(Math.log10(value));
  }
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/**
 * Return round numbers of a range, some `most` at most, for the ticks of a linear axis.
 * @param {number[]} range
 * @param {number} most
 */
export function ticks([low, high], most = 6) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/**
 * Return the powers of ten of a range, every second or third one if they are many, for a logarithmic axis.
 * @param {number[]} range
 */
export function powersOfTen([low, high]) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (!Number.isFinite(last - first)) return [];
  const every = Math.max(1, Math.ceil((last - first) / 6));
  const powers = [];
  for (let power = first; power <= last; power += every) powers.push(10 ** power);
  return powers;
}

/**
 * Return a number as text with few digits and a real minus sign.
 * @param {number} value
 * @param {number} digits
 * @returns {string}
 */
export function written(value, digits = 4) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "–";
  const size = Math.abs(value);
  const rounded = Number(value.toPrecision(digits));
  if (rounded === 1 && value < 1) return `1 − ${written(1 - value, 2)}`; // an output of a sigmoid never is 1
  const text = size && (size < 1e-4 || size >= 1e7) ? rounded.toExponential() : String(rounded);
  return text.replace("e+", "e").replaceAll("-", "−");
}
