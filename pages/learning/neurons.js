// The network that learns, as a drawing: an image, its hidden neurons with the pictures of their weights, connections as
// lines with the width and the colour of their weights, and the outputs. A neuron is selected by a click or the arrow keys.

import { written } from "../figures/charts.js";
import { byId, contextOf, make } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { paintGrey, paintSigned, pixelCanvas, reachOf } from "../shared/pictures.js";
import { LensNetwork } from "./lens_network.js";
import { largest } from "./run.js";
import { session } from "./session.js";
import { settings } from "./settings.js";

/** @import { Parameters } from "./network.js" */
/** @import { Digits } from "./session.js" */
/** @typedef {{x: number, y: number, size: number}} Place The centre of a neuron and its width. */

const STEPS = /** @type {Record<string, number>} */ ({
  ArrowLeft: -10,
  ArrowRight: 10,
  ArrowUp: -1,
  ArrowDown: 1,
});
const IMAGE = 96;
const TILE = innerWidth < 500 ? 22 : 30;
const IN_COLUMN = 10;
const MOST_LINES = 450;
const CLASSES = 10;

/** The neuron of the first layer that is looked at, and the test image, in all drawings. */
const looked = { neuron: 0, image: 0 };

export class NetworkDrawing {
  /**
   * @param {string} id Of a canvas.
   * @param {Digits} digits
   * @param {() => void} selected Called when another neuron is selected.
   */
  constructor(id, digits, selected) {
    this.digits = digits;
    this.canvas = /** @type {HTMLCanvasElement} */ (byId(id));
    this.buffer = pixelCanvas(digits.height, digits.width);
    this.digit = pixelCanvas(digits.height, digits.width);
    /** @type {Place[][]} */
    this.places = [];
    this.canvas.addEventListener("click", (event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      const [x, y] = [event.clientX - left, event.clientY - top];
      const hit = (/** @type {Place} */ at) => Math.hypot(at.x - x, at.y - y) < at.size * 0.75;
      const neuron = this.places[0]?.findIndex(hit) ?? -1;
      if (neuron < 0) return;
      looked.neuron = neuron;
      selected();
    });
    this.canvas.addEventListener("keydown", (event) => {
      const neuron = looked.neuron + (STEPS[event.key] ?? Number.NaN);
      if (!this.places[0]?.[neuron]) return;
      event.preventDefault();
      looked.neuron = neuron;
      selected();
    });
    new ResizeObserver(() => this.paint()).observe(/** @type {HTMLElement} */ (this.canvas.parentElement));
  }

  /** The parameters to show: those of now, or what learning has changed. */
  parameters() {
    const { report, initial } = session;
    if (!report || settings.show.value === "weights") return report?.parameters ?? [];
    return report.parameters.map(({ w, b }, layer) => ({
      w: w.map((value, place) => value - initial[layer].w[place]),
      b: b.map((value, place) => value - initial[layer].b[place]),
    }));
  }

