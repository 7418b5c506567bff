// How a drawing flows through a network: the image, the hidden neurons, the outputs, and the connections that mattered
// most. A connection's contribution is its weight times the activation that it carries.

import { svg } from "../figures/charts.js";
import { onLanguage, text } from "../shared/language.js";
import { groupsOf, meanActivation } from "./inside.js";

/** @import { Group } from "./inside.js" */
/** @import { Layer } from "./layers.js" */
/** @import { Network } from "./network.js" */
/** @typedef {{ layer: Layer, places: Map<number, number[]> }} Column Where its neurons are drawn. */

const [WIDTH, HEIGHT] = [520, 300];
/** The side of the image in the drawing; the canvas of what the network sees lies above it. */
const IMAGE = 112;
const MOST_NEURONS = 30;
const MOST_LINES = 28;
const BAR = 70;

/**
 * Return a drawing of a network, and a function that shows a reading: a probability for each class, none without a digit.
 * @param {Network} network
 * @param {string[]} names The names of the classes.
 */
export function flowThrough(network, names) {
  const output = network.layers[network.layers.length - 1];
  const groups = groupsOf(network).filter(({ layer }) => layer !== output);
  const [lines, units] = [svg("g", { class: "lines" }), svg("g")];
  const element = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" }, lines, units);
  onLanguage(() => element.setAttribute("aria-label", text("flow")));
  return { element, show };

  /** @param {number[]} probabilities */
  function show(probabilities) {
    lines.replaceChildren();
    units.replaceChildren();
    const columns = [...groups.map(hidden), outputs(probabilities)];
    if (!probabilities.length) return;
    columns.forEach(({ layer: { w, shape }, places }, place) => {
      const before = place ? columns[place - 1] : null;
      if (!w) return;
      const inputs = w.length / shape[0];
      if (!before && inputs === network.input.length) connect(places, w, network.input, pixel);
      else if (before?.layer.shape.length === 1 && inputs === before.layer.a.length) {
        connect(places, w, before.layer.a, (at) => before.places.get(at));
      }
    });
  }

  /** @param {number} at */
  function pixel(at) {
    const [height, width] = network.stored.image;
    const [row, column] = [Math.floor(at / width), at % width];
    return [((column + 0.5) * IMAGE) / width, (HEIGHT - IMAGE) / 2 + ((row + 0.5) * IMAGE) / height];
  }

  /** Draw a column of hidden neurons or maps; of many, the most active. @type {(group: Group, place: number) => Column} */
  function hidden({ layer, units: count }, place) {
    const active = Array.from({ length: count }, (_, unit) => meanActivation(layer, unit));
    const order = [...active.keys()].sort((one, other) => Math.abs(active[other]) - Math.abs(active[one]));
    const chosen = order.slice(0, MOST_NEURONS).sort((one, other) => one - other);
    const most = Math.max(...active.map(Math.abs)) || 1;
    const x = IMAGE + ((place + 1) * (WIDTH - IMAGE - BAR - 40)) / (groups.length + 1);
    const step = HEIGHT / chosen.length;
    const places = new Map();
    chosen.forEach((unit, at) => {
      const y = (at + 0.5) * step;
      places.set(unit, [x, y]);
      const look = { class: active[unit] < 0 ? "below" : "above", "fill-opacity": Math.abs(active[unit]) / most };
      units.append(svg("circle", { cx: x, cy: y, r: Math.min(5, 0.42 * step), ...look }));
    });
    return { layer, places };
  }

  /** Draw the outputs, each with its probability as a bar. @type {(probabilities: number[]) => Column} */
  function outputs(probabilities) {
    const best = probabilities.indexOf(Math.max(...probabilities));
    const x = WIDTH - BAR - 34;
    const step = HEIGHT / names.length;
    const places = new Map();
    names.forEach((name, label) => {
      const y = (label + 0.5) * step;
      places.set(label, [x, y]);
      const height = Math.min(14, 0.7 * step);
      const width = BAR * (probabilities[label] ?? 0);
      const words = { x: x + 20, y: y + 5, "text-anchor": "middle", class: label === best ? "best" : "" };
      units.append(
        svg("text", words, name.length > 3 ? `${name.slice(0, 2)}…` : name),
        svg("rect", { x: x + 32, y: y - height / 2, width, height, class: "bar" }),
      );
    });
    return { layer: output, places };
  }

  /**
   * Draw the connections of a dense layer that contributed most, from and to what is drawn. Of many inputs, such as
   * pixels, each neuron has its strongest.
   * @param {Map<number, number[]>} places
   * @param {Float32Array} w
   * @param {import("../shared/activations.js").Numbers} a
   * @param {(at: number) => number[] | undefined} from
   */
  function connect(places, w, a, from) {
    /** @type {{ value: number, start: number[], end: number[] }[]} */
    const found = [];
    for (const [unit, end] of places) {
      const row = unit * a.length;
      let strongest = 0;
      for (let at = 1; at < a.length; at++) {
        if (Math.abs(w[row + at] * a[at]) > Math.abs(w[row + strongest] * a[strongest])) strongest = at;
      }
      for (const at of a.length > MOST_NEURONS ? [strongest] : a.keys()) {
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
      lines.append(svg("path", { d, ...look }));
    }
  }
}
