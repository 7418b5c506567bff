// A layer that flattens feature maps; as in models/layers/flatten.py.

import { count } from "./feature_maps.js";

/** @typedef {import("./feature_maps.js").Shape} Shape */
/** @typedef {import("./feature_maps.js").Layer} Layer */

/**
 * Maps as a row of numbers: by row, then by channel, then by column.
 * @implements {Layer}
 */
export class Flatten {
  /**
   * @param {string} text
   * @param {Shape} from
   */
  constructor(text, from) {
    this.text = text;
    this.from = from;
    this.shape = [count(from)];
    this.a = new Float32Array(count(from));
  }

  /** @param {Float32Array} input */
  forward(input) {
    const [rows, columns, channels] = this.from;
    let out = 0;
    for (let y = 0; y < rows; y++) {
      for (let channel = 0; channel < channels; channel++) {
        for (let x = 0; x < columns; x++) this.a[out++] = input[(y * columns + x) * channels + channel];
      }
    }
    return this.a;
  }
}
