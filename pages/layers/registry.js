// Layers made from their descriptions; as in models/layers/registry.py.

import { ActivationLayer } from "./activation_layer.js";
import { ACTIVATIONS } from "./activations.js";
import { Convolution } from "./convolution.js";
import { Dense } from "./dense.js";
import { Flatten } from "./flatten.js";
import { Normalization } from "./normalization.js";
import { MaxPooling } from "./pooling.js";

/** @typedef {import("./feature_maps.js").Layer} Layer */
/** @typedef {import("./feature_maps.js").Shape} Shape */

/**
 * Make a layer from its description; null for dropout, which changes nothing in prediction.
 * @param {string} text
 * @param {Shape} shape The shape of its inputs.
 * @param {() => Float32Array} next Returns the weights and then the biases of the next trainable layer.
 * @returns {Layer | null}
 */
export function makeLayer(text, shape, next) {
  const [kind, ...words] = text.split(" ");
  switch (kind) {
    case "dense":
      return new Dense(text, next(), next(), words[1]);
    case "conv":
      return new Convolution(text, next(), next(), Number.parseInt(words[1], 10), shape);
    case "max":
      return new MaxPooling(text, Number.parseInt(words[0], 10), shape);
    case "norm":
      return new Normalization(text, next(), next(), shape);
    case "flatten":
      return new Flatten(text, shape);
    case "dropout":
      return null;
  }
  if (!Object.hasOwn(ACTIVATIONS, kind)) throw new Error(`a layer that this page does not know: ${text}`);
  return new ActivationLayer(text, kind, shape);
}
