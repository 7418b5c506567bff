// The perceptron, as in models/chapter/perceptron.py: its output is 1 if w.x + b > 0, else 0.
//
// At exactly 0 a rounding error would change the output, so sums are computed exactly: a number stands for the shortest
// decimal that reads as the same number, which is what a person typed.

/** @typedef {{whole: bigint, places: number}} Decimal A whole number divided by a power of ten. */

/** @param {number} number */
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
 * @type {(x: readonly number[], w: readonly number[], b: number) => { whole: bigint; places: number; }}
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
 * @type {(x: readonly number[], w: readonly number[], b: number) => 1 | 0}
 */
export function perceptron(x, w, b) {
  return exactSum(x, w, b).whole > 0n ? 1 : 0;
}

/**
 * Return w.x + b: the exact sum, rounded once.
 * @type {(x: readonly number[], w: readonly number[], b?: number) => number}
 */
export function weightedSum(x, w, b = 0) {
  const { whole, places } = exactSum(x, w, b);
  return Number(`${whole}e-${places}`);
}

/** Return all rows of n zeros and ones, in counting order. @type {(n: number) => number[][]} */
export function allInputs(n) {
  return Array.from({ length: 2 ** n }, (_, row) =>
    Array.from({ length: n }, (_, place) => (row >> (n - 1 - place)) & 1),
  );
}

// The line w.x + b = 0 of a perceptron with two inputs, in a square frame, as in stages/demos/shared/square.py.

export const LOW = -0.5;
export const HIGH = 1.5;

const CORNERS = [
  [LOW, LOW],
  [HIGH, LOW],
  [HIGH, HIGH],
  [LOW, HIGH],
];
const CENTRE = [0.5, 0.5];

/** @typedef {number[]} Point */

/**
 * Return the corners of the part of the frame where w.x + b > 0.
 * @param {number[]} w
 * @param {number} b
 */
export function sideAbove(w, b) {
  return CORNERS.flatMap((here, place) => [
    ...(above(here, w, b) > 0 ? [here] : []),
    ...crossing(here, CORNERS[(place + 1) % 4], w, b),
  ]);
}

/** Return the two ends of the line in the frame, or none. @type {(w: number[], b: number) => number[][]} */
export function lineEnds(w, b) {
  return CORNERS.flatMap((here, place) => crossing(here, CORNERS[(place + 1) % 4], w, b));
}

/**
 * Return the point of the line that is nearest to the centre of the frame; the centre if there is no line.
 * @type {(w: number[], b: number) => number[]}
 */
export function nearestPoint(w, b) {
  const square = w[0] * w[0] + w[1] * w[1];
  if (!square) return CENTRE;
  const away = above(CENTRE, w, b) / square;
  return [CENTRE[0] - away * w[0], CENTRE[1] - away * w[1]];
}

/** Return the bias with which the line goes through a point. @type {(w: number[], point: Point) => number} */
export function biasThrough(w, point) {
  return -(w[0] * point[0] + w[1] * point[1]);
}

/** @type {(point: Point, w: number[], b: number) => number} */
function above(point, w, b) {
  return point[0] * w[0] + point[1] * w[1] + b;
}

/**
 * Return where the line crosses an edge, as a list of one point or none.
 * @type {(here: Point, there: Point, w: number[], b: number) => number[][]}
 */
function crossing(here, there, w, b) {
  const [z, zThere] = [above(here, w, b), above(there, w, b)];
  if (z > 0 === zThere > 0) return [];
  return [here.map((value, axis) => value + (there[axis] - value) * (z / (z - zThere)))];
}
