// Functions of one or two variables, their gradients, and gradient descent, as in models/chapter/test_functions.py.

/** Gradient descent has diverged if a coordinate exceeds this. */
export const DIVERGENCE_RADIUS = 1e6;

/**
 * @typedef {object} TestFunction
 * @property {(v: number[]) => number} value
 * @property {(v: number[]) => number[]} gradient
 * @property {number[]} start
 * @property {number[]} etas Too small, good, and too large.
 * @property {number} lowest The minimum.
 * @property {number} reach The largest coordinate to plot.
 */

/** @param {number} x */
const square = (x) => x * x;

/** @type {Record<string, TestFunction>} */
export const TEST_FUNCTIONS = {
  parabola: {
    value: ([v]) => square(v),
    gradient: ([v]) => [2 * v],
    start: [2],
    etas: [0.02, 0.3, 1.05],
    lowest: 0,
    reach: 3,
  },
  "two-valleys": {
    value: ([v]) => square(square(v) - 1) + 0.3 * v,
    gradient: ([v]) => [4 * v * (square(v) - 1) + 0.3],
    start: [1.8],
    etas: [0.005, 0.05, 0.13],
    lowest: -0.305428483743916,
    reach: 2,
  },
  bowl: {
    value: ([x, y]) => square(x) + square(y),
    gradient: ([x, y]) => [2 * x, 2 * y],
    start: [-2, 1.5],
    etas: [0.02, 0.3, 1.05],
    lowest: 0,
    reach: 3,
  },
  narrow: {
    value: ([x, y]) => (square(x) + 20 * square(y)) / 2,
    gradient: ([x, y]) => [x, 20 * y],
    start: [-2.5, 1],
    etas: [0.005, 0.09, 0.105],
    lowest: 0,
    reach: 3,
  },
  banana: {
    value: ([x, y]) => square(1 - x) + 10 * square(y - square(x)),
    gradient: ([x, y]) => [-2 * (1 - x) - 40 * x * (y - square(x)), 20 * (y - square(x))],
    start: [-1, 1.5],
    etas: [0.001, 0.02, 0.05],
    lowest: 0,
    reach: 2,
  },
};

/** Return whether gradient descent has diverged at a position. @type {(v: number[]) => boolean} */
function hasDiverged(v) {
  return Math.max(...v.map(Math.abs)) > DIVERGENCE_RADIUS;
}

/**
 * Return the positions of gradient descent, `steps` + 1 of them, or fewer if it diverges.
 * @type {(valley: TestFunction, start: number[], eta: number, steps: number) => number[][]}
 */
export function descend(valley, start, eta, steps) {
  const path = [start];
  for (let step = 0; step < steps && !hasDiverged(path[step]); step++) {
    const slope = valley.gradient(path[step]);
    path.push(path[step].map((value, axis) => value - eta * slope[axis]));
  }
  return path;
}

// What has become of the ball, as the demonstration gradient-descent says it.

/** The ball is nearly at rest if the slope is below this share of the slope at its start. */
const AT_REST = 0.01;

/** Positions that differ by less than this share of a step are equal, up to rounding errors. */
const ROUNDING = 1e-9;

/**
 * Return a word for a path: diverged, bounces, higher, jumps, moving, stuck (not in the lowest place) or lowest.
 * @param {TestFunction} valley
 * @param {number[][]} path
 */
export function outcome(valley, path) {
  const cost = path.map(valley.value);
  const [first, last] = [path[0], path[path.length - 1]];
  const [firstCost, lastCost] = [cost[0], cost[cost.length - 1]];
  const [firstSlope, lastSlope] = [first, last].map((v) => Math.hypot(...valley.gradient(v)));
  const moving = lastSlope > AT_REST * firstSlope;
  const half = Math.floor(cost.length / 2);
  if (hasDiverged(last)) return "diverged";
  if (moving && bounces(path)) return "bounces";
  if (lastCost > firstCost) return "higher";
  if (moving && cost.some((value, step) => step > half && value > cost[step - 1])) return "jumps";
  if (moving) return "moving";
  return lastCost - valley.lowest > AT_REST * Math.max(firstCost - valley.lowest, 1e-9) ? "stuck" : "lowest";
}

/**
 * Return whether the last step took a coordinate back to where it was two steps before.
 * @param {number[][]} path
 */
function bounces(path) {
  if (path.length < 3) return false;
  const [before, between, last] = path.slice(-3);
  return last.some((value, axis) => {
    const step = Math.abs(value - between[axis]);
    return step > 0 && Math.abs(value - before[axis]) <= ROUNDING * step;
  });
}
