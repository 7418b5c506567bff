// What has become of the ball, as the demonstration gradient-descent says it.

import { hasDiverged } from "./test_functions.js";

/** @typedef {import("./test_functions.js").TestFunction} TestFunction */

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
