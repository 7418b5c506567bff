// The network that learns, as a drawing: an image, its hidden neurons with the pictures of their weights, connections as
// lines with the width and the colour of their weights, and the outputs. A neuron is selected by a click or the arrow keys.

import { written } from "../figures/charts.js";
import { byId, contextOf, make, onArrow } from "../shared/dom.js";
import { onLanguage, say } from "../shared/language.js";
import { digitCanvas, paintSigned, pixelCanvas, reachOf, signedColours } from "../shared/pictures.js";
import { LensNetwork } from "./lens_network.js";
import { largest } from "./run.js";
import { imageOf, session } from "./session.js";
import { settings } from "./settings.js";

/** @import { Parameters } from "./network.js" */
/** @import { Digits } from "./session.js" */
/** @typedef {{x: number, y: number, size: number}} Place The centre of a neuron and its width. */

const IMAGE = 96;
const TILE = innerWidth < 500 ? 22 : 30;
const IN_COLUMN = 10;
const MOST_LINES = 450;
const CLASSES = 10;

/** The neuron of the first layer that is looked at, and the test image, in all drawings. */
const looked = { neuron: 0, image: 0 };

/** The parameters to show: those of now, or what learning has changed. @returns {Parameters[]} */
function parametersShown() {
  const { report, initial } = session;
  if (!report || settings.show.value === "weights") return report?.parameters ?? [];
  return report.parameters.map(({ w, b }, layer) => ({
    w: w.map((value, place) => value - initial[layer].w[place]),
    b: b.map((value, place) => value - initial[layer].b[place]),
  }));
}

/**
 * Return a function that paints the network on a canvas.
 * @param {string} id Of the canvas.
 * @param {Digits} digits
 * @param {() => void} selected Called when another neuron is selected.
 */
