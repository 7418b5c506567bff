// The line w.x + b = 0 of a perceptron with two inputs, in a square frame, as in stages/demos/perceptrons/square.py.

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
 * @returns {Point[]}
 */
export function sideAbove(w, b) {
  return CORNERS.flatMap((here, place) => [
    ...(above(here, w, b) > 0 ? [here] : []),
    ...crossing(here, CORNERS[(place + 1) % 4], w, b),
  ]);
}

/**
 * Return the two ends of the line in the frame, or none.
 * @param {number[]} w
 * @param {number} b
 * @returns {Point[]}
 */
export function lineEnds(w, b) {
  return CORNERS.flatMap((here, place) => crossing(here, CORNERS[(place + 1) % 4], w, b));
}

/**
 * Return the point of the line that is nearest to the centre of the frame; the centre if there is no line.
 * @param {number[]} w
 * @param {number} b
 * @returns {Point}
 */
export function nearestPoint(w, b) {
  const square = w[0] * w[0] + w[1] * w[1];
  if (!square) return CENTRE;
  const away = above(CENTRE, w, b) / square;
  return [CENTRE[0] - away * w[0], CENTRE[1] - away * w[1]];
}

/**
 * Return the bias with which the line goes through a point.
 * @param {number[]} w
 * @param {Point} point
 */
export function biasThrough(w, point) {
  return -(w[0] * point[0] + w[1] * point[1]);
}

/**
 * @param {Point} point
 * @param {number[]} w
 * @param {number} b
 */
function above(point, w, b) {
  return point[0] * w[0] + point[1] * w[1] + b;
}

/**
 * Return where the line crosses an edge, as a list of one point or none.
 * @param {Point} here
 * @param {Point} there
 * @param {number[]} w
 * @param {number} b
 * @returns {Point[]}
 */
function crossing(here, there, w, b) {
  const [z, zThere] = [above(here, w, b), above(there, w, b)];
  if (z > 0 === zThere > 0) return [];
  return [here.map((value, axis) => value + (there[axis] - value) * (z / (z - zThere)))];
}
