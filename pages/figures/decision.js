// The live figure of the cheese festival: three reasons with weights of one's own, and a threshold that can be dragged.

import { byId, make, row } from "../shared/dom.js";
import { say, text } from "../shared/language.js";
import { Handle, Plot, written } from "./charts.js";
import { bitsKind, onShow, Setting, switched } from "./controls.js";
import { allInputs, perceptron, weightedSum } from "./weighted_sum.js";

const QUESTIONS = ["weather", "partner", "transport"];
const CASES = allInputs(QUESTIONS.length);
const [LEAST, MOST] = [-10, 20];

const weights = [6, 2, 2].map((weight, place) => new Setting(`decision.${QUESTIONS[place]}`, weight));
const threshold = new Setting("decision.threshold", 5);
const today = new Setting("decision.today", "011", bitsKind([QUESTIONS.length]));

/** Start the figure. */
export function startDecision() {
  const plot = new Plot(byId("decision-plot"), 420, 300);
  const handle = new Handle(plot, "decision-threshold", 0.5, ([sum]) => {
    threshold.set(Math.min(MOST, Math.max(LEAST, Math.round(2 * sum) / 2)));
  });
  handle.followClicks();
  const buttons = QUESTIONS.map((_, place) => {
    const button = make("button", "bit");
    button.addEventListener("click", () => today.set(switched(today.value, place)));
    byId("decision-inputs").append(button, " ");
    return button;
  });
  const draw = () => {
    for (const [place, button] of buttons.entries()) {
      button.setAttribute("aria-pressed", String(today.value[place] === "1"));
      button.textContent = text(`decision-is-${QUESTIONS[place]}`);
    }
    drawCases(plot, handle);
    showTable();
  };
  onShow("decision", draw);
}

/** The weights as numbers. */
const w = () => weights.map((weight) => weight.value);

/** @param {number[]} x */
const goes = (x) => perceptron(x, w(), -threshold.value) === 1;

/** @param {number[]} x */
const isToday = (x) => x.join("") === today.value;

/**
 * @param {number[]} x
 * @param {string} form Of the words: is, or short.
 */
function nameOf(x, form = "is") {
  const reasons = QUESTIONS.filter((_, place) => x[place]).map((question) => text(`decision-${form}-${question}`));
  return reasons.join(" + ") || text("decision-nothing");
}

/** @type {(plot: Plot, handle: Handle) => void} */
function drawCases(plot, handle) {
  const sums = CASES.map((x) => weightedSum(x, w()));
  const ends = [Math.min(...sums, threshold.value), Math.max(...sums, threshold.value)];
  const x = [Math.floor(ends[0] - 1), Math.ceil(ends[1] + 1)];
  plot.clear({ x, y: [-1.2, CASES.length - 0.5], xName: "w·x", yTicks: [] });
  plot.area([
    [threshold.value, -2],
    [x[1], -2],
    [x[1], 9],
    [threshold.value, 9],
  ]);
  plot.curve(
    [
      [threshold.value, -2],
      [threshold.value, 9],
    ],
    "second",
  );
  for (const [place, inputs] of CASES.entries()) {
    plot.dots([[sums[place], place]], goes(inputs) ? "dot" : "hollow", isToday(inputs) ? 9 : 5);
    const rightHalf = sums[place] > (x[0] + x[1]) / 2;
    plot.note([sums[place], place], nameOf(inputs, "short"), {
      dx: rightHalf ? -13 : 13,
      dy: 4,
      "text-anchor": rightHalf ? "end" : "start",
      "font-weight": isToday(inputs) ? 700 : 400,
    });
  }
  handle.show([threshold.value, -0.8]);
}

/** @param {number} weight */
function inSum(weight) {
  return weight < 0 ? `(${written(weight)})` : written(weight);
}

function showTable() {
  const rows = CASES.map((x) => {
    const sum = weightedSum(x, w());
    const above = weightedSum(x, w(), -threshold.value);
    const goal = text(goes(x) ? "decision-go" : "decision-stay");
    return row(isToday(x) ? "now" : "", ["left", nameOf(x)], written(sum), written(above), ["left", goal]);
  });
  byId("decision-rows").replaceChildren(...rows);
  const now = [...today.value].map(Number);
  const values = {
    sum: now.map((bit, place) => `${bit}·${inSum(weights[place].value)}`).join(" + "),
    total: written(weightedSum(now, w())),
    threshold: written(threshold.value),
    count: CASES.filter(goes).length,
  };
  say("decision-said", goes(now) ? "decision-today-go" : "decision-today-stay", values);
}
