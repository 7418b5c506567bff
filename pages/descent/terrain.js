// A test function and paths of gradient descent on it: from above with colours, or from the side as a curve.

import { heatMap } from "../charts/heat.js";

/** @typedef {import("../charts/plot.js").Plot} Plot */
/** @typedef {import("./test_functions.js").TestFunction} TestFunction */

/** How the path of the reader's eta is drawn, and those that are kept to compare. */
export const LOOKS = [
  { name: "one", curve: "curve", dot: "dot" },
  { name: "two", curve: "second", dot: "dot second" },
  { name: "three", curve: "third", dot: "dot third" },
];

const PIXELS = 240;
const BANDS = 16;
const SAMPLES = 240;

/** The range of the plotted cost, as shares of the first cost. */
const [FLOOR, CEILING] = [1e-8, 1e3];

/** @type {Map<TestFunction, string>} */
const backgrounds = new Map();

/**
 * Draw a function and the paths on it, the last one first, so that the reader's own is on top.
 * @param {Plot} plot
 * @param {TestFunction} valley
 * @param {number[][][]} paths
 * @param {number} eta Of the first path.
 */
export function drawTerrain(plot, valley, paths, eta) {
  if (valley.start.length === 2) drawFromAbove(plot, valley, paths, eta);
  else drawFromTheSide(plot, valley, paths);
}

/**
 * Plot C minus its minimum after each step.
 * @param {Plot} plot
 * @param {TestFunction} valley
 * @param {number[][][]} paths
 * @param {string} xName
 */
export function drawCosts(plot, valley, paths, xName) {
  const above = (/** @type {number[]} */ v) => Math.max(valley.value(v) - valley.lowest, 0);
  const first = above(paths[0][0]) || 1;
  const steps = Math.max(10, ...paths.map((path) => path.length - 1));
  const y = [FLOOR * first, CEILING * first];
  plot.clear({ x: [0, steps], y, xName, yName: "C − min C", logY: true });
  for (const [place, path] of [...paths.entries()].reverse()) {
    const points = path
      .map((v, step) => [step, above(v)])
      .filter(([, cost]) => cost > y[0] && cost < 10 * y[1]);
    plot.curve(points, LOOKS[place].curve);
    if (points.length < 60) plot.dots(points, LOOKS[place].dot, 2.5);
  }
}

/**
 * @param {Plot} plot
 * @param {TestFunction} valley
 * @param {number[][][]} paths
 * @param {number} eta
 */
function drawFromAbove(plot, valley, paths, eta) {
  const range = [-valley.reach, valley.reach];
  plot.clear({ x: range, y: range, xName: "v1", yName: "v2" });
  const background = backgrounds.get(valley) ?? seenFromAbove(valley);
  backgrounds.set(valley, background);
  plot.background(background);
  for (const [place, path] of [...paths.entries()].reverse()) {
    const near = path.map((v) => v.map((value) => Math.min(1e4, Math.max(-1e4, value))));
    plot.curve(near, "casing");
    plot.curve(near, `${LOOKS[place].curve} onmap`);
    plot.dots(near, `${LOOKS[place].dot} onmap`, 3.5);
  }
  const here = paths[0][paths[0].length - 1];
  const slope = valley.gradient(here);
  const next = here.map((value, axis) => Math.min(1e4, Math.max(-1e4, value - eta * slope[axis])));
  if (Math.abs(here[0]) < 1e3 && Math.abs(here[1]) < 1e3) plot.arrow(here, next, "next");
}

/**
 * Return an image of the root of C minus its minimum, in bands: their edges are contours.
 * @param {TestFunction} valley
 */
function seenFromAbove(valley) {
  const place = (/** @type {number} */ pixel) => valley.reach * ((2 * (pixel + 0.5)) / PIXELS - 1);
  const height = (/** @type {number} */ x, /** @type {number} */ y) =>
    Math.sqrt(Math.max(valley.value([x, y]), 0));
  const edge = valley.reach;
  const highest = Math.max(...[-edge, edge].flatMap((x) => [-edge, 0, edge].map((y) => height(x, y))));
  return heatMap(PIXELS, PIXELS, (column, row) => {
    const share = height(place(column), -place(row)) / highest;
    return 1 - Math.floor(share * BANDS) / BANDS;
  });
}

/**
 * @param {Plot} plot
 * @param {TestFunction} valley
 * @param {number[][][]} paths
 */
function drawFromTheSide(plot, valley, paths) {
  const { reach, value, gradient, lowest } = valley;
  const top = Math.max(value([-reach]), value([reach]));
  const y = [lowest - 0.06 * (top - lowest), top];
  plot.clear({ x: [-reach, reach], y, xName: "v", yName: "C" });
  const axis = Array.from({ length: SAMPLES + 1 }, (_, place) => reach * ((2 * place) / SAMPLES - 1));
  plot.curve(
    axis.map((v) => [v, value([v])]),
    "thin ground",
  );
  for (const [place, path] of [...paths.entries()].reverse()) {
    const near = path.filter(([v]) => Math.abs(v) < 1e3).map(([v]) => [v, value([v])]);
    plot.curve(near, LOOKS[place].curve);
    plot.dots(near, LOOKS[place].dot, 3.5);
  }
  const [v] = paths[0][paths[0].length - 1];
  if (Math.abs(v) > reach) return;
  const tangent = (/** @type {number} */ by) => [v + by, value([v]) + by * gradient([v])[0]];
  plot.curve([tangent(-reach / 4), tangent(reach / 4)], "dashed");
}
