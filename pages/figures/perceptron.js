// The live figure of one perceptron with two inputs: its line can be dragged, and its truth table follows.

import { byId, make, row } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { Handle, Plot, written } from "./charts.js";
import { onShow, Setting } from "./controls.js";
import {
  allInputs,
  biasThrough,
  HIGH,
  LOW,
  lineEnds,
  nearestPoint,
  perceptron,
  sideAbove,
  weightedSum,
} from "./weighted_sum.js";

const NONE = "none";

/** Weights are drawn as an arrow of this length for each unit. */
const ARROW = 0.2;

const w1 = new Setting("perceptron.w1", -2);
const w2 = new Setting("perceptron.w2", -2);
const bias = new Setting("perceptron.b", 3);
const wanted = new Setting("perceptron.wanted", NONE);

/** Start the figure. */
export function startPerceptron() {
  const plot = new Plot(byId("perceptron-plot"), 380, 380);
  const turn = new Handle(plot, "perceptron-turn", 0.02, turnTo);
  const move = new Handle(plot, "perceptron-move", 0.02, moveTo);
  byId("perceptron-learn").addEventListener("click", learn);
  const draw = () => {
    nameTables();
    drawSquare(plot);
    const here = nearestPoint([w1.value, w2.value], bias.value);
    move.show(here);
    turn.show(tipFrom(here));
    showTable();
  };
  onShow("perceptron", draw);
}

/** @param {number[]} point */
function tipFrom([x, y]) {
  return [x + ARROW * w1.value, y + ARROW * w2.value];
}

/** Let the line go through a point; the weights stay. @type {(point: number[]) => void} */
function moveTo(point) {
  bias.set(rounded(biasThrough([w1.value, w2.value], point), 6));
}

/**
 * Turn the line about its point nearest to the centre, so that the arrow of the weights ends at a point.
 * @param {number[]} tip
 */
function turnTo(tip) {
  const here = nearestPoint([w1.value, w2.value], bias.value);
  const w = tip.map((value, axis) => rounded((value - here[axis]) / ARROW, 4));
  w1.keep(w[0]);
  w2.keep(w[1]);
  bias.set(rounded(biasThrough(w, here), 6));
}

/** The row that was corrected last: learning goes on with the next. */
let corrected = -1;

/** Correct the next wrong output: w + (y - a) x, b + (y - a). */
function learn() {
  const inputs = allInputs(2);
  const errorOf = (/** @type {number} */ row) =>
    Number(wanted.value[row]) - perceptron(inputs[row], [w1.value, w2.value], bias.value);
  const rows = [1, 2, 3, 4].map((next) => (corrected + next) % 4);
  const row = rows.find((one) => wanted.value !== NONE && errorOf(one) !== 0);
  if (row === undefined) return;
  corrected = row;
  const error = errorOf(row);
  w1.keep(rounded(w1.value + error * inputs[row][0], 4));
  w2.keep(rounded(w2.value + error * inputs[row][1], 4));
  bias.set(rounded(bias.value + error, 6));
}

/** Round to tenths, within the limits of a slider. @type {(value: number, limit: number) => number} */
function rounded(value, limit) {
  return Math.min(limit, Math.max(-limit, Math.round(10 * value) / 10)) + 0;
}

/** @param {Plot} plot */
function drawSquare(plot) {
  const range = [LOW, HIGH];
  plot.clear({ x: range, y: range, xName: "x1", yName: "x2", xTicks: [0, 1], yTicks: [0, 1] });
  const w = [w1.value, w2.value];
  plot.area(sideAbove(w, bias.value));
  plot.curve(lineEnds(w, bias.value));
  const here = nearestPoint(w, bias.value);
  plot.arrow(here, tipFrom(here), "second");
  for (const [row, x] of allInputs(2).entries()) {
    const output = perceptron(x, w, bias.value);
    plot.dots([x], output ? "dot" : "hollow", 10);
    const right = wanted.value === NONE || Number(wanted.value[row]) === output;
    plot.note(x, `${output}${right ? "" : " ✗"}`, {
      dx: 14,
      dy: -10,
      class: right ? "note" : "note mistake",
    });
  }
}

function showTable() {
  const w = [w1.value, w2.value];
  const inputs = allInputs(2);
  const outputs = inputs.map((x) => perceptron(x, w, bias.value));
  const asked = wanted.value !== NONE;
  byId("perceptron-head").hidden = !asked;
  const rows = inputs.map((x, place) => {
    const goal = Number(wanted.value[place]);
    const cells = [...x.map(String), written(weightedSum(x, w)), written(weightedSum(x, w, bias.value))];
    const right = goal === outputs[place];
    const mark = `${goal} ${right ? "✓" : "✗"}`;
    const line = row("", ...cells, String(outputs[place]));
    if (asked) line.append(make("td", right ? "right" : "wrong", mark));
    return line;
  });
  byId("perceptron-rows").replaceChildren(...rows);
  byId("perceptron-said").textContent = said(outputs.join(""));
}

/** @param {string} table */
function said(table) {
  const values = { name: nameOf(table), threshold: written(0 - bias.value + 0) };
  const computes = text("perceptron-computes", values);
  if (wanted.value === NONE) return computes;
  if (wanted.value === table) return `${computes} ${text("perceptron-solved")}`;
  const right = [...table].filter((output, row) => output === wanted.value[row]).length;
  const impossible = ["0110", "1001"].includes(wanted.value);
  return `${computes} ${text(impossible ? "perceptron-impossible" : "perceptron-right", { right })}`;
}

/** @param {string} table */
function nameOf(table) {
  return text(`perceptron-table-${table}`);
}

/** Write the names of the truth tables: the outputs for 00, 01, 10, 11. */
function nameTables() {
  const { options } = /** @type {HTMLSelectElement} */ (byId("perceptron-wanted"));
  for (const option of options) {
    const { value } = option;
    option.text = value === NONE ? text("perceptron-none") : `${nameOf(value)} (${value})`;
  }
}
