// The live figure of the ball in the valley: gradient descent in one and two variables, step by step.

import { byId, make } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { Handle, heatMap, Plot, written } from "./charts.js";
import { listKind, numberKind, onShow, Player, Setting, wholeKind } from "./controls.js";
import { descend, outcome, TEST_FUNCTIONS } from "./test_functions.js";

/** @import { TestFunction } from "./test_functions.js" */

const MOST_STEPS = 200;
/** How the path of the reader's eta is drawn, and those that are kept to compare. */
const LOOKS = [
  { name: "one", curve: "curve", dot: "dot" },
  { name: "two", curve: "second", dot: "dot second" },
  { name: "three", curve: "third", dot: "dot third" },
];

const MOST_KEPT = LOOKS.length - 1;

const chosen = new Setting("valley.function", "bowl");
const eta = new Setting("valley.eta", 0.3);
/** @type {number[]} */
const none = [];
const start = new Setting("valley.start", none, listKind(0, 2, numberKind(-100, 100)));
const steps = new Setting("valley.steps", 0, wholeKind(0, MOST_STEPS));
const kept = new Setting("valley.kept", none, listKind(0, MOST_KEPT, eta.kind));

/** Start the figure. */
export function startValley() {
  const terrain = new Plot(byId("valley-plot"), 400, 380);
  const costs = new Plot(byId("valley-costs"), 400, 300);
  const ball = new Handle(terrain, "valley-ball", 0.05, moveBall);
  ball.followClicks();
  const player = new Player("valley", {
    done: () => path().length - 1,
    goTo: (step) => steps.set(step),
    last: () => pathOf(eta.value, MOST_STEPS).length - 1,
  });
  const functions = /** @type {HTMLSelectElement} */ (byId("valley-function"));
  functions.addEventListener("input", () => suit(functions.value)); // before it is set, on change
  const etas = [0, 1, 2].map((place) => byId(`valley-eta-${place}`));
  for (const [place, button] of etas.entries()) {
    button.addEventListener("click", () => {
      player.pause();
      steps.keep(0);
      eta.set(valley().etas[place]);
    });
  }
  byId("valley-keep").addEventListener("click", () => {
    const others = kept.value.filter((rate) => rate !== eta.value);
    kept.set([...others, eta.value].slice(-MOST_KEPT));
  });
  byId("valley-forget").addEventListener("click", () => kept.set([]));
  const draw = () => {
    const paths = [path(), ...kept.value.map((rate) => pathOf(rate, steps.value))];
    drawTerrain(terrain, valley(), paths, eta.value);
    drawCosts(costs, valley(), paths, text("valley-step"));
    ball.show(paths[0][paths[0].length - 1].length === 2 ? last() : [last()[0], valley().value(last())]);
    for (const [place, button] of etas.entries()) {
      button.textContent = text(`valley-eta-kind-${place}`, { eta: valley().etas[place] });
    }
    byId("valley-legend").replaceChildren(...legend());
    byId("valley-forget").hidden = kept.value.length === 0;
    say();
  };
  onShow("valley", draw);
}

const valley = () => TEST_FUNCTIONS[chosen.value];

/** The start that the reader has chosen, or that of the function. */
function startOf() {
  return start.value.length === valley().start.length ? start.value : valley().start;
}

/**
 * @param {number} rate
 * @param {number} most
 */
const pathOf = (rate, most) => descend(valley(), startOf(), rate, most);
const path = () => pathOf(eta.value, steps.value);
const last = () => /** @type {number[]} */ (path().at(-1));

/** Put the ball somewhere else: a new path starts there. @type {(point: number[]) => void} */
function moveBall(point) {
  const { reach } = valley();
  const inside = point.map((value) => Math.round(100 * Math.min(reach, Math.max(-reach, value))) / 100);
  steps.keep(0);
  start.set(inside.slice(0, valley().start.length));
}

/** Let the other settings suit a function that the reader chooses. @type {(name: string) => void} */
function suit(name) {
  eta.keep(TEST_FUNCTIONS[name].etas[1]);
  start.keep([]);
  steps.keep(0);
  kept.keep([]);
}

function legend() {
  return [eta.value, ...kept.value].map((rate, place) => make("span", LOOKS[place].name, `η = ${written(rate)}`));
}

function say() {
  const v = last();
  const gradient = valley().gradient(v);
  const vector = (/** @type {number[]} */ values) => {
    const all = values.map((value) => written(value + 0, 4)).join(", ");
    return values.length > 1 ? `(${all})` : all;
  };
  const values = {
    step: path().length - 1,
    v: vector(v),
    cost: written(valley().value(v)),
    gradient: vector(gradient),
    by: vector(gradient.map((slope) => -eta.value * slope)),
  };
  const verdict = path().length > 1 ? text(`valley-${outcome(valley(), path())}`) : text("valley-at-start");
  byId("valley-said").textContent = `${text("valley-said", values)} ${verdict}`;
}

// A test function and paths of gradient descent on it: from above with colours, or from the side as a curve.

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
function drawTerrain(plot, valley, paths, eta) {
  if (valley.start.length === 2) drawFromAbove(plot, valley, paths, eta);
  else drawFromTheSide(plot, valley, paths);
}

/**
 * Plot C minus its minimum after each step.
 * @type {(plot: Plot, valley: TestFunction, paths: number[][][], xName: string) => void}
 */
function drawCosts(plot, valley, paths, xName) {
  const above = (/** @type {number[]} */ v) => Math.max(valley.value(v) - valley.lowest, 0);
  const first = above(paths[0][0]) || 1;
  const steps = Math.max(10, ...paths.map((path) => path.length - 1));
  const y = [FLOOR * first, CEILING * first];
  plot.clear({ x: [0, steps], y, xName, yName: "C − min C", logY: true });
  for (const [place, path] of [...paths.entries()].reverse()) {
    const points = path.map((v, step) => [step, above(v)]).filter(([, cost]) => cost > y[0] && cost < 10 * y[1]);
    plot.curve(points, LOOKS[place].curve);
    if (points.length < 60) plot.dots(points, LOOKS[place].dot, 2.5);
  }
}

/** @type {(plot: Plot, valley: TestFunction, paths: number[][][], eta: number) => void} */
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
  const height = (/** @type {number} */ x, /** @type {number} */ y) => Math.sqrt(Math.max(valley.value([x, y]), 0));
  const edge = valley.reach;
  const highest = Math.max(...[-edge, edge].flatMap((x) => [-edge, 0, edge].map((y) => height(x, y))));
  return heatMap(PIXELS, PIXELS, (column, row) => {
    const share = height(place(column), -place(row)) / highest;
    return 1 - Math.floor(share * BANDS) / BANDS;
  });
}

/** @type {(plot: Plot, valley: TestFunction, paths: number[][][]) => void} */
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
