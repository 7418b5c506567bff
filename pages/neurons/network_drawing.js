// A drawing of a small network, in which a weight or a bias is chosen.

import { onPress } from "../charts/pressable.js";
import { written } from "../charts/scale.js";
import { setAttributes, svg } from "../charts/svg.js";

/** @typedef {import("./small_network.js").Layer} Layer */
/** @typedef {import("./small_network.js").Place} Place */

const [COLUMN, ROW, RADIUS] = [150, 74, 21];
const NAMES = [["x1", "x2"], ["h1", "h2", "h3"], ["a"]];

export class NetworkDrawing {
  /**
   * @param {HTMLElement} container
   * @param {number[]} sizes
   * @param {(place: Place) => void} chosen
   */
  constructor(container, sizes, chosen) {
    const rows = Math.max(...sizes);
    const [width, height] = [COLUMN * (sizes.length - 1) + 100, ROW * rows + 6];
    const at = sizes.map((size, layer) =>
      Array.from({ length: size }, (_, row) => [36 + layer * COLUMN, 3 + ((row + 0.5) * rows * ROW) / size]),
    );
    /** @type {{place: Place, element: SVGElement, value: SVGElement}[]} */
    this.parameters = [];
    /** @type {SVGElement[][]} */
    this.values = [];
    const wires = sizes.slice(1).flatMap((size, layer) =>
      Array.from({ length: size * sizes[layer] }, (_, number) => {
        const [to, from] = [Math.floor(number / sizes[layer]), number % sizes[layer]];
        return this.wire({ layer, to, from }, at[layer][from], at[layer + 1][to], chosen);
      }),
    );
    const nodes = at.flatMap((column, layer) => {
      this.values.push(column.map(() => svg("text", { y: 5, class: "value" })));
      return column.map(([x, y], row) => this.node(layer, row, x, y, chosen));
    });
    const frame = { viewBox: `0 0 ${width} ${height}`, class: "network-drawing" };
    this.element = svg("svg", frame, ...wires, ...nodes);
    container.append(this.element);
  }

  /**
   * @param {Place} place
   * @param {number[]} from
   * @param {number[]} to
   * @param {(place: Place) => void} chosen
   */
  wire(place, [x, y], [toX, toY], chosen) {
    const ends = { x1: x + RADIUS, y1: y, x2: toX - RADIUS, y2: toY };
    const share = place.layer ? 0.4 : 0.32 + 0.34 * place.from; // labels of crossing wires are apart
    const middle = [ends.x1 + share * (ends.x2 - ends.x1), y + share * (toY - y)];
    const value = svg("text", { x: middle[0], y: middle[1] + 4, class: "weight" });
    const lines = [svg("line", { ...ends, class: "reach" }), svg("line", { ...ends, class: "line" }), value];
    const element = svg("g", { class: "parameter", role: "button", tabindex: 0 }, ...lines);
    onPress(element, () => chosen(place));
    this.parameters.push({ place, element, value });
    return element;
  }

  /**
   * @param {number} layer
   * @param {number} row
   * @param {number} x
   * @param {number} y
   * @param {(place: Place) => void} chosen
   */
  node(layer, row, x, y, chosen) {
    const place = { layer: layer - 1, to: row, from: -1 };
    const element = svg("g", { class: "neuron", transform: `translate(${x} ${y})` });
    element.append(svg("circle", { r: RADIUS }), this.values[layer][row]);
    element.append(svg("text", { y: -RADIUS - 4, class: "name" }, NAMES[layer][row]));
    if (layer) {
      const value = svg("text", { y: RADIUS + 12, class: "weight" });
      element.append(value);
      element.classList.add("parameter");
      setAttributes(element, { role: "button", tabindex: 0 });
      onPress(element, () => chosen(place));
      this.parameters.push({ place, element, value });
    }
    return element;
  }

  /**
   * Show a network, its activations, and the chosen place; a wire is as thick as its weight is large.
   * @param {Layer[]} network
   * @param {number[][]} activations
   * @param {Layer[]} gradient
   * @param {Place} chosen
   */
  show(network, activations, gradient, chosen) {
    for (const [layer, nodes] of this.values.entries()) {
      for (const [row, value] of nodes.entries()) value.textContent = activations[layer][row].toFixed(2);
    }
    for (const { place, element, value } of this.parameters) {
      const { layer, to, from } = place;
      const number = from < 0 ? network[layer].b[to] : network[layer].w[to][from];
      const slope = from < 0 ? gradient[layer].b[to] : gradient[layer].w[to][from];
      value.textContent = from < 0 ? `b ${written(number, 3)}` : written(number, 3);
      const isChosen = layer === chosen.layer && to === chosen.to && from === chosen.from;
      const name = `${from < 0 ? "b" : "w"} ${NAMES[layer + 1][to]} ${from < 0 ? "" : NAMES[layer][from]}`;
      setAttributes(element, {
        "aria-pressed": String(isChosen),
        "aria-label": `${name} = ${written(number, 3)}, ∂a = ${written(slope, 2)}`,
        style: `--thick: ${(0.8 + Math.abs(number)).toFixed(2)}px`,
      });
      element.classList.toggle("negative", number < 0);
    }
  }
}
