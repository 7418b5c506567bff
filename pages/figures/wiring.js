// A drawing of a circuit: neurons or gates, and wires that show what they carry. Inputs are pressed to switch them.

import { onPress, setAttributes, svg } from "./charts.js";
import { depths } from "./circuits.js";

/** @import { Circuit, Neuron } from "./circuits.js" */

/**
 * @typedef {object} Look
 * @property {boolean} gates Gates instead of perceptrons, without weights.
 * @property {boolean} neurons Inputs as neurons.
 */

/**
 * @typedef {object} Plan
 * @property {Circuit} circuit
 * @property {number[][]} places The place of each signal, in columns and rows.
 * @property {string[]} names The name of each signal.
 * @property {string[]} results The name of each output of the circuit.
 * @property {Look} look
 */

/** A phone has no room for wide columns. */
const COLUMN = innerWidth < 500 ? 62 : 92;
const ROW = 58;
const RADIUS = 19;
const PORT = 9;

/**
 * Return functions that draw a circuit, and that show what its signals carry.
 * @param {HTMLElement} place
 * @param {(input: number) => void} pressed Called when an input is pressed.
 * @param {(neuron: number | null) => void} pointed Called when a neuron is pointed at or has the focus, with its number.
 */
export function wiring(place, pressed, pointed) {
  const element = svg("svg", { class: "wiring" });
  /** @type {{source: number, parts: SVGElement[]}[]} */
  let wires = [];
  /** @type {SVGGElement[]} */
  let nodes = [];
  /** @type {string[]} */
  let titles = [];
  place.append(element);
  return { build, show };

  /** @param {Plan} plan */
  function build({ circuit, places, names, results, look }) {
    const at = places.map(([column, row]) => [36 + column * COLUMN, 34 + row * ROW]);
    const right = Math.max(...at.map(([x]) => x)) + 116;
    const bottom = Math.max(...at.map(([, y]) => y)) + 32;
    setAttributes(element, { viewBox: `0 0 ${right} ${bottom}`, style: `max-width: ${right * 1.15}px` });
    element.style.minWidth = `${Math.min(right, 760) * 0.74}px`;
    titles = names;
    wires = circuit.neurons.flatMap((neuron, index) => wiresInto(neuron, at, at[circuit.inputs + index], look.gates));
    for (const [index, output] of circuit.outputs.entries()) {
      const [x, y] = at[output];
      const line = svg("path", { d: `M${x},${y}H${x + 54}`, class: "wire" });
      const name = svg("text", { x: x + 58, y: y + 4, class: "result" }, results[index]);
      wires.push({ source: output, parts: [line, name] });
    }
    nodes = at.map(([x, y], signal) => {
      const neuron = circuit.neurons[signal - circuit.inputs];
      const node = neuron ? neuronNode(signal - circuit.inputs, neuron, look) : inputNode(signal, look);
      setAttributes(node, { transform: `translate(${x} ${y})` });
      return node;
    });
    const words = at.map(([x, y], signal) => svg("text", { x, y: y - RADIUS - 5, class: "name" }, names[signal]));
    element.replaceChildren(...wires.flatMap((wire) => wire.parts), ...nodes, ...words);
  }

  /** Show what all signals carry. @param {number[]} values */
  function show(values) {
    for (const { source, parts } of wires) for (const part of parts) part.classList.toggle("on", values[source] === 1);
    for (const [signal, node] of nodes.entries()) {
      node.classList.toggle("on", values[signal] === 1);
      const value = /** @type {Element} */ (node.querySelector(".value"));
      value.textContent = String(values[signal]);
      node.setAttribute("aria-label", `${titles[signal]} = ${values[signal]}`);
      if (node.classList.contains("input")) node.setAttribute("aria-pressed", String(values[signal] === 1));
    }
  }

  /** @type {(signal: number, look: Look) => SVGGElement} */
  function inputNode(signal, look) {
    const shape = look.neurons
      ? svg("circle", { r: RADIUS })
      : svg("rect", { x: -16, y: -16, width: 32, height: 32, rx: 7 });
    const attributes = { class: "node input", role: "button", tabindex: 0 };
    const node = svg("g", attributes, shape, svg("text", { y: 5, class: "value" }));
    onPress(node, () => pressed(signal));
    return node;
  }

  /** @type {(number: number, neuron: Neuron, look: Look) => SVGGElement} */
  function neuronNode(number, neuron, look) {
    const node = svg("g", { class: "node", tabindex: 0, role: "img" });
    if (look.gates) {
      node.append(
        svg("path", { d: `M-18,-17H0A17,17 0 0 1 0,17H-18Z` }),
        svg("circle", { cx: 21, r: 4 }),
        svg("text", { x: -3, y: 5, class: "value" }),
      );
    } else {
      node.append(
        svg("circle", { r: RADIUS }),
        svg("text", { y: 0, class: "value" }),
        svg("text", { y: 13, class: "bias" }, `b ${neuron.bias}`),
      );
    }
    for (const event of ["pointerenter", "focus"]) node.addEventListener(event, () => pointed(number));
    for (const event of ["pointerleave", "blur"]) node.addEventListener(event, () => pointed(null));
    return node;
  }
}

