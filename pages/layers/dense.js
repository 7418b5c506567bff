// A fully connected layer; as in models/layers/dense.py.

import { ACTIVATIONS } from "./activations.js";
import { checkWeightedInputs } from "./feature_maps.js";

/** @typedef {import("./feature_maps.js").Layer} Layer */

/**
 * A fully connected layer: a' = sigma(w a + b) (equation 22).
 * @implements {Layer}
 */
export class Dense {
  /**
   * @param {string} text
   * @param {Float32Array} w Row j has the weights of neuron j.
   * @param {Float32Array} b
   * @param {string} activation
   */
  constructor(text, w, b, activation) {
    this.text = text;
    this.w = w;
    this.b = b;
    this.activation = ACTIVATIONS[activation];
    this.shape = [b.length];
    this.a = new Float32Array(b.length);
  }

  /** @param {Float32Array} input */
  forward(input) {
    const { w, b, a } = this;
    const inputs = w.length / b.length;
    for (let j = 0, at = 0; j < b.length; j++, at += inputs) {
      let z = b[j];
      for (let k = 0; k < inputs; k++) z += w[at + k] * input[k];
      a[j] = z;
    }
    checkWeightedInputs(a);
    this.activation(a);
    return a;
  }
}
