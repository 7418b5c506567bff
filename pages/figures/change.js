// The live figure of a small change of a weight in a small network: predicted by the gradient, and true.

import { byId } from "../shared/dom.js";
import { say, text } from "../shared/language.js";
import { randomNumbers } from "../shared/random.js";
import { Handle, onPress, Plot, setAttributes, svg, written } from "./charts.js";
import { onShow, Setting, wholeKind, wordKind } from "./controls.js";
import { outputGradient, perceptronActivations, sigmoidActivations, valueAt, withValue } from "./small_network.js";

/** @import { Layer, Place } from "./small_network.js" */

const SIZES = [2, 3, 1];
const REACH = 2;
const POINTS = 160;

const PLACES = SIZES.slice(1).flatMap((neurons, layer) =>
  Array.from({ length: neurons * (SIZES[layer] + 1) }, (_, number) => {
    const to = Math.floor(number / (SIZES[layer] + 1));
    return { layer, to, from: (number % (SIZES[layer] + 1)) - 1 };
  }),
);

const inputs = ["x1", "x2"].map((name, place) => new Setting(`change.${name}`, place ? 0.3 : 1));
const by = new Setting("change.by", 0.5);
const chosen = new Setting("change.weight", nameOf(PLACES[1]), wordKind(PLACES.map(nameOf)));
const seed = new Setting("change.network", 1, wholeKind(1, 9999));

/** Start the figure. */
export function startChange() {
  const plot = new Plot(byId("change-plot"), 420, 320);
  const showNetwork = drawNetwork(byId("change-network"), SIZES, (place) => chosen.set(nameOf(place)));
  const handle = new Handle(plot, "change-by", 0.01, ([size]) => {
    by.set(Math.round(100 * Math.min(REACH, Math.max(-REACH, size))) / 100);
  });
  handle.followClicks();
  byId("change-another").addEventListener("click", () => seed.set((seed.value % 9999) + 1));
  const draw = () => {
    const network = networkOf(seed.value);
    const changed = withChange(network, by.value);
    showNetwork(changed, sigmoidActivations(changed, x()), outputGradient(network, x()), place());
    drawCurves(plot, network);
    handle.show([by.value, outputOf(sigmoidActivations(changed, x()))]);
    tell(network, changed);
  };
  onShow("change", draw);
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
 */
function networkOf(number) {
  const random = randomNumbers(number);
  const weight = () => Math.round(60 * random() - 30) / 10;
  return SIZES.slice(1).map((neurons, layer) => ({
    w: Array.from({ length: neurons }, () => Array.from({ length: SIZES[layer] }, weight)),
    b: Array.from({ length: neurons }, weight),
  }));
}

/** @type {(network: Layer[], size: number) => { w: number[][]; b: number[]; }[]} */
function withChange(network, size) {
  return withValue(network, place(), Number((valueAt(network, place()) + size).toPrecision(12)));
}

/** @type {(plot: Plot, network: Layer[]) => void} */
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

/** @type {(network: Layer[], changed: Layer[]) => void} */
function tell(network, changed) {
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
  say("change-said", "change-said", values);
}

/** @param {Place} place */
function parameterName({ layer, to, from }) {
  const neuron = layer ? text("change-last") : text("change-hidden", { number: to + 1 });
  if (from < 0) return text("change-bias", { neuron });
  return text("change-weight", { neuron, source: layer ? `h${from + 1}` : `x${from + 1}` });
}

// A drawing of a small network, in which a weight or a bias is chosen.

const [COLUMN, ROW, RADIUS] = [150, 74, 21];
const NAMES = [["x1", "x2"], ["h1", "h2", "h3"], ["a"]];

/**
 * Draw a network, and return a function that shows its numbers: the network, its activations, the gradient of its output,
 * and the chosen place. A wire is as thick as its weight is large.
 * @param {HTMLElement} container
 * @param {number[]} sizes
 * @param {(place: Place) => void} choose
 */
function drawNetwork(container, sizes, choose) {
  const rows = Math.max(...sizes);
  const [width, height] = [COLUMN * (sizes.length - 1) + 100, ROW * rows + 6];
  const at = sizes.map((size, layer) =>
    Array.from({ length: size }, (_, row) => [36 + layer * COLUMN, 3 + ((row + 0.5) * rows * ROW) / size]),
  );
  /** @type {{place: Place, element: SVGElement, value: SVGElement}[]} */
  const parameters = [];
  const values = sizes.map((size) => Array.from({ length: size }, () => svg("text", { y: 5, class: "value" })));
  const wires = PLACES.filter(({ from }) => from >= 0).map((place) => wire(place));
  const nodes = at.flatMap((column, layer) => column.map(([x, y], row) => node(layer, row, x, y)));
  const frame = { viewBox: `0 0 ${width} ${height}`, class: "network-drawing" };
  container.append(svg("svg", frame, ...wires, ...nodes));

  /** @type {(network: Layer[], activations: number[][], gradient: Layer[], chosen: Place) => void} */
  return (network, activations, gradient, chosen) => {
    for (const [layer, nodes] of values.entries()) {
      for (const [row, value] of nodes.entries()) value.textContent = activations[layer][row].toFixed(2);
    }
    for (const { place, element, value } of parameters) {
      const { layer, to, from } = place;
      const [number, slope] = [valueAt(network, place), valueAt(gradient, place)];
      value.textContent = from < 0 ? `b ${written(number, 3)}` : written(number, 3);
      const neuron = NAMES[layer + 1][to];
      const name =
        from < 0 ? `${activations[layer + 1][to].toFixed(2)} ${neuron} b` : `w ${neuron} ${NAMES[layer][from]} =`;
      setAttributes(element, {
        "aria-pressed": String(nameOf(place) === nameOf(chosen)),
        "aria-label": `${name} ${written(number, 3)}, ∂a = ${written(slope, 2)}`,
        style: `--thick: ${(0.8 + Math.abs(number)).toFixed(2)}px`,
      });
      element.classList.toggle("negative", number < 0);
    }
  };

  /**
   * Let an element choose a place, whose value it shows.
   * @type {(place: Place, element: SVGElement, value: SVGElement) => void}
   */
  function add(place, element, value) {
    element.append(value);
    element.classList.add("parameter");
    setAttributes(element, { role: "button", tabindex: 0 });
    onPress(element, () => choose(place));
    parameters.push({ place, element, value });
  }

  /** @param {Place} place */
  function wire(place) {
    const [[x, y], [toX, toY]] = [at[place.layer][place.from], at[place.layer + 1][place.to]];
    const ends = { x1: x + RADIUS, y1: y, x2: toX - RADIUS, y2: toY };
    const share = place.layer ? 0.4 : 0.32 + 0.34 * place.from; // labels of crossing wires are apart
    const middle = { x: ends.x1 + share * (ends.x2 - ends.x1), y: y + share * (toY - y) + 4 };
    const element = svg("g", {}, svg("line", { ...ends, class: "reach" }), svg("line", { ...ends, class: "line" }));
    add(place, element, svg("text", { ...middle, class: "weight" }));
    return element;
  }

  /** @type {(layer: number, row: number, x: number, y: number) => SVGElement} */
  function node(layer, row, x, y) {
    const element = svg("g", { class: "neuron", transform: `translate(${x} ${y})` });
    const name = svg("text", { y: -RADIUS - 4, class: "name" }, NAMES[layer][row]);
    element.append(svg("circle", { r: RADIUS }), values[layer][row], " ", name, " ");
    const place = { layer: layer - 1, to: row, from: -1 };
    if (layer) add(place, element, svg("text", { y: RADIUS + 12, class: "weight" }));
    return element;
  }
}
