// The live figure of a network whose weights and biases are multiplied by c.

import { byId, row } from "../shared/dom.js";
import { say, text } from "../shared/language.js";
import { randomNumbers } from "../shared/random.js";
import { Plot, written } from "./charts.js";
import { bitButton, bitsKind, onShow, Setting, switched, wholeKind } from "./controls.js";
import { closestToZero, largestDifference, scaledSums, sigmoid, step } from "./small_network.js";

/** @import { Layer } from "./small_network.js" */

const SIZES = [3, 4, 2];
const POINTS = 40;

const c = new Setting("scaling.c", 1);
const inputs = new Setting("scaling.inputs", "101", bitsKind([SIZES[0]]));
const seed = new Setting("scaling.network", 3, wholeKind(1, 9999));

/** Start the figure. */
export function startScaling() {
  const plot = new Plot(byId("scaling-plot"), 420, 300);
  byId("scaling-another").addEventListener("click", () => seed.set((seed.value % 9999) + 1));
  const buttons = Array.from({ length: SIZES[0] }, (_, place) =>
    bitButton(`x${place + 1}`, false, () => inputs.set(switched(inputs.value, place))),
  );
  byId("scaling-bits").append(...buttons.flatMap((button) => [button, " "]));
  const draw = () => {
    for (const [place, button] of buttons.entries()) {
      button.textContent = inputs.value[place];
      button.setAttribute("aria-label", `x${place + 1}: ${inputs.value[place]}`);
      button.setAttribute("aria-pressed", String(inputs.value[place] === "1"));
    }
    const network = networkOf(seed.value);
    drawDifferences(plot, network);
    showNeurons(network);
  };
  onShow("scaling", draw);
}

/**
 * Return a network with whole weights from -3 to 3 and biases half-way between, so that no sum is 0.
 * @param {number} number
 */
function networkOf(number) {
  const random = randomNumbers(number);
  return SIZES.slice(1).map((neurons, layer) => ({
    w: Array.from({ length: neurons }, () => Array.from({ length: SIZES[layer] }, () => Math.floor(7 * random()) - 3)),
    b: Array.from({ length: neurons }, () => Math.floor(6 * random()) - 2.5),
  }));
}

/** @type {(plot: Plot, network: Layer[]) => void} */
function drawDifferences(plot, network) {
  const closest = closestToZero(network);
  plot.clear({
    x: [0.1, 100],
    y: [1e-22, 3],
    xName: "c",
    yName: text("scaling-largest"),
    logX: true,
    logY: true,
  });
  const factors = Array.from({ length: POINTS + 1 }, (_, place) => 10 ** ((3 * place) / POINTS - 1));
  const visible = (/** @type {number[]} */ [, difference]) => difference > 1e-60;
  plot.curve(factors.map((factor) => [factor, Math.exp(-factor * closest)]).filter(visible), "dashed");
  plot.curve(factors.map((factor) => [factor, largestDifference(network, factor)]).filter(visible));
  plot.dots([[c.value, largestDifference(network, c.value)]].filter(visible), "dot second", 7);
}

/** @param {Layer[]} network */
function showNeurons(network) {
  const x = [...inputs.value].map(Number);
  const soft = scaledSums(network, x, c.value, sigmoid);
  const hard = scaledSums(network, x, c.value, step);
  const rows = soft.map((z, neuron) => {
    const name = neuron < SIZES[1] ? `h${neuron + 1}` : `o${neuron - SIZES[1] + 1}`;
    const cells = [name, written(z), written(sigmoid(z)), String(step(hard[neuron]))];
    return row("", ...cells);
  });
  byId("scaling-rows").replaceChildren(...rows);
  const values = {
    c: written(c.value),
    largest: written(largestDifference(network, c.value), 3),
    closest: written(closestToZero(network)),
  };
  say("scaling-said", "scaling-said", values);
}
