// The live figure of a small change of a weight in a small network: predicted by the gradient, and true.

import { Handle } from "../charts/handle.js";
import { Plot } from "../charts/plot.js";
import { written } from "../charts/scale.js";
import { startSlider } from "../controls/inputs.js";
import { numberKind, wholeKind, wordKind } from "../controls/kinds.js";
import { onChange, Setting } from "../controls/settings.js";
import { byId } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { randomNumbers } from "../shared/random.js";
import { NetworkDrawing } from "./network_drawing.js";
import {
  outputGradient,
  perceptronActivations,
  sigmoidActivations,
  valueAt,
  withValue,
} from "./small_network.js";

/** @typedef {import("./small_network.js").Layer} Layer */
/** @typedef {import("./small_network.js").Place} Place */

const SIZES = [2, 3, 1];
const REACH = 2;
const POINTS = 160;

const PLACES = SIZES.slice(1).flatMap((neurons, layer) =>
  Array.from({ length: neurons * (SIZES[layer] + 1) }, (_, number) => {
    const to = Math.floor(number / (SIZES[layer] + 1));
    return { layer, to, from: (number % (SIZES[layer] + 1)) - 1 };
  }),
);

const inputs = ["x1", "x2"].map(
  (name, place) => new Setting(`change.${name}`, place ? 0.3 : 1, numberKind(0, 1)),
);
const by = new Setting("change.by", 0.5, numberKind(-REACH, REACH));
const chosen = new Setting("change.weight", nameOf(PLACES[1]), wordKind(PLACES.map(nameOf)));
const seed = new Setting("change.network", 1, wholeKind(1, 9999));

/** Start the figure. */
export function startChange() {
  const plot = new Plot(byId("change-plot"), 420, 320);
  const drawing = new NetworkDrawing(byId("change-network"), SIZES, (place) => chosen.set(nameOf(place)));
  const handle = new Handle(plot, "change-by", 0.01, ([size]) => {
    by.set(Math.round(100 * Math.min(REACH, Math.max(-REACH, size))) / 100);
  });
  handle.followClicks();
  startSlider("change-x1", inputs[0]);
  startSlider("change-x2", inputs[1]);
  startSlider("change-by", by);
  byId("change-another").addEventListener("click", () => seed.set((seed.value % 9999) + 1));
  const draw = () => {
    const network = networkOf(seed.value);
    const changed = withChange(network, by.value);
    drawing.show(changed, sigmoidActivations(changed, x()), outputGradient(network, x()), place());
    drawCurves(plot, network);
    handle.show([by.value, outputOf(sigmoidActivations(changed, x()))]);
    say(network, changed);
  };
  onChange("change", draw);
  onLanguage(draw);
}

/**
 * Return the name of a weight for the address, such as 1-2-1: the layer, the neuron, and where it comes from, each
 * counted from 1; a bias comes from 0.
 * @param {Place} place
 */
function nameOf({ layer, to, from }) {
  return `${layer + 1}-${to + 1}-${from + 1}`;
}

const place = () => PLACES.find((one) => nameOf(one) === chosen.value) ?? PLACES[0];
const x = () => inputs.map((input) => input.value);

/** @param {number[][]} activations */
const outputOf = (activations) => activations[activations.length - 1][0];

/**
 * Return a network with random weights from -3 to 3, with one decimal.
 * @param {number} number
 * @returns {Layer[]}
 */
function networkOf(number) {
  const random = randomNumbers(number);
  const weight = () => Math.round(60 * random() - 30) / 10;
  return SIZES.slice(1).map((neurons, layer) => ({
    w: Array.from({ length: neurons }, () => Array.from({ length: SIZES[layer] }, weight)),
    b: Array.from({ length: neurons }, weight),
  }));
}

/**
 * @param {Layer[]} network
 * @param {number} size
 */
function withChange(network, size) {
  return withValue(network, place(), Number((valueAt(network, place()) + size).toPrecision(12)));
}

/**
 * @param {Plot} plot
 * @param {Layer[]} network
 */
function drawCurves(plot, network) {
  plot.clear({
    x: [-REACH, REACH],
    y: [-0.08, 1.08],
    xName: text("change-size"),
    yName: text("change-output"),
  });
  const sizes = Array.from({ length: POINTS + 1 }, (_, point) => (2 * REACH * point) / POINTS - REACH);
  const curve = (/** @type {(layers: Layer[], x: number[]) => number[][]} */ run) =>
    sizes.map((size) => [size, outputOf(run(withChange(network, size), x()))]);
  const a = outputOf(sigmoidActivations(network, x()));
  const slope = valueAt(outputGradient(network, x()), place());
  plot.curve(curve(perceptronActivations), "second dashed");
  plot.curve(curve(sigmoidActivations));
  plot.curve(
    [-REACH, REACH].map((size) => [size, a + slope * size]),
    "third",
  );
  plot.dots([[0, a]], "hollow", 5);
}

/**
 * @param {Layer[]} network
 * @param {Layer[]} changed
 */
function say(network, changed) {
  const a = outputOf(sigmoidActivations(network, x()));
  const slope = valueAt(outputGradient(network, x()), place());
  const change = outputOf(sigmoidActivations(changed, x())) - a;
  const values = {
    weight: parameterName(place()),
    from: written(valueAt(network, place())),
    to: written(valueAt(changed, place())),
    slope: written(slope, 3),
    by: written(by.value),
    predicted: written(slope * by.value, 3),
    change: written(change, 3),
    error: written(Math.abs(change - slope * by.value), 2),
    before: outputOf(perceptronActivations(network, x())),
    after: outputOf(perceptronActivations(changed, x())),
  };
  byId("change-said").textContent = text("change-said", values);
}

/** @param {Place} place */
function parameterName({ layer, to, from }) {
  const neuron = layer ? text("change-last") : text("change-hidden", { number: to + 1 });
  if (from < 0) return text("change-bias", { neuron });
  return text("change-weight", { neuron, source: layer ? `h${from + 1}` : `x${from + 1}` });
}
