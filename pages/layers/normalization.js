// Batch normalisation in prediction; as in models/layers/normalization.py.

import { checkWeightedInputs, count } from "./feature_maps.js";

/** @typedef {import("./feature_maps.js").Shape} Shape */
/** @typedef {import("./feature_maps.js").Layer} Layer */

const EPSILON = 1e-5;

/**
 * Batch normalisation with the averages of training.
 * @implements {Layer}
 */
export class Normalization {
  /**
   * @param {string} text
   * @param {Float32Array} w For each channel gamma, and the averages of mean and variance.
   * @param {Float32Array} b For each channel beta.
   * @param {Shape} shape
   */
  constructor(text, w, b, shape) {
    this.text = text;
    this.shape = shape;
    this.a = new Float32Array(count(shape));
    this.scale = b.map((_, channel) => w[3 * channel] / Math.sqrt(Math.max(w[3 * channel + 2], 0) + EPSILON));
    this.offset = b.map((beta, channel) => beta - this.scale[channel] * w[3 * channel + 1]);
  }

  /** @param {Float32Array} input */
  forward(input) {
    const { a, scale, offset } = this;
    for (let at = 0; at < a.length; ) {
      for (let channel = 0; channel < scale.length; channel++, at++) {
        a[at] = scale[channel] * input[at] + offset[channel];
      }
    }
    checkWeightedInputs(a);
    return a;
  }
}
