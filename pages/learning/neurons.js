// The weights of the network as pictures: an image for each neuron of the first layer, and a row of cells for each
// neuron of the later ones. One neuron of the first layer is selected, by the pointer or the arrow keys.

import { written } from "../figures/charts.js";
import { byId, contextOf, make, signedColours } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { paintSigned, pixelCanvas, reachOf } from "./pictures.js";
import { session } from "./session.js";
import { settings } from "./settings.js";

/** @typedef {import("./network.js").Parameters} Parameters */

const STEPS = /** @type {Record<string, number>} */ ({ ArrowLeft: -1, ArrowRight: 1 });
const TILE = 44;
const GAP = 4;

export class Neurons {
  /**
   * @param {number} height Of the images.
   * @param {number} width
   */
  constructor(height, width) {
    this.height = height;
    this.width = width;
    this.selected = 0;
    this.columns = 1;
    this.canvas = /** @type {HTMLCanvasElement} */ (byId("learn-tiles"));
    this.buffer = pixelCanvas(height, width);
    this.large = /** @type {HTMLCanvasElement} */ (byId("learn-large"));
    this.large.width = width;
    this.large.height = height;
    this.canvas.addEventListener("pointermove", (event) => this.selectAt(event));
    this.canvas.addEventListener("pointerdown", (event) => this.selectAt(event));
    this.canvas.addEventListener("keydown", (event) => {
      const rows = /** @type {Record<string, number>} */ ({ ArrowUp: -1, ArrowDown: 1 });
      const step = STEPS[event.key] ?? (rows[event.key] ?? 0) * this.columns;
      if (!step) return;
      event.preventDefault();
      this.select(this.selected + step);
    });
    onLanguage(() => this.paint());
    new ResizeObserver(() => this.paint()).observe(byId("learn-neurons"));
  }

  /** The parameters of all layers, or what has been added to them since the start. */
  get shown() {
    const now = session.report?.parameters ?? [];
    if (settings.show.value === "weights") return now;
    return now.map(({ w, b }, layer) => {
      const start = session.initial[layer];
      return { w: w.map((weight, at) => weight - start.w[at]), b: b.map((bias, at) => bias - start.b[at]) };
    });
  }

  /** @param {PointerEvent} event */
  selectAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / (TILE + GAP));
    const row = Math.floor((event.clientY - box.top) / (TILE + GAP));
    if (column < this.columns) this.select(row * this.columns + column);
  }

  /** @param {number} neuron */
  select(neuron) {
    const neurons = session.report?.parameters[0].b.length ?? 0;
    if (neuron < 0 || neuron >= neurons || neuron === this.selected) return;
    this.selected = neuron;
    this.paint();
  }

  /** Paint all weights. */
  paint() {
    const { canvas } = this;
    const [first, ...later] = this.shown;
    if (!first) return;
    const neurons = first.b.length;
    this.selected = Math.min(this.selected, neurons - 1);
    const colours = signedColours("--below", "--zero", "--above");
    const reach = reachOf(first.w);
    const available = /** @type {HTMLElement} */ (canvas.parentElement).clientWidth;
    this.columns = Math.max(1, Math.min(neurons, Math.floor(available / (TILE + GAP))));
    const zoom = Math.min(3, window.devicePixelRatio || 1);
    const [across, down] = [this.columns, Math.ceil(neurons / this.columns)].map(
      (count) => count * (TILE + GAP),
    );
    [canvas.width, canvas.height] = [across * zoom, down * zoom];
    [canvas.style.width, canvas.style.height] = [`${across}px`, `${down}px`];
    const context = contextOf(canvas);
    context.scale(zoom, zoom);
    context.imageSmoothingEnabled = false;
    const style = getComputedStyle(document.documentElement);
    for (let neuron = 0; neuron < neurons; neuron++) {
      paintSigned(this.buffer, (place) => first.w[place * neurons + neuron] / reach, colours);
      const x = (neuron % this.columns) * (TILE + GAP) + GAP / 2;
      const y = Math.floor(neuron / this.columns) * (TILE + GAP) + GAP / 2;
      context.drawImage(this.buffer, x, y, TILE, TILE);
      context.strokeStyle = style.getPropertyValue(neuron === this.selected ? "--ink" : "--line");
      context.lineWidth = neuron === this.selected ? 2 : 1;
      context.strokeRect(x, y, TILE, TILE);
    }
    paintSigned(this.large, (place) => first.w[place * neurons + this.selected] / reach, colours);
    this.describe(first, later);
    this.paintLater(later, colours);
  }

  /**
   * Say what the selected neuron is, and to what it is connected.
   * @param {Parameters} first
   * @param {Parameters[]} later
   */
  describe(first, later) {
    const next = later.length ? later[0] : null;
    const bias = written(first.b[this.selected], 3);
    byId("learn-which").setAttribute("aria-live", session.report?.running ? "off" : "polite");
    const key = next ? "learn-hidden-neuron" : "learn-output-neuron";
    const suffix = settings.show.value === "change" ? "-change" : "";
    byId("learn-which").textContent = text(key + suffix, { neuron: this.selected, bias });
    const bars = byId("learn-bars");
    bars.hidden = !next;
    byId("learn-bars-title").hidden = !next;
    if (!next) return;
    const outputs = next.b.length;
    byId("learn-bars-title").textContent = text(later.length === 1 ? "learn-to-digits" : "learn-to-next");
    const own = next.w.subarray(this.selected * outputs, (this.selected + 1) * outputs);
    const largest = Math.max(...own.map(Math.abs)) || 1;
    bars.replaceChildren(...Array.from(own, (weight, to) => bar(to, weight, weight / largest)));
  }

  /**
   * Paint the weights of the later layers: row j has those of neuron j.
   * @param {Parameters[]} layers
   * @param {Uint32Array} colours
   */
  paintLater(layers, colours) {
    const place = byId("learn-later");
    while (place.children.length > layers.length) place.lastElementChild?.remove();
    while (place.children.length < layers.length) {
      place.append(make("figure", "", pixelCanvas(1, 1, "matrix"), make("figcaption", "quiet")));
    }
    layers.forEach(({ w, b }, number) => {
      const [canvas, caption] = place.children[number].children;
      const matrix = /** @type {HTMLCanvasElement} */ (canvas);
      const [outputs, inputs] = [b.length, w.length / b.length];
      [matrix.width, matrix.height] = [inputs, outputs];
      matrix.style.aspectRatio = `${inputs} / ${outputs}`;
      matrix.style.width = `min(100%, ${Math.max(10 * inputs, 60)}px)`;
      const reach = reachOf(w);
      const at = (/** @type {number} */ cell) => (cell % inputs) * outputs + Math.floor(cell / inputs);
      paintSigned(matrix, (cell) => w[at(cell)] / reach, colours);
      const isLast = number === layers.length - 1;
      caption.textContent = text(isLast ? "learn-output-matrix" : "learn-hidden-matrix", {
        layer: number + 2,
        inputs,
        outputs,
      });
    });
  }
}

/**
 * Return a bar of a signed weight, with its number.
 * @param {number} to
 * @param {number} weight
 * @param {number} share Of the largest one, from -1 to 1.
 */
function bar(to, weight, share) {
  const filled = make("i", share < 0 ? "minus" : "plus");
  filled.style.width = `${50 * Math.abs(share)}%`;
  return make(
    "li",
    "",
    make("b", "", String(to)),
    make("span", "track", filled),
    make("span", "", written(weight, 2)),
  );
}