  paint() {
    const { report, setup } = session;
    const width = /** @type {HTMLElement} */ (this.canvas.parentElement).clientWidth;
    if (!report || !setup || !width) return;
    const parameters = this.parameters();
    const height = IN_COLUMN * (TILE + 4);
    const zoom = Math.min(3, window.devicePixelRatio || 1);
    [this.canvas.width, this.canvas.height] = [width * zoom, height * zoom];
    [this.canvas.style.width, this.canvas.style.height] = [`${width}px`, `${height}px`];
    const context = contextOf(this.canvas);
    context.scale(zoom, zoom);
    context.imageSmoothingEnabled = false;
    const side = Math.min(IMAGE, width / 5);
    this.places = placesOf(parameters, side + 18, width - 66, height);
    looked.neuron = Math.min(looked.neuron, this.places[0].length - 1);
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name);
    const { bytes, labels } = this.digits.test;
    const image = bytes
      .subarray(looked.image * (bytes.length / labels.length))
      .subarray(0, bytes.length / labels.length);
    const x = Float64Array.from(image, (byte) => byte / 255);
    const lens = new LensNetwork(report.parameters, setup.activation, setup.cost, x, labels[looked.image]);
    paintGrey(this.digit, image);
    context.drawImage(this.digit, 0, (height - side) / 2, side, side);
    this.paintLines(context, parameters, [side, height / 2], colour);
    this.paintTiles(context, parameters[0], colour);
    for (const [layer, { a }] of lens.layers.entries()) {
      if (layer) this.paintUnits(context, this.places[layer], a, colour);
    }
    const { a } = lens.layers[lens.layers.length - 1];
    context.font = "13px system-ui, sans-serif";
    context.textBaseline = "middle";
    this.places[this.places.length - 1].forEach((at, digit) => {
      context.fillStyle = colour(digit === largest(a) ? (digit === lens.label ? "--accent" : "--wrong") : "--quiet");
      context.fillText(`${digit}  ${a[digit].toFixed(2)}`, at.x + at.size / 2 + 5, at.y);
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Parameters[]} parameters
   * @param {number[]} from Where the image ends.
   * @param {(name: string) => string} colour
   */
  paintLines(context, parameters, from, colour) {
    context.strokeStyle = colour("--line");
    context.lineWidth = 0.6;
    context.beginPath();
    for (const { x, y, size } of this.places[0]) {
      context.moveTo(from[0], from[1]);
      context.lineTo(x - size / 2, y);
    }
    context.stroke();
    parameters.slice(1).forEach(({ w, b }, layer) => {
      const [sources, targets] = [this.places[layer], this.places[layer + 1]];
      const reach = reachOf(w);
      const least = MOST_LINES < w.length ? [...w.map(Math.abs)].sort((one, other) => other - one)[MOST_LINES] : 0;
      w.forEach((weight, place) => {
        const [source, to] = [Math.floor(place / b.length), place % b.length];
        const own = layer > 0 || source === looked.neuron;
        if (Math.abs(weight) < least && !(own && layer === 0)) return;
        const share = Math.min(1, Math.abs(weight) / reach);
        context.strokeStyle = colour(weight < 0 ? "--below" : "--above");
        context.globalAlpha = own ? 0.25 + 0.7 * share : 0.08 + 0.35 * share;
        context.lineWidth = 0.3 + (own ? 4 : 2.4) * share;
        context.beginPath();
        context.moveTo(sources[source].x + sources[source].size / 2, sources[source].y);
        context.lineTo(targets[to].x - targets[to].size / 2, targets[to].y);
        context.stroke();
      });
    });
    context.globalAlpha = 1;
  }

  /**
   * The pictures of the first layer's weights.
   * @type {(context: CanvasRenderingContext2D, first: Parameters, colour: (name: string) => string) => void}
   */
  paintTiles(context, { w, b }, colour) {
    const reach = reachOf(w);
    this.places[0].forEach(({ x, y, size }, neuron) => {
      paintSigned(this.buffer, (place) => w[place * b.length + neuron] / reach);
      context.drawImage(this.buffer, x - size / 2, y - size / 2, size, size);
      context.strokeStyle = colour(neuron === looked.neuron ? "--ink" : "--line");
      context.lineWidth = neuron === looked.neuron ? 2 : 1;
      context.strokeRect(x - size / 2, y - size / 2, size, size);
    });
  }

  /**
   * The neurons of a later layer, filled by their activations for the image.
   * @param {CanvasRenderingContext2D} context
   * @param {Place[]} places
   * @param {Float64Array} a
   * @param {(name: string) => string} colour
   */
  paintUnits(context, places, a, colour) {
    const most = Math.max(1, ...a.map(Math.abs));
    places.forEach(({ x, y, size }, neuron) => {
      context.beginPath();
      context.arc(x, y, size / 2, 0, 2 * Math.PI);
      context.fillStyle = colour("--paper");
      context.fill();
      context.globalAlpha = Math.abs(a[neuron]) / most;
      context.fillStyle = colour(a[neuron] < 0 ? "--below" : "--above");
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = colour("--quiet");
      context.lineWidth = 1;
      context.stroke();
    });
  }
}

/**
 * Return the places of the neurons of all layers, in columns of ten.
 * @param {Parameters[]} parameters
 * @param {number} left
 * @param {number} right
 * @param {number} height
 */
function placesOf(parameters, left, right, height) {
  const columns = parameters.map(({ b }) => Math.ceil(b.length / IN_COLUMN));
  const gap = 70;
  const free = Math.max(40, right - left - gap * (parameters.length - 1));
  const step = Math.min(TILE + 4, free / columns.reduce((sum, count) => sum + count, 0));
  let x = columns.length > 1 ? left : right - step;
  const spread =
    columns.length > 1
      ? (right - left - step * columns.reduce((sum, count) => sum + count, 0)) / (columns.length - 1)
      : 0;
  return parameters.map(({ b }, layer) => {
    const isTile = layer === 0;
    const start = x + step / 2;
    x += step * columns[layer] + spread;
    const rows = Math.ceil(b.length / columns[layer]);
    return Array.from({ length: b.length }, (_, neuron) => ({
      x: start + step * Math.floor(neuron / rows),
      y: height / 2 + ((neuron % rows) - (rows - 1) / 2) * Math.min(height / rows, TILE + 4),
      size: Math.max(3, isTile ? step - 4 : Math.min(20, step - 6)),
    }));
  });
}

/** The drawing with all that is said about the selected neuron, and the opening's, which shows the same run. */
export class Neurons {
  /** @param {Digits} digits */
  constructor(digits) {
    this.large = /** @type {HTMLCanvasElement} */ (byId("learn-large"));
    [this.large.width, this.large.height] = [digits.width, digits.height];
    this.drawings = ["opening-network", "learn-network"].map(
      (id) => new NetworkDrawing(id, digits, () => this.paint()),
    );
    this.count = digits.test.labels.length;
    onLanguage(() => this.paint());
  }

