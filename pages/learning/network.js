// A network that learns: dense layers and a cost; as in models/network/network.py and models/training/trainer.py.

import { ACTIVATIONS, SLOPES } from "../shared/activations.js";
import { ActivationRows } from "./rows.js";

/** @import { Rows } from "./rows.js" */

/**
 * The weights and biases of a layer, the weights input by input.
 * @typedef {{w: Float64Array, b: Float64Array}} Parameters
 */

export class LearningNetwork {
  /**
   * @param {Parameters[]} parameters Of each layer; they are changed in place.
   * @param {string} activation Of the hidden layers. The last layer has the one that the cost is made for.
   * @param {string} cost
   */
  constructor(parameters, activation, cost) {
    this.cost = COSTS[cost];
    this.layers = parameters.map(
      ({ w, b }, place) => new TrainableDense(w, b, place < parameters.length - 1 ? activation : this.cost.activation),
    );
    this.last = this.layers[this.layers.length - 1];
  }

  /** Return the outputs of all samples. @type {(rows: Rows) => Float64Array} */
  forward(rows) {
    for (const layer of this.layers) rows = new ActivationRows(layer.forward(rows), layer.outputs);
    return this.last.a;
  }

  /**
   * Run a forward and a backward pass; return the cost summed over the samples. Afterwards each layer has its delta.
   * @type {(rows: Rows, labels: Uint8Array) => number}
   */
  backpropagate(rows, labels) {
    const a = this.forward(rows);
    const cost = this.cost.evaluate(a, labels, this.last.delta);
    if (!this.cost.cancels) this.last.backward(this.last.delta);
    for (let place = this.layers.length - 1; place > 0; place--) {
      this.layers[place - 1].backward(this.layers[place].inputGradient());
    }
    return cost;
  }

  /**
   * Shrink all weights, and no bias, as an L2 penalty does in a step (chapter 3, equation 93).
   * @param {number} factor
   */
  decay(factor) {
    if (factor === 1) return;
    for (const { w } of this.layers) for (let at = 0; at < w.length; at++) w[at] *= factor;
  }

  /**
   * Take one step of gradient descent on a mini-batch (equations 20 and 21); return the cost summed over its samples.
   * @type {(rows: Rows, labels: Uint8Array, eta: number) => number}
   */
  step(rows, labels, eta) {
    const cost = this.backpropagate(rows, labels);
    for (const layer of this.layers) layer.step(eta / rows.samples);
    return cost;
  }
}

// A fully connected layer that learns, for mini-batches in double precision; as in models/layers/dense.py.

export class TrainableDense {
  /**
   * @param {Float64Array} w The weights, input by input: w[k * outputs + j].
   * @param {Float64Array} b
   * @param {string} activation
   */
  constructor(w, b, activation) {
    this.w = w;
    this.b = b;
    this.activation = activation;
    this.outputs = b.length;
    this.inputs = w.length / b.length;
    this.a = new Float64Array(0);
    this.delta = new Float64Array(0);
    this.gradientOfInputs = new Float64Array(0);
    /** @type {Rows | null} The inputs of the last forward pass. */
    this.rows = null;
  }

  /** Return the activations of all samples: a' = sigma(w a + b) (equation 22). @type {(rows: Rows) => Float64Array} */
  forward(rows) {
    const { b, outputs } = this;
    this.rows = rows;
    if (this.a.length !== rows.samples * outputs) {
      this.a = new Float64Array(rows.samples * outputs);
      this.delta = new Float64Array(rows.samples * outputs);
    }
    const { a } = this;
    for (let at = 0; at < a.length; at += outputs) a.set(b, at);
    rows.addProduct(this.w, a, outputs);
    if (this.activation === "softmax") {
      for (let at = 0; at < a.length; at += outputs) ACTIVATIONS.softmax(a.subarray(at, at + outputs));
    } else ACTIVATIONS[this.activation](a);
    return a;
  }

  /**
   * Compute delta = dC/dz from dC/da (BP1 and the second factor of BP2).
   * @param {Float64Array} gradient dC/da of the outputs; may be `delta` itself.
   */
  backward(gradient) {
    const { a, delta } = this;
    const slope = SLOPES[this.activation];
    for (let at = 0; at < a.length; at++) delta[at] = gradient[at] * slope(a[at]);
  }

