// A network is a list of layers; each takes the activations of the one before it; as in models/network/network.py.

import { count } from "../layers/feature_maps.js";
import { makeLayer } from "../layers/registry.js";

/** @typedef {import("../layers/feature_maps.js").Layer} Layer */

/**
 * What the page has of a file of weights; stages/pages/networks.py writes it.
 * @typedef {object} Stored
 * @property {string} name The name of the file.
 * @property {string} what The name of the network, such as 784-30-10.
 * @property {string[]} layers The description of each layer, such as "dense 30 sigmoid".
 * @property {number[]} image Height and width of the images.
 * @property {number} classes
 * @property {boolean} rejects Whether the last output means "no digit".
 * @property {number} temperature
 * @property {boolean} calibrated Whether the temperature was fitted on validation images.
 * @property {number | null} accuracy The accuracy on the validation images.
 * @property {string[]} arrays Weights and biases of each layer that has some, float32 in base64.
 */

export class Network {
  /** @param {Stored} stored */
  constructor(stored) {
    this.stored = stored;
    const arrays = stored.arrays.map(decoded);
    const next = () => /** @type {Float32Array} */ (arrays.shift());
    /** @type {Layer[]} */
    this.layers = [];
    let shape = [...stored.image, 1];
    this.input = new Float32Array(count(shape));
    for (const text of stored.layers) {
      const layer = makeLayer(text, shape, next);
      if (!layer) continue;
      this.layers.push(layer);
      shape = layer.shape;
    }
    /** @type {Set<number>[]} The neurons or maps of each layer that are switched off: their output is 0. */
    this.off = this.layers.map(() => new Set());
  }

  /** The outputs of the last layer. */
  get outputs() {
    return this.layers[this.layers.length - 1].a;
  }

  /**
   * Return the outputs for an image of bytes.
   * @param {Uint8Array} image
   * @returns {Float32Array}
   */
  forward(image) {
    /** @type {Float32Array} */
    let a = this.input;
    for (let at = 0; at < a.length; at++) a[at] = image[at] / 255;
    this.layers.forEach((layer, place) => {
      a = layer.forward(a);
      for (const unit of this.off[place]) silence(layer, unit);
    });
    return a;
  }
}

/**
 * Set the outputs of a neuron, or of a whole map, to 0.
 * @param {Layer} layer
 * @param {number} unit
 */
function silence({ a, shape }, unit) {
  for (let at = unit; at < a.length; at += shape.length === 1 ? a.length : shape[2]) a[at] = 0;
}

/**
 * Decode numbers of single precision in base64, the first byte of each the lowest.
 * @param {string} text
 */
function decoded(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