  /** Show another test image. @param {number} image */
  look(image) {
    looked.image = image % this.count;
    this.paint();
  }

  paint() {
    for (const drawing of this.drawings) drawing.paint();
    const [first, ...later] = this.drawings[0].parameters();
    if (first) this.describe(first, later);
  }

  /**
   * Say what the selected neuron is, and to what it is connected.
   * @type {(first: Parameters, later: Parameters[]) => void}
   */
  describe(first, later) {
    const { neuron } = looked;
    const reach = reachOf(first.w);
    paintSigned(this.large, (place) => first.w[place * first.b.length + neuron] / reach);
    const which = byId("learn-which");
    which.setAttribute("aria-live", session.report?.running ? "off" : "polite");
    const suffix = settings.show.value === "change" ? "-change" : "";
    const key = later.length ? "learn-hidden-neuron" : "learn-output-neuron";
    which.textContent = text(key + suffix, { neuron, bias: written(first.b[neuron], 3) });
    const bars = byId("learn-bars");
    bars.hidden = !later.length;
    byId("learn-bars-title").hidden = !later.length;
    if (!later.length) return;
    const outputs = later[0].b.length;
    byId("learn-bars-title").textContent = text(outputs === CLASSES ? "learn-to-digits" : "learn-to-next");
    const own = later[0].w.subarray(neuron * outputs, (neuron + 1) * outputs);
    const most = Math.max(...own.map(Math.abs)) || 1;
    bars.replaceChildren(...Array.from(own, (weight, to) => bar(to, weight, weight / most)));
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
  return make("li", "", make("b", "", String(to)), make("span", "track", filled), make("span", "", written(weight, 2)));
}
