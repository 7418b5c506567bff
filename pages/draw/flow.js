// How a drawing flows through a network: the image, the hidden neurons, the outputs, and the connections that mattered
// most. A connection's contribution is its weight times the activation that it carries.

import { svg } from "../figures/charts.js";
import { onLanguage, text } from "../shared/language.js";
import { groupsOf } from "./inside.js";

/** @import { Group } from "./inside.js" */
/** @import { Network } from "./network.js" */

const [WIDTH, HEIGHT] = [520, 300];
/** The side of the image in the drawing; the canvas of what the network sees lies above it. */
const IMAGE = 112;
const MOST_NEURONS = 30;
const MOST_LINES = 28;
const BAR = 70;

export class Flow {
  /**
   * @param {Network} network
   * @param {string[]} names The names of the classes.
   */
  constructor(network, names) {
    this.network = network;
    this.names = names;
    const all = groupsOf(network);
    const output = network.layers.length - 1;
    /** @type {Group[]} */
    this.groups = all.filter(({ place }) => place !== output);
    this.lines = svg("g", { class: "lines" });
    this.units = svg("g");
    this.element = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, this.lines, this.units);
    onLanguage(() => this.element.setAttribute("aria-label", text("flow")));
  }

  /**
   * Show a reading.
   * @param {number[]} probabilities One for each class; empty without a digit.
   * @param {number | null} best
   */
  show(probabilities, best) {
    this.lines.replaceChildren();
    this.units.replaceChildren();
    const columns = [
      ...this.groups.map((group, place) => this.hidden(group, place)),
      this.outputs(probabilities, best),
    ];
    if (!probabilities.length) return;
    columns.forEach((column, place) => {
      const before = place ? columns[place - 1] : null;
      const { layer } = column;
      const { w } = layer;
      if (!w) return;
      const inputs = w.length / layer.shape[0];
      if (!before && inputs === this.network.input.length)
        this.connect(column, w, this.network.input, (at) => this.pixel(at));
      else if (before?.layer.shape.length === 1 && inputs === before.layer.a.length) {
        this.connect(column, w, before.layer.a, (at) => before.places.get(at));
      }
    });
  }

  /** @param {number} at */
  pixel(at) {
    const [height, width] = this.network.stored.image;
    const [row, column] = [Math.floor(at / width), at % width];
    return [((column + 0.5) * IMAGE) / width, (HEIGHT - IMAGE) / 2 + ((row + 0.5) * IMAGE) / height];
  }

  /**
   * Draw a column of hidden neurons or maps; of many, the most active.
   * @param {Group} group
   * @param {number} place
   */
  hidden({ layer, units }, place) {
    const active = Array.from({ length: units }, (_, unit) => {
      let total = 0;
      for (let at = unit; at < layer.a.length; at += units) total += layer.a[at];
      return (total * units) / layer.a.length;
    });
    const order = active.map((_, unit) => unit).sort((one, other) => Math.abs(active[other]) - Math.abs(active[one]));
    const chosen = order.slice(0, MOST_NEURONS).sort((one, other) => one - other);
    const most = Math.max(...active.map(Math.abs)) || 1;
    const x = IMAGE + ((place + 1) * (WIDTH - IMAGE - BAR - 40)) / (this.groups.length + 1);
    const step = HEIGHT / chosen.length;
    const places = new Map();
    chosen.forEach((unit, at) => {
      const y = (at + 0.5) * step;
      places.set(unit, [x, y]);
      const r = Math.min(5, 0.42 * step);
      const look = {
        class: active[unit] < 0 ? "below" : "above",
        "fill-opacity": Math.abs(active[unit]) / most,
      };
      this.units.append(svg("circle", { cx: x, cy: y, r, ...look }));
    });
    return { layer, places };
  }

  /**
   * Draw the outputs, each with its probability as a bar.
   * @param {number[]} probabilities
   * @param {number | null} best
   */
  outputs(probabilities, best) {
    const layer = this.network.layers[this.network.layers.length - 1];
    const x = WIDTH - BAR - 34;
    const step = HEIGHT / this.names.length;
    const places = new Map();
    this.names.forEach((name, label) => {
      const y = (label + 0.5) * step;
      places.set(label, [x, y]);
      const height = Math.min(14, 0.7 * step);
      const width = BAR * (probabilities[label] ?? 0);
      const words = { x: x + 20, y: y + 5, "text-anchor": "middle", class: label === best ? "best" : "" };
      this.units.append(
        svg("text", words, name.length > 3 ? `${name.slice(0, 2)}…` : name),
        svg("rect", { x: x + 32, y: y - height / 2, width, height, class: "bar" }),
      );
    });
    return { layer, places };
  }

  /**
   * Draw the connections of a dense layer that contributed most, from and to what is drawn. Of many inputs, such as
   * pixels, each neuron has its strongest.
   * @param {{ places: Map<number, number[]> }} column
   * @param {Float32Array} w
   * @param {Float32Array} a
   * @param {(at: number) => number[] | undefined} from
   */
  connect(column, w, a, from) {
    /** @type {{ value: number, start: number[], end: number[] }[]} */
    const found = [];
    for (const [unit, end] of column.places) {
      const row = unit * a.length;
      let strongest = 0;
      for (let at = 1; at < a.length; at++) {
        if (Math.abs(w[row + at] * a[at]) > Math.abs(w[row + strongest] * a[strongest])) strongest = at;
      }
      const chosen = a.length > MOST_NEURONS ? [strongest] : a.keys();
      for (const at of chosen) {
        const start = a[at] ? from(at) : undefined;
        if (start) found.push({ value: w[row + at] * a[at], start, end });
      }
    }
    found.sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
    const most = Math.abs(found[0]?.value ?? 1);
    for (const { value, start, end } of found.slice(0, MOST_LINES)) {
      const share = Math.abs(value) / most;
      const middle = (start[0] + end[0]) / 2;
      const d = `M${start[0]},${start[1]}C${middle},${start[1]} ${middle},${end[1]} ${end[0]},${end[1]}`;
      const look = {
        class: value < 0 ? "below" : "above",
        "stroke-width": 0.5 + 2 * share,
        opacity: 0.25 + 0.6 * share,
      };
      this.lines.append(svg("path", { d, ...look }));
    }
  }
}
