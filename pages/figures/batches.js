// The live figure of mini-batches: their gradients scatter round the gradient over all training examples.

import { byId } from "../shared/dom.js";
import { say, text } from "../shared/language.js";
import { normalNumbers, randomNumbers } from "../shared/random.js";
import { angleOf, errorOf, gradientOf, meanGradient, spreadOfOne } from "./batch_gradient.js";
import { Plot, written } from "./charts.js";
import { onShow, Setting, wholeKind } from "./controls.js";

/** @import { Example, Gradient } from "./batch_gradient.js" */

const SIZES = [1, 3, 10, 30, 100, 300, 1000];
const EXAMPLES = 1000;
const MANY = 50;
const MOST_DRAWS = 500;

/** What the desired outputs have of noise: without it, a few examples would say as much as all. */
const NOISE = 0.8;

const m = new Setting("batches.m", "10");
const draws = new Setting("batches.draws", MANY, wholeKind(0, MOST_DRAWS));
const w = new Setting("batches.w", -1);
const b = new Setting("batches.b", 0.5);

const examples = trainingExamples();

/** Start the figure. */
export function startBatches() {
  const cloud = new Plot(byId("batches-plot"), 400, 360);
  const errors = new Plot(byId("batches-errors"), 400, 360);
  byId("batches-one").addEventListener("click", () => draws.set(Math.min(MOST_DRAWS, draws.value + 1)));
  byId("batches-many").addEventListener("click", () => draws.set(Math.min(MOST_DRAWS, draws.value + MANY)));
  byId("batches-clear").addEventListener("click", () => draws.set(0));
  const draw = () => {
    const full = meanGradient(w.value, b.value, examples);
    const estimates = estimatesOf(Number(m.value), draws.value);
    drawCloud(cloud, full, estimates);
    drawErrors(errors, full, estimates);
    tell(full, estimates);
  };
  onShow("batches", draw);
}

/** Return inputs from a normal distribution; the desired output is 1 where the input and some noise are above 0. */
function trainingExamples() {
  const random = randomNumbers(7);
  const normal = normalNumbers(random);
  return Array.from({ length: EXAMPLES }, () => {
    const x = normal();
    return { x, y: x + NOISE * normal() > 0 ? 1 : 0 };
  });
}

/**
 * Return the gradients of the first mini-batches of a size. They are drawn with replacement, the same ones each time.
 * @type {(size: number, count: number) => number[][]}
 */
function estimatesOf(size, count) {
  const random = randomNumbers(size);
  return Array.from({ length: count }, () => {
    const batch = Array.from({ length: size }, () => examples[Math.floor(random() * EXAMPLES)]);
    return meanGradient(w.value, b.value, batch);
  });
}

/**
 * Draw the estimates and the full gradient. The frame holds the gradients of all single examples, whatever the size.
 * @type {(plot: Plot, full: Gradient, estimates: Gradient[]) => void}
 */
function drawCloud(plot, full, estimates) {
  const single = examples.map((example) => gradientOf(w.value, b.value, example));
  const reach = (/** @type {number} */ axis) => 1.08 * Math.max(...single.map((gradient) => Math.abs(gradient[axis])));
  const [x, y] = [0, 1].map((axis) => [-reach(axis), reach(axis)]);
  plot.clear({ x, y, xName: "∂C/∂w", yName: "∂C/∂b" });
  plot.dots(estimates, "faint", 3.5);
  if (estimates.length) plot.arrow([0, 0], estimates[estimates.length - 1], "second");
  plot.arrow([0, 0], full, "third");
}

/**
 * Plot the error by the size: what theory expects, and what is measured; the chosen size is larger.
 * @type {(plot: Plot, full: Gradient, estimates: Gradient[]) => void}
 */
function drawErrors(plot, full, estimates) {
  const one = spreadOfOne(w.value, b.value, examples);
  const ends = [one * 2, one / Math.sqrt(1000) / 2];
  plot.clear({
    x: [0.8, 1300],
    y: [ends[1], ends[0]],
    xName: "m",
    yName: text("batches-error"),
    logX: true,
    logY: true,
  });
  plot.curve(
    [1, 1000].map((size) => [size, one / Math.sqrt(size)]),
    "dashed",
  );
  for (const size of SIZES) {
    const own = size === Number(m.value);
    const measured = own ? estimates : estimatesOf(size, MANY);
    if (measured.length) plot.dots([[size, errorOf(measured, full)]], own ? "dot second" : "dot", own ? 7 : 4);
  }
}

/** @type {(full: Gradient, estimates: Gradient[]) => void} */
function tell(full, estimates) {
  const size = Number(m.value);
  const percent = (/** @type {number} */ share) => `${written(100 * share, 3)} %`;
  const values = {
    m: size,
    draws: estimates.length,
    expected: percent(spreadOfOne(w.value, b.value, examples) / Math.sqrt(size)),
    error: estimates.length ? percent(errorOf(estimates, full)) : "–",
    angle: estimates.length ? written(angleOf(estimates, full), 3) : "–",
    cheaper: written(EXAMPLES / size, 3),
    all: EXAMPLES,
  };
  say("batches-said", "batches-said", values);
}