/**
 * Draw the wires into a neuron; each ends at a port of its own, in the order of where the wires come from.
 * @param {Neuron} neuron
 * @param {number[][]} at
 * @param {number[]} end
 * @param {boolean} gates
 */
function wiresInto({ sources, weights }, at, [endX, endY], gates) {
  const order = [...sources.keys()].sort((one, other) => at[sources[one]][1] - at[sources[other]][1]);
  return sources.map((source, place) => {
    const port = sources.length > 1 ? (order.indexOf(place) ? PORT : -PORT) : 0;
    const [x, y] = at[source];
    const [toX, toY] = [endX - 17, endY + port];
    const bend = Math.min(70, Math.max(26, (toX - x) / 2));
    const line = svg("path", {
      d: `M${x + RADIUS},${y}C${x + RADIUS + bend},${y} ${toX - bend},${toY} ${toX},${toY}`,
      class: "wire",
    });
    const parts = /** @type {SVGElement[]} */ ([line]);
    if (!gates) {
      const words = String(weights[place]).replace("-", "−");
      parts.push(svg("text", { x: toX - 15, y: toY + (port > 0 ? 12 : -4), class: "weight" }, words));
    }
    return { source, parts };
  });
}

// Where the signals of a circuit are drawn, in columns and rows.

/** x1, x2, then the gates a, b, c, the sum and the carry of the half adder, as the book draws it. */
export const HALF_ADDER = {
  names: ["x1", "x2", "a", "b", "c", "s", "k"],
  places: [
    [0, 0],
    [0, 2],
    [1.2, 1],
    [2.4, 0],
    [2.4, 2],
    [3.6, 1],
    [2.4, 3.1],
  ],
};

/** x, y and the carry, then two half adders, and the gate of the new carry. */
export const FULL_ADDER = {
  names: ["x", "y", "carry", "a", "b", "c", "h", "d", "e", "f", "s", "k"],
  places: [
    [0, 0],
    [0, 2],
    [0, 3.2],
    [1, 1],
    [2, 0],
    [2, 2],
    [3, 1],
    [4, 2.1],
    [5, 1],
    [5, 3.2],
    [6, 2.1],
    [5, 4.3],
  ],
};

/**
 * Place each neuron one column to the right of its latest input, the neurons of a column evenly.
 * @param {Circuit} circuit
 */
export function inColumns(circuit) {
  const depth = depths(circuit);
  const columns = Array.from({ length: Math.max(...depth) + 1 }, (_, column) =>
    [...depth.keys()].filter((signal) => depth[signal] === column),
  );
  const height = Math.max(...columns.map((column) => column.length));
  return depth.map((column, signal) => {
    const row = columns[column].indexOf(signal);
    // Every second column is moved, so that a wire does not run behind a neuron.
    const moved = 0.17 * (column % 2 ? 1 : -1) + 0.17;
    return [column, ((row + 0.5) * height) / columns[column].length - 0.5 + moved];
  });
}

// What a neuron of a circuit computes, as a line of arithmetic.

/**
 * Return the sum of a neuron with its numbers put in, such as: −2·1 − 2·0 + 3 = 1.
 * @param {Circuit} circuit
 * @param {number} number Of the neuron.
 * @param {number[]} values Of all signals.
 */
export function sumInWords(circuit, number, values) {
  const { sources, weights, bias } = circuit.neurons[number];
  const terms = sources.map((source, place) => ({ value: weights[place], words: `·${values[source]}` }));
  const sum = terms.reduce((total, { value }, place) => total + value * values[sources[place]], bias);
  const all = [...terms, { value: bias, words: "" }].map(({ value, words }, place) => {
    const sign = value < 0 ? "−" : "+";
    return place ? ` ${sign} ${Math.abs(value)}${words}` : `${value < 0 ? "−" : ""}${Math.abs(value)}${words}`;
  });
  return `${all.join("")} = ${String(sum).replace("-", "−")}`;
}
