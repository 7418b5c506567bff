// The perceptron, as in models/chapter/perceptron.py: its output is 1 if w.x + b > 0, else 0.
//
// At exactly 0 a rounding error would change the output, so sums are computed exactly: a number stands for the shortest
// decimal that reads as the same number, which is what a person typed.

/** @typedef {{whole: bigint, places: number}} Decimal A whole number divided by a power of ten. */

/**
 * @param {number} number
 * @returns {Decimal}
 */
function decimal(number) {
  const parts = /^(-?\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(number));
  if (!parts) throw new RangeError(`not a finite number: ${number}`);
  const [, digits, fraction = "", exponent = "0"] = parts;
  const places = fraction.length - Number(exponent);
  const whole = BigInt(digits + fraction);
  return places < 0 ? { whole: whole * 10n ** BigInt(-places), places: 0 } : { whole, places };
}

/**
 * Return w.x + b, exactly.
 * @param {readonly number[]} x
 * @param {readonly number[]} w
 * @param {number} b
 * @returns {Decimal}
 */
function exactSum(x, w, b) {
  const products = w.map((weight, place) => {
    const [one, other] = [decimal(weight), decimal(x[place])];
    return { whole: one.whole * other.whole, places: one.places + other.places };
  });
  const terms = [...products, decimal(b)];
  const places = Math.max(...terms.map((term) => term.places));
  const whole = terms.reduce((sum, term) => sum + term.whole * 10n ** BigInt(places - term.places), 0n);
  return { whole, places };
}

/**
 * Return the output of a perceptron, 0 or 1.
 * @param {readonly number[]} x
 * @param {readonly number[]} w
 * @param {number} b
 */
export function perceptron(x, w, b) {
  return exactSum(x, w, b).whole > 0n ? 1 : 0;
}

/**
 * Return w.x + b: the exact sum, rounded once.
 * @param {readonly number[]} x
 * @param {readonly number[]} w
 * @param {number} b
 */
export function weightedSum(x, w, b = 0) {
  const { whole, places } = exactSum(x, w, b);
  return Number(`${whole}e-${places}`);
}

/**
 * Return all rows of n zeros and ones, in counting order.
 * @param {number} n
 */
export function allInputs(n) {
  return Array.from({ length: 2 ** n }, (_, row) =>
    Array.from({ length: n }, (_, place) => (row >> (n - 1 - place)) & 1),
  );
}
