// The live figure of a network that learns points of two classes: its output as the colour of the plane, and what each
// hidden neuron does.

import { byId, make } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { paintSigned, pixelCanvas } from "../shared/pictures.js";
import { normalNumbers, randomNumbers } from "../shared/random.js";
import { Plot, written } from "./charts.js";
import { onShow, Setting, wholeKind } from "./controls.js";
import { addGradient, backpropagate, sigmoidActivations } from "./small_network.js";

/** @import { Layer } from "./small_network.js" */
/** @typedef {{x: number[], y: number}} Example */

const [EXAMPLES, BATCH, MOST_EPOCHS] = [120, 10, 3000];
/** Milliseconds of learning between two drawings. */
const SLICE = 60;
const [REACH, PIXELS, SMALL] = [1.2, 60, 24];

/** Which class a point of the square has. @type {Record<string, (x: number, y: number) => boolean>} */
const PROBLEMS = {
  groups: (x, y) => x + 0.6 * y > 0.1,
  ring: (x, y) => x * x + y * y < 0.45,
  xor: (x, y) => x * y > 0,
  stripes: (x, y) => Math.sin(4.5 * (x + 0.3 * y)) > 0,
};

const problem = new Setting("plane.problem", "ring");
const hidden = new Setting("plane.hidden", 4);
const eta = new Setting("plane.eta", 3);
const penalty = new Setting("plane.penalty", 0);
const seed = new Setting("plane.seed", 1, wholeKind(1, 9999));

/** @type {{layers: Layer[], examples: Example[], epochs: number, made: string, playing: boolean}} */
const run = { layers: [], examples: [], epochs: 0, made: "", playing: false };

/** Start the figure. */
export function startPlane() {
  const plot = new Plot(byId("plane-plot"), 400, 380);
  const draw = () => {
    const made = [problem.value, hidden.value, seed.value].join();
    if (made !== run.made) begin(made);
    drawPlane(plot);
    say();
  };
  const frame = () => {
    if (!run.playing) return;
    for (const start = performance.now(); performance.now() < start + SLICE; ) learnEpoch();
    if (run.epochs >= MOST_EPOCHS) run.playing = false;
    draw();
    requestAnimationFrame(frame);
  };
  byId("plane-play").addEventListener("click", () => {
    run.playing = !run.playing;
    draw();
    requestAnimationFrame(frame);
  });
  byId("plane-step").addEventListener("click", () => {
    learnEpoch();
    draw();
  });
  byId("plane-reset").addEventListener("click", () => {
    run.made = "";
    draw();
  });
  byId("plane-another").addEventListener("click", () => seed.set((seed.value % 9999) + 1));
  onShow("plane", draw);
}

/** Make the points and a network with random weights. @param {string} made */
function begin(made) {
  const random = randomNumbers(seed.value);
  const normal = normalNumbers(random);
  const many = (/** @type {number} */ count) => Array.from({ length: count }, () => 1.5 * normal());
  const examples = Array.from({ length: EXAMPLES }, () => {
    const x = [2 * random() - 1, 2 * random() - 1];
    return { x, y: PROBLEMS[problem.value](x[0], x[1]) ? 1 : 0 };
  });
  const layers = [2, hidden.value].map((inputs, layer) => {
    const neurons = layer ? 1 : hidden.value;
    return { w: Array.from({ length: neurons }, () => many(inputs)), b: many(neurons) };
  });
  Object.assign(run, { layers, examples, epochs: 0, made, playing: false });
}

/** One pass over the points: w → w − η/m Σ ∂C/∂w for each mini-batch, and a little smaller with a penalty. */
function learnEpoch() {
  const { layers, examples } = run;
  const keep = 1 - (eta.value * penalty.value) / EXAMPLES;
  for (let start = 0; start < EXAMPLES; start += BATCH) {
    const gradients = examples
      .slice(start, start + BATCH)
      .map(({ x, y }) => backpropagate(layers, x, ([a]) => [a - y]));
    for (const layer of layers) layer.w = layer.w.map((row) => row.map((weight) => keep * weight));
    for (const gradient of gradients) addGradient(layers, -eta.value / BATCH, gradient);
  }
  run.epochs += 1;
}

/**
 * Return the activations of the hidden neurons and of the output, each as a canvas of the plane.
 * @type {(size: number, of: (activations: number[][]) => number) => HTMLCanvasElement}
 */
function painted(size, of) {
  const canvas = pixelCanvas(size, size);
  const at = (/** @type {number} */ place) => REACH * ((2 * (place + 0.5)) / size - 1);
  const value = (/** @type {number} */ pixel) => {
    const x = [at(pixel % size), -at(Math.floor(pixel / size))];
    return 0.75 * (2 * of(sigmoidActivations(run.layers, x)) - 1);
  };
  paintSigned(canvas, value);
  return canvas;
}

/** @param {Plot} plot */
function drawPlane(plot) {
  const range = [-REACH, REACH];
  plot.clear({ x: range, y: range, xName: "x₁", yName: "x₂" });
  plot.background(painted(PIXELS, (a) => a[2][0]).toDataURL());
  for (const { x, y } of run.examples) plot.dots([x], y ? "dot onmap" : "dot second onmap", 4);
  const [{ b }, { w }] = run.layers;
  const neurons = b.map((_, neuron) => {
    const weight = written(w[0][neuron], 2);
    return make(
      "figure",
      "",
      painted(SMALL, (a) => a[1][neuron]),
      make("figcaption", "number", weight),
    );
  });
  byId("plane-neurons").replaceChildren(...neurons);
}

function say() {
  const outputs = run.examples.map(({ x }) => sigmoidActivations(run.layers, x)[2][0]);
  const cost = run.examples.reduce((sum, { y }, place) => sum + (y - outputs[place]) ** 2 / 2, 0) / EXAMPLES;
  const right = run.examples.filter(({ y }, place) => outputs[place] > 0.5 === (y === 1)).length;
  const said = byId("plane-said");
  said.setAttribute("aria-live", run.playing ? "off" : "polite");
  said.textContent = text("plane-said", { epochs: run.epochs, cost: written(cost, 3), right, of: EXAMPLES });
  byId("plane-play").textContent = text(run.playing ? "player-pause" : "player-play");
}
