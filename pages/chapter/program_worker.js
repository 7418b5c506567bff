// The worker that runs the reader's functions: their words stand after this script, see program.js.

import { addGradient, backpropagate, sigmoid } from "../figures/small_network.js";
import { normalNumbers, randomNumbers, shuffled } from "../shared/random.js";

/**
 * A layer, or its gradient: the weights, one row for each neuron, and the biases.
 * @typedef {{w: number[][], b: number[]}} Layer
 * @typedef {[number[], number[]]} Sample An input and its target.
 * @typedef {{Network: (sizes: number[]) => Layer[], feedforward: (a: number[]) => number[],
 *   updateMiniBatch: (batch: Sample[], eta: number) => void,
 *   SGD: (data: Sample[], epochs: number, m: number, eta: number) => void}} Program
 * @typedef {{bytes: Uint8Array, labels: Uint8Array}} LabelledBytes
 * @typedef {{kind: "check", name: keyof Program} | {kind: "train", train: LabelledBytes, test: LabelledBytes}} Order
 * @typedef {{right: boolean, got: string, wanted: string} | {epoch: number, correct: number, total: number, isLast: boolean}} Report
 */

const random = randomNumbers(2);
const CLASSES = 10;

// What the reader's functions may use.

/** @type {Layer[]} */
export const layers = [];

export const normal = normalNumbers(random);

/** @param {unknown[]} list */
export const shuffle = (list) => shuffled(list, random);

/** Return the gradient for one sample. @param {number[]} x @param {number[]} y */
export const backprop = (x, y) => backpropagate(layers, x, (a) => a.map((output, j) => output - y[j]));

/** Add a multiple of a gradient to all weights and biases. @param {number} factor @param {Layer[]} gradient */
export const change = (factor, gradient) => addGradient(layers, factor, gradient);

/** @type {number[]} */
const sizesOfBatches = [];

/** Stand in for the reader's updateMiniBatch while only SGD is checked. @type {(batch: Sample[]) => void} */
export function record(batch) {
  sizesOfBatches.push(batch.length);
}

/**
 * Wait for an order.
 * @param {Program} program the reader's functions; those that are not checked are missing
 */
export function start(program) {
  self.addEventListener("message", ({ data }) => {
    const order = /** @type {Order} */ (data);
    if (order.kind === "check") self.postMessage(CHECKS[order.name](program));
    else learn(program, order.train, order.test);
  });
}

// The checks: each runs one function on small numbers.

/** @type {() => Layer[]} */
const small = () => [
  {
    w: [
      [2, -1],
      [1, 1],
    ],
    b: [0.5, -2],
  },
];

/** @type {Sample[]} */
const SAMPLES = [
  [
    [0.5, 1],
    [1, 0],
  ],
  [
    [1, 0],
    [0, 1],
  ],
];
const ETA = 3;

/** @type {Record<keyof Program, (program: Program) => Report>} */
const CHECKS = {
  Network({ Network }) {
    const made = Network([2, 3, 1]);
    const numbers = made.flatMap(({ w, b }) => [...w.flat(), ...b]);
    const shapes = made.map(({ w, b }) => `${w.length} × ${w[0].length} + ${b.length}`);
    const wanted = "3 × 2 + 3, 1 × 3 + 1";
    const random = numbers.every(Number.isFinite) && new Set(numbers).size === numbers.length;
    return { right: random && shapes.join(", ") === wanted, got: shapes.join(", "), wanted };
  },
  feedforward({ feedforward }) {
    layers.splice(0, layers.length, ...small());
    return compare(feedforward([0.5, 1]), [sigmoid(0.5), sigmoid(-0.5)]);
  },
  updateMiniBatch({ updateMiniBatch }) {
    const weights = () => layers.flatMap(({ w, b }) => [...w.flat(), ...b]);
    layers.splice(0, layers.length, ...small());
    const gradients = SAMPLES.map(([x, y]) => backprop(x, y));
    for (const gradient of gradients) change(-ETA / SAMPLES.length, gradient);
    const wanted = weights();
    layers.splice(0, layers.length, ...small());
    updateMiniBatch(SAMPLES, ETA);
    return compare(weights(), wanted);
  },
  SGD({ SGD }) {
    const data = Array.from({ length: 5 }, () => SAMPLES[0]);
    SGD(data, 2, 2, ETA);
    return compare(sizesOfBatches, [2, 2, 1, 2, 2, 1]);
  },
};

/** @type {(got: number[], wanted: number[]) => Report} */
function compare(got, wanted) {
  const right = got.length === wanted.length && got.every((one, at) => Math.abs(one - wanted[at]) < 1e-9);
  const [first, second] = [got, wanted].map((list) => list.map((one) => +one.toFixed(3)).join(", "));
  return { right, got: first, wanted: second };
}

// The training: the reader's program on the digits of the page.

const HIDDEN = 30;
const EPOCHS = 3;
const MINI_BATCH = 10;

/** @type {(program: Program, train: LabelledBytes, test: LabelledBytes) => void} */
function learn({ Network, feedforward, SGD }, train, test) {
  const [learned, tested] = [samples(train), samples(test)];
  layers.splice(0, layers.length, ...Network([learned[0][0].length, HIDDEN, CLASSES]));
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    SGD(learned, 1, MINI_BATCH, ETA);
    const correct = tested.filter(([x, y]) => y[largest(feedforward(x))] === 1).length;
    self.postMessage({ epoch, correct, total: tested.length, isLast: epoch === EPOCHS - 1 });
  }
}

/** @param {LabelledBytes} digits @returns {Sample[]} */
function samples({ bytes, labels }) {
  const pixels = bytes.length / labels.length;
  return Array.from(labels, (label, at) => [
    Array.from(bytes.subarray(at * pixels, (at + 1) * pixels), (grey) => grey / 255),
    Array.from({ length: CLASSES }, (_, digit) => Number(digit === label)),
  ]);
}

/** @param {number[]} a */
function largest(a) {
  return a.indexOf(Math.max(...a));
}
