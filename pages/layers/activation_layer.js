// An activation as a layer of its own; as in models/layers/activation_layer.py.

import { ACTIVATIONS } from "./activations.js";
import { count } from "./feature_maps.js";

/** @typedef {import("./feature_maps.js").Shape} Shape */
/** @typedef {import("./feature_maps.js").Layer} Layer */

/**
 * An activation as a layer of its own.
 * @implements {Layer}
 */
export class ActivationLayer {
  /**
   * @param {string} text
   * @param {string} activation
   * @param {Shape} shape
   */
  constructor(text, activation, shape) {
    this.text = text;
    this.activation = ACTIVATIONS[activation];
    this.shape = shape;
    this.a = new Float32Array(count(shape));
  }

  /** @param {Float32Array} input */
  forward(input) {
    this.a.set(input);
    this.activation(this.a);
    return this.a;
  }
}