function networkDrawing(id, { height: rows, width: columns, test }, selected) {
  const canvas = /** @type {HTMLCanvasElement} */ (byId(id));
  const parent = /** @type {HTMLElement} */ (canvas.parentElement);
  const context = contextOf(canvas);
  const buffer = pixelCanvas(rows, columns);
  const height = IN_COLUMN * (TILE + 4);
  /** @type {Place[][]} */
  let places = [];
  const style = getComputedStyle(document.documentElement); // it follows the page
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name);
  const select = (/** @type {number} */ neuron) => {
    if (!places[0]?.[neuron]) return;
    looked.neuron = neuron;
    selected();
  };
  canvas.addEventListener("click", ({ clientX, clientY }) => {
    const { left, top } = canvas.getBoundingClientRect();
    const hit = (/** @type {Place} */ at) => Math.hypot(at.x + left - clientX, at.y + top - clientY) < at.size * 0.75;
    select(places[0]?.findIndex(hit) ?? -1);
  });
  canvas.addEventListener("keydown", (event) =>
    onArrow(event, (right, down) => select(looked.neuron + IN_COLUMN * right + down)),
  );
  new ResizeObserver(paint).observe(parent);
  return paint;

  function paint() {
    const { report, setup } = session;
    const width = parent.clientWidth;
    if (!report || !setup || !width) return;
    const parameters = parametersShown();
    const zoom = Math.min(3, window.devicePixelRatio || 1);
    [canvas.width, canvas.height] = [width * zoom, height * zoom];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
    context.scale(zoom, zoom);
    context.imageSmoothingEnabled = false;
    const side = Math.min(IMAGE, width / 5);
    places = placesOf(parameters, side + 18, width - 66, height);
    looked.neuron = Math.min(looked.neuron, places[0].length - 1);
    const image = imageOf(test, looked.image);
    const x = Float64Array.from(image, (byte) => byte / 255);
    const lens = new LensNetwork(report.parameters, setup.activation, setup.cost, x, test.labels[looked.image]);
    context.drawImage(digitCanvas(rows, columns, image), 0, (height - side) / 2, side, side);
    paintLines(parameters, side);
    paintTiles(parameters[0]);
    for (const [layer, { a }] of lens.layers.entries()) if (layer) paintUnits(places[layer], a);
    const { a } = lens.layers[lens.layers.length - 1];
    context.font = "13px system-ui, sans-serif";
    context.textBaseline = "middle";
    places[places.length - 1].forEach((at, digit) => {
      context.fillStyle = colour(digit === largest(a) ? (digit === lens.label ? "--accent" : "--wrong") : "--quiet");
      context.fillText(`${digit}  ${a[digit].toFixed(2)}`, at.x + at.size / 2 + 5, at.y);
    });
  }

  /**
   * The connections from the image, which ends at `side`, and between neurons.
   * @type {(parameters: Parameters[], side: number) => void}
   */
  function paintLines(parameters, side) {
    context.strokeStyle = colour("--line");
    context.lineWidth = 0.6;
    context.beginPath();
    for (const { x, y, size } of places[0]) {
      context.moveTo(side, height / 2);
      context.lineTo(x - size / 2, y);
    }
    context.stroke();
    const [below, above] = [colour("--below"), colour("--above")];
    parameters.slice(1).forEach(({ w, b }, layer) => {
      const [sources, targets] = [places[layer], places[layer + 1]];
      const reach = reachOf(w);
      const least = MOST_LINES < w.length ? [...w.map(Math.abs)].sort((one, other) => other - one)[MOST_LINES] : 0;
      w.forEach((weight, place) => {
        const [source, to] = [Math.floor(place / b.length), place % b.length];
        const own = layer > 0 || source === looked.neuron;
        if (Math.abs(weight) < least && !(own && layer === 0)) return;
        const share = Math.min(1, Math.abs(weight) / reach);
        context.strokeStyle = weight < 0 ? below : above;
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

  /** The pictures of the first layer's weights. @param {Parameters} first */
  function paintTiles({ w, b }) {
    const [reach, colours] = [reachOf(w), signedColours()];
    places[0].forEach(({ x, y, size }, neuron) => {
      paintSigned(buffer, (place) => w[place * b.length + neuron] / reach, colours);
      context.drawImage(buffer, x - size / 2, y - size / 2, size, size);
      context.strokeStyle = colour(neuron === looked.neuron ? "--ink" : "--line");
      context.lineWidth = neuron === looked.neuron ? 2 : 1;
      context.strokeRect(x - size / 2, y - size / 2, size, size);
    });
  }

  /** The neurons of a later layer, filled by their activations. @type {(own: Place[], a: Float64Array) => void} */
  function paintUnits(own, a) {
    const most = Math.max(1, ...a.map(Math.abs));
    own.forEach(({ x, y, size }, neuron) => {
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

/**
 * Start the drawing with all that is said about the selected neuron, and the opening's, which shows the same run. Return
 * functions that show another test image, and that paint again.
 * @param {Digits} digits
 */
export function startNeurons(digits) {
  const large = /** @type {HTMLCanvasElement} */ (byId("learn-large"));
  [large.width, large.height] = [digits.width, digits.height];
  const drawings = ["opening-network", "learn-network"].map((id) => networkDrawing(id, digits, paint));
  onLanguage(paint);
  const look = (/** @type {number} */ image) => {
    looked.image = image % digits.test.labels.length;
    paint();
  };
  return { look, paint };

  function paint() {
    for (const draw of drawings) draw();
    const [first, ...later] = parametersShown();
    if (first) describe(first, later);
  }

  /** Say what the selected neuron is, and to what it is connected. @type {(first: Parameters, later: Parameters[]) => void} */
  function describe(first, later) {
    const { neuron } = looked;
    const reach = reachOf(first.w);
    paintSigned(large, (place) => first.w[place * first.b.length + neuron] / reach);
    byId("learn-which").setAttribute("aria-live", session.report?.running ? "off" : "polite");
    const suffix = settings.show.value === "change" ? "-change" : "";
    const key = later.length ? "learn-hidden-neuron" : "learn-output-neuron";
    say("learn-which", key + suffix, { neuron, bias: written(first.b[neuron], 3) });
    byId("learn-bars").hidden = byId("learn-bars-title").hidden = !later.length;
    if (!later.length) return;
    const outputs = later[0].b.length;
    say("learn-bars-title", outputs === CLASSES ? "learn-to-digits" : "learn-to-next");
    const own = later[0].w.subarray(neuron * outputs, (neuron + 1) * outputs);
    const most = Math.max(...own.map(Math.abs)) || 1;
    byId("learn-bars").replaceChildren(...Array.from(own, (weight, to) => bar(to, weight, weight / most)));
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
