// A convolution; as in models/layers/convolution.py.

import { checkWeightedInputs, count } from "./feature_maps.js";

/** @typedef {import("./feature_maps.js").Shape} Shape */
/** @typedef {import("./feature_maps.js").Layer} Layer */

/**
 * A convolution: each filter sees a small window at every position (equation 125).
 * @implements {Layer}
 */
export class Convolution {
  /**
   * @param {string} text
   * @param {Float32Array} w For each filter, by row of the window, then by column, then by channel.
   * @param {Float32Array} b
   * @param {number} k The side of the window.
   * @param {Shape} from
   */
  constructor(text, w, b, k, from) {
    this.text = text;
    this.w = w;
    this.b = b;
    this.k = k;
    this.from = from;
    this.shape = [from[0] - k + 1, from[1] - k + 1, b.length];
    this.a = new Float32Array(count(this.shape));
  }

  /** @param {Float32Array} input */
  forward(input) {
    const { w, b, a, k } = this;
    const [, width, channels] = this.from;
    const [rows, columns, filters] = this.shape;
    const run = k * channels;
    for (let y = 0, out = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        for (let filter = 0, weight = 0; filter < filters; filter++, out++) {
          let z = b[filter];
          for (let row = 0; row < k; row++) {
            const start = ((y + row) * width + x) * channels;
            for (let at = start; at < start + run; at++) z += w[weight++] * input[at];
          }
          a[out] = z;
        }
      }
    }
    checkWeightedInputs(a);
    return a;
  }
}
