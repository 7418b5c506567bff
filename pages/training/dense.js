// A fully connected layer that learns, for mini-batches in double precision; as in models/layers/dense.py.

import { ACTIVATIONS, SLOPES } from "../layers/activations.js";

/** @typedef {import("./rows.js").Rows} Rows */

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

  /**
   * Return the activations of all samples: a' = sigma(w a + b) (equation 22).
   * @param {Rows} rows
   */
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
