// Max pooling; as in models/layers/pooling.py.

import { count } from "./feature_maps.js";

/** @typedef {import("./feature_maps.js").Shape} Shape */
/** @typedef {import("./feature_maps.js").Layer} Layer */

/**
 * The maximum of each window.
 * @implements {Layer}
 */
export class MaxPooling {
  /**
   * @param {string} text
   * @param {number} size
   * @param {Shape} from
   */
  constructor(text, size, from) {
    this.text = text;
    this.size = size;
    this.from = from;
    this.shape = [Math.floor(from[0] / size), Math.floor(from[1] / size), from[2]];
    this.a = new Float32Array(count(this.shape));
  }

  /** @param {Float32Array} input */
  forward(input) {
    const { a, size } = this;
    const [, width, channels] = this.from;
    const [rows, columns] = this.shape;
    a.fill(Number.NEGATIVE_INFINITY);
    for (let y = 0; y < rows * size; y++) {
      for (let x = 0; x < columns * size; x++) {
        const from = (y * width + x) * channels;
        const to = (Math.floor(y / size) * columns + Math.floor(x / size)) * channels;
        for (let channel = 0; channel < channels; channel++) {
          if (input[from + channel] > a[to + channel]) a[to + channel] = input[from + channel];
        }
      }
    }
    return a;
  }
}
