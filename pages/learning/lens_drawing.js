// The network as a drawing: the image, a column of neurons for each layer, and the connections of the selected neuron.

import { svg, written } from "../figures/charts.js";
import { digitCanvas } from "../shared/pictures.js";

/** @import { LensNetwork } from "./lens_network.js" */
/** @import { Place } from "./lens_numbers.js" */

/** The width of the drawing and of the image, and where the first and the last layer are; a phone has less room. */
const [WIDTH, IMAGE, FIRST, LAST] = innerWidth < 500 ? [420, 105, 165, 285] : [700, 150, 250, 520];
const HEIGHT = 380;
const IN_COLUMN = 20;
const MOST_FAINT = 600;

export class Diagram {
  /**
   * @param {HTMLElement} place
   * @param {(at: {layer: number, neuron: number} | null) => void} point Called with the neuron at the pointer.
   * @param {() => void} pick Called when it is selected.
   */
  constructor(place, point, pick) {
    this.element = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "lens-drawing" });
    place.append(this.element);
    const at = (/** @type {Event} */ event) => {
      const node = /** @type {SVGElement | null} */ (/** @type {Element} */ (event.target).closest("[data-layer]"));
      if (node) point({ layer: Number(node.dataset.layer), neuron: Number(node.dataset.neuron) });
      return node !== null;
    };
    this.element.addEventListener("pointermove", at);
    this.element.addEventListener("click", (event) => {
      if (at(event)) pick();
    });
    this.element.addEventListener("pointerleave", () => point(null));
  }

  /**
   * @param {LensNetwork} lens
   * @param {Uint8Array} image
   * @param {number[]} size Height and width of the image.
   */
  take(lens, image, [height, width]) {
    this.lens = lens;
    this.size = [height, width];
    this.address = digitCanvas(height, width, image).toDataURL();
    const count = lens.layers.length;
    this.places = lens.layers.map(({ b }, layer) => {
      const x = count === 1 ? LAST : FIRST + ((LAST - FIRST) * layer) / (count - 1);
      return nodePlaces(b.length, x);
    });
  }

  /**
   * @param {Place} place
   * @param {boolean} backward Whether errors are shown, and not activations.
   */
  draw(place, backward) {
    const { lens, places } = this;
    if (!lens || !places) return;
    this.element.replaceChildren(this.picture(place), this.faintLines(), this.lines(place, backward));
    lens.layers.forEach(({ a, delta }, layer) => {
      const values = backward ? delta : a;
      const largest = Math.max(...values.map(Math.abs)) || 1;
      for (const [neuron, value] of values.entries()) {
        const chosen = layer === place.layer && neuron === place.neuron;
        this.element.append(this.node(layer, neuron, value, value / largest, chosen));
      }
    });
    this.element.append(...this.outputs(backward));
  }

  /** @param {Place} place */
  picture({ layer, input }) {
    const [height, width] = this.size ?? [1, 1];
    const y = (HEIGHT - IMAGE) / 2;
    const pixel = [IMAGE / width, IMAGE / height];
    const group = svg(
      "g",
      {},
      svg("image", { href: this.address ?? "", y, width: IMAGE, height: IMAGE, preserveAspectRatio: "none" }),
      svg("rect", { y, width: IMAGE, height: IMAGE, class: "edge" }),
    );
    if (layer === 0) {
      const x = (input % width) * pixel[0];
      const top = y + Math.floor(input / width) * pixel[1];
      group.append(svg("rect", { x, y: top, width: pixel[0], height: pixel[1], class: "mark" }));
    }
    return group;
  }

  /** All connections between neurons, if they are not too many. */
  faintLines() {
    const group = svg("g", { class: "faint-lines" });
    const all = this.places ?? [];
    all.slice(1).forEach((to, layer) => {
      if (to.length * all[layer].length > MOST_FAINT) return;
      for (const end of to) for (const start of all[layer]) group.append(line(start, end));
    });
    return group;
  }

  /**
   * The connections of the selected neuron: forward from its inputs, as thick as w a; backward from the neurons that it
   * goes to, as thick as w delta.
   * @type {(place: Place, backward: boolean) => SVGGElement}
   */
  lines({ layer, neuron, input }, backward) {
    const { lens, places } = this;
    const group = svg("g", { class: "lines" });
    if (!lens || !places) return group;
    const own = places[layer][neuron];
    const outputs = lens.layers[layer].b.length;
    if (layer === 0) group.append(line([IMAGE, HEIGHT / 2], own, "plain"));
    const next = lens.layers[layer + 1];
    /** @type {{values: number[], ends: number[][], marked: number}} */
    let drawn = { values: [], ends: [], marked: -1 };
    if (backward && next) {
      const values = Array.from(next.delta, (delta, j) => next.w[neuron * next.b.length + j] * delta);
      drawn = { values, ends: places[layer + 1], marked: -1 };
    } else if (!backward && layer > 0) {
      const { w, inputs } = lens.layers[layer];
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
   * @param {number} layer
   * @param {number} neuron
   * @param {number} value
   * @param {number} share Of the largest in the layer, from -1 to 1.
   * @param {boolean} chosen
   */
  node(layer, neuron, value, share, chosen) {
    const [x, y, r] = this.places?.[layer][neuron] ?? [0, 0, 0];
    return svg(
      "g",
      { "data-layer": layer, "data-neuron": neuron, class: chosen ? "node chosen" : "node" },
      svg("circle", { cx: x, cy: y, r: r + 3, class: "reach" }),
      svg("circle", { cx: x, cy: y, r, class: "ground" }),
      svg("circle", {
        cx: x,
        cy: y,
        r,
        class: share < 0 ? "minus" : "plus",
        "fill-opacity": Math.abs(share),
      }),
      svg("title", {}, written(value, 4)),
    );
  }

  /**
   * The digits beside the output neurons, with their outputs or errors; the true one is marked.
   * @param {boolean} backward
   */
  outputs(backward) {
    const { lens, places } = this;
    if (!lens || !places) return [];
    const last = lens.layers[lens.layers.length - 1];
    return places[places.length - 1].map(([x, y], digit) => {
      const value = backward ? last.delta[digit] : last.a[digit];
      const words = `${digit}   ${written(value, 3)}${digit === lens.label ? "  ← y = 1" : ""}`;
      const place = { x: x + 20, y: y + 5, "data-layer": lens.layers.length - 1, "data-neuron": digit };
      return svg("text", { ...place, class: digit === lens.label ? "true" : "" }, words);
    });
  }
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