  /** Return dC/da of the inputs: w.T delta (the first factor of BP2). */
  inputGradient() {
    const { w, delta, inputs, outputs } = this;
    const samples = delta.length / outputs;
    if (this.gradientOfInputs.length !== samples * inputs) {
      this.gradientOfInputs = new Float64Array(samples * inputs);
    }
    const gradient = this.gradientOfInputs;
    for (let sample = 0, to = 0; sample < samples; sample++) {
      const from = sample * outputs;
      for (let k = 0, at = 0; k < inputs; k++) {
        let sum = 0;
        for (let j = 0; j < outputs; j++) sum += w[at++] * delta[from + j];
        gradient[to++] = sum;
      }
    }
    return gradient;
  }

  /**
   * Take a step: w -> w - rate nabla_w, b -> b - rate nabla_b, with gradients summed over the samples (BP3, BP4).
   * @param {number} rate eta / m
   */
  step(rate) {
    const { b, delta, outputs } = this;
    this.rows?.subtractGradient(rate, delta, this.w, outputs);
    for (let at = 0; at < delta.length; at += outputs) {
      for (let j = 0; j < outputs; j++) b[j] -= rate * delta[at + j];
    }
  }
}

// Cost functions and their derivatives, as in models/network/costs.py.

/**
 * A cost, summed over the samples of a batch. `evaluate` takes the outputs and the labels and writes the derivative:
 * dC/da, or dC/dz if the cost is made for one activation of the last layer, whose derivative cancels.
 * @typedef {object} Cost
 * @property {string} activation The activation of the last layer.
 * @property {boolean} cancels Whether `evaluate` writes dC/dz.
 * @property {(a: Float64Array, labels: Uint8Array, derivative: Float64Array) => number} evaluate
 */

const EPSILON = Number.EPSILON / 2;

/** Keep an output away from 0 and 1, where rounding can bring it, so that its logarithm is finite. */
const clipped = (/** @type {number} */ a) => Math.min(Math.max(a, EPSILON), 1 - EPSILON);

/**
 * Write a - y, where y is 1 for the true digit and 0 for the others.
 * @type {(a: Float64Array, labels: Uint8Array, error: Float64Array) => void}
 */
function subtractTargets(a, labels, error) {
  const outputs = a.length / labels.length;
  error.set(a);
  for (let sample = 0; sample < labels.length; sample++) error[sample * outputs + labels[sample]] -= 1;
}

/**
 * |a - y|² / 2 (chapter 1, equation 6, without its 1/n).
 * @type {(a: Float64Array, labels: Uint8Array, derivative: Float64Array) => number}
 */
function quadratic(a, labels, derivative) {
  subtractTargets(a, labels, derivative);
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += derivative[at] * derivative[at];
  return sum / 2;
}

/**
 * -sum(y ln a + (1 - y) ln(1 - a)) (chapter 3, equation 63).
 * @type {(a: Float64Array, labels: Uint8Array, delta: Float64Array) => number}
 */
function crossEntropy(a, labels, delta) {
  subtractTargets(a, labels, delta);
  const outputs = a.length / labels.length;
  let sum = 0;
  for (let sample = 0, at = 0; sample < labels.length; sample++) {
    for (let j = 0; j < outputs; j++, at++) {
      sum -= j === labels[sample] ? Math.log(clipped(a[at])) : Math.log1p(-clipped(a[at]));
    }
  }
  return sum;
}

/**
 * -ln of the output for the true digit (chapter 3, equation 80).
 * @type {(a: Float64Array, labels: Uint8Array, delta: Float64Array) => number}
 */
function logLikelihood(a, labels, delta) {
  subtractTargets(a, labels, delta);
  const outputs = a.length / labels.length;
  let sum = 0;
  for (let sample = 0; sample < labels.length; sample++) {
    sum -= Math.log(clipped(a[sample * outputs + labels[sample]]));
  }
  return sum;
}

/** @type {Record<string, Cost>} */
export const COSTS = {
  quadratic: { activation: "sigmoid", cancels: false, evaluate: quadratic },
  "cross-entropy": { activation: "sigmoid", cancels: true, evaluate: crossEntropy },
  "log-likelihood": { activation: "softmax", cancels: true, evaluate: logLikelihood },
};
