// The live figure of a sigmoid neuron beside a perceptron, with all weights and biases times c.

import { byId, row } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { Handle, Plot, written } from "./charts.js";
import { onShow, Setting } from "./controls.js";
import { sigmoid } from "./small_network.js";
import { perceptron, weightedSum } from "./weighted_sum.js";

const FACTORS = [1, 2, 5, 10, 20, 50, 100];
const POINTS = 600;

const w = new Setting("sigmoid.w", 6);
const b = new Setting("sigmoid.b", -3);
const c = new Setting("sigmoid.c", 1);
const x = new Setting("sigmoid.x", 0.7);

/** Start the figure. */
export function startSigmoid() {
  const plot = new Plot(byId("sigmoid-plot"), 420, 300);
  const handle = new Handle(plot, "sigmoid-x", 0.01, ([place]) => {
    x.set(Math.round(100 * Math.min(1, Math.max(0, place))) / 100);
  });
  handle.followClicks();
  const draw = () => {
    drawCurves(plot);
    handle.show([x.value, sigmoid(c.value * sum())]);
    showTable();
  };
  onShow("sigmoid", draw);
}

/** z = w x + b, without the factor c. */
const sum = () => weightedSum([x.value], [w.value], b.value);

/** @param {Plot} plot */
function drawCurves(plot) {
  plot.clear({ x: [0, 1], y: [-0.08, 1.08], xName: "x", yName: text("sigmoid-output") });
  const points = Array.from({ length: POINTS + 1 }, (_, place) => place / POINTS);
  const jump = -b.value / w.value;
  // The step is drawn from its ends: between two points it would lean.
  const before = perceptron([-1e6], [w.value], b.value);
  const after = perceptron([1e6], [w.value], b.value);
  const corners = Number.isFinite(jump) ? [jump, jump] : [0.5, 0.5];
  plot.curve(
    [
      [-1e3, before],
      [corners[0], before],
      [corners[1], after],
      [1e3, after],
    ],
    "second dashed",
  );
  plot.curve(points.map((place) => [place, sigmoid(c.value * (w.value * place + b.value))]));
  plot.dots([[x.value, perceptron([x.value], [w.value], b.value)]], "dot second", 5);
}

function showTable() {
  const z = sum();
  const output = perceptron([x.value], [w.value], b.value);
  const rows = FACTORS.map((factor) => {
    // The difference from 1 is sigma(-z): 1 - sigma(z) would lose its digits.
    const difference = sigmoid(output ? -factor * z : factor * z);
    const cells = [factor, factor * z, sigmoid(factor * z), output, difference].map((value) => written(value, 4));
    return row(factor === c.value ? "now" : "", ...cells);
  });
  byId("sigmoid-rows").replaceChildren(...rows);
  const values = {
    sum: `${written(w.value)}·${written(x.value)} ${b.value < 0 ? "−" : "+"} ${written(Math.abs(b.value))}`,
    ...{
      z: written(z),
      c: written(c.value),
      cz: written(c.value * z),
      a: written(sigmoid(c.value * z), 6),
      output,
    },
  };
  byId("sigmoid-said").textContent = `${text("sigmoid-said", values)} ${z === 0 ? text("sigmoid-at-zero") : ""}`;
}
