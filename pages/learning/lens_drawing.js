// The network as a drawing: the image, a column of neurons for each layer, and the connections of the selected neuron.

import { svg, written } from "../figures/charts.js";

/** @import { LensNetwork } from "./lens_network.js" */
/** @import { Place } from "./lens_numbers.js" */

/** The width of the drawing and of the image, and where the first and the last layer are; a phone has less room. */
const [WIDTH, IMAGE, FIRST, LAST] = innerWidth < 500 ? [420, 105, 160, 265] : [700, 150, 250, 520];
const HEIGHT = 380;
const IN_COLUMN = 20;
const MOST_FAINT = 600;

/** @typedef {{layer: number, neuron: number}} At A neuron of a layer. */

/**
 * Start the drawing, and return the element to draw on.
 * @param {HTMLElement} place
 * @param {(at: At | null) => void} point Called with the neuron at the pointer.
 * @param {() => void} pick Called when it is selected.
 */
export function startDiagram(place, point, pick) {
  const element = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "lens-drawing" });
  place.append(element);
  const at = (/** @type {Event} */ event) => {
    const node = /** @type {SVGElement | null} */ (/** @type {Element} */ (event.target).closest("[data-layer]"));
    if (node) point({ layer: Number(node.dataset.layer), neuron: Number(node.dataset.neuron) });
    return node !== null;
  };
  element.addEventListener("pointermove", at);
  element.addEventListener("click", (event) => {
    if (at(event)) pick();
  });
  element.addEventListener("pointerleave", () => point(null));
  return element;
}

/**
 * Draw a network.
 * @param {SVGElement} element
 * @param {LensNetwork} lens
 * @param {{address: string, size: number[]}} image Its height and width are its size.
 * @param {Place} place
 * @param {boolean} backward Whether errors are shown, and not activations.
 */
export function drawDiagram(element, lens, image, place, backward) {
  const { layers, label } = lens;
  const places = layers.map(({ b }, layer) => {
    const x = layers.length === 1 ? LAST : FIRST + ((LAST - FIRST) * layer) / (layers.length - 1);
    return nodePlaces(b.length, x);
  });
  element.replaceChildren(picture(image, place), faintLines(places), lines(lens, places, place, backward));
  layers.forEach(({ a, delta }, layer) => {
    const values = backward ? delta : a;
    const largest = Math.max(...values.map(Math.abs)) || 1;
    for (const [neuron, value] of values.entries()) {
      const [cx, cy, r] = places[layer][neuron];
      const chosen = layer === place.layer && neuron === place.neuron;
      const look = { class: value < 0 ? "minus" : "plus", "fill-opacity": Math.abs(value) / largest };
      element.append(
        svg(
          "g",
          { "data-layer": layer, "data-neuron": neuron, class: chosen ? "node chosen" : "node" },
          svg("circle", { cx, cy, r: r + 3, class: "reach" }),
          svg("circle", { cx, cy, r, class: "ground" }),
          svg("circle", { cx, cy, r, ...look }),
          svg("title", {}, written(value, 4)),
        ),
      );
    }
  });
  // The digits beside the output neurons, with their outputs or errors; the true one is marked.
  const last = layers[layers.length - 1];
  places[layers.length - 1].forEach(([x, y], digit) => {
    const value = backward ? last.delta[digit] : last.a[digit];
    const words = `${digit}   ${written(value, 3)}${digit === label ? "  ← y = 1" : ""}`;
    const attributes = { x: x + 20, y: y + 5, "data-layer": layers.length - 1, "data-neuron": digit };
    element.append(svg("text", { ...attributes, class: digit === label ? "true" : "" }, words));
  });
}

/**
 * The image, with a mark at the selected pixel.
 * @type {(image: {address: string, size: number[]}, place: Place) => SVGElement}
 */
function picture({ address, size: [height, width] }, { layer, input }) {
  const y = (HEIGHT - IMAGE) / 2;
  const pixel = { width: IMAGE / width, height: IMAGE / height };
  const group = svg(
    "g",
    {},
    svg("image", { href: address, y, width: IMAGE, height: IMAGE, preserveAspectRatio: "none" }),
    svg("rect", { y, width: IMAGE, height: IMAGE, class: "edge" }),
  );
  const at = { x: (input % width) * pixel.width, y: y + Math.floor(input / width) * pixel.height };
  if (layer === 0) group.append(svg("rect", { ...at, ...pixel, class: "mark" }));
  return group;
}

/** All connections between neurons, if they are not too many. @type {(places: number[][][]) => SVGElement} */
function faintLines(places) {
  const group = svg("g", { class: "faint-lines" });
  places.slice(1).forEach((to, layer) => {
    if (to.length * places[layer].length > MOST_FAINT) return;
    for (const end of to) for (const start of places[layer]) group.append(line(start, end));
  });
  return group;
}

/**
 * The connections of the selected neuron: forward from its inputs, as thick as w a; backward from the neurons that it
 * goes to, as thick as w delta.
 * @type {(lens: LensNetwork, places: number[][][], place: Place, backward: boolean) => SVGElement}
 */
function lines({ layers }, places, { layer, neuron, input }, backward) {
  const group = svg("g", { class: "lines" });
  const own = places[layer][neuron];
  const outputs = layers[layer].b.length;
  if (layer === 0) group.append(line([IMAGE, HEIGHT / 2], own, "plain"));
  const next = layers[layer + 1];
  /** @type {{values: number[], ends: number[][], marked: number}} */
  let drawn = { values: [], ends: [], marked: -1 };
  if (backward && next) {
    const values = Array.from(next.delta, (delta, j) => next.w[neuron * next.b.length + j] * delta);
    drawn = { values, ends: places[layer + 1], marked: -1 };
  } else if (!backward && layer > 0) {
    const { w, inputs } = layers[layer];
    const values = Array.from(inputs, (a, k) => w[k * outputs + neuron] * a);
    drawn = { values, ends: places[layer - 1], marked: input };
  }
  const largest = Math.max(...drawn.values.map(Math.abs)) || 1;
  drawn.values.forEach((value, end) => {
    const one = line(drawn.ends[end], own, value < 0 ? "minus" : "plus");
    one.setAttribute("stroke-width", String(0.4 + (4.5 * Math.abs(value)) / largest));
    if (end === drawn.marked) one.classList.add("marked");
    group.append(one);
  });
  return group;
}

/**
 * Return the places of the neurons of a layer with their radius, in columns of at most twenty.
 * @type {(count: number, x: number) => number[][]}
 */
function nodePlaces(count, x) {
  const columns = Math.ceil(count / IN_COLUMN);
  const rows = Math.ceil(count / columns);
  const step = Math.min(34, (HEIGHT - 20) / rows);
  const r = Math.min(9, 0.38 * step);
  return Array.from({ length: count }, (_, neuron) => {
    const [column, row] = [Math.floor(neuron / rows), neuron % rows];
    const across = (column - (columns - 1) / 2) * Math.min(20, step);
    const inThis = Math.min(rows, count - column * rows);
    return [x + across, HEIGHT / 2 + (row - (inThis - 1) / 2) * step, r];
  });
}

/** @type {(from: number[], to: number[], className?: string) => SVGLineElement} */
function line(from, to, className = "") {
  return svg("line", { x1: from[0], y1: from[1], x2: to[0], y2: to[1], class: className });
}
