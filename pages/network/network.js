// A network made from its description and its weights, and its calibrated prediction; as in models/network.

import { ACTIVATIONS } from "./activations.js";
import { ActivationLayer, Convolution, Dense, Flatten, MaxPooling, Normalization } from "./layers.js";

/** @typedef {import("./layers.js").Layer} Layer */

/**
 * What the page has of a file of weights.
 * @typedef {object} Stored
 * @property {string} name
 * @property {string[]} layers The description of each layer, such as "dense 30 sigmoid".
 * @property {number[]} image Height and width of the images.
 * @property {number} classes
 * @property {boolean} rejects Whether the last output means "no digit".
 * @property {number | null} temperature
 * @property {string[]} arrays Weights and biases of each layer that has some, float32 in base64.
 */

/** A network of layers, each of which takes the outputs of the one before it. */
export class Network {
  /** @param {Stored} stored */
  constructor(stored) {
    this.stored = stored;
    const arrays = stored.arrays.map(decode);
    /** @type {Layer[]} */
    this.layers = [];
    let shape = [...stored.image, 1];
    for (const text of stored.layers) {
      const layer = make(text, shape, arrays);
      if (layer) {
        this.layers.push(layer);
        shape = layer.shape;
      }
    }
  }

  /**
   * Return the outputs for an image of bytes.
   * @param {Uint8Array} image
   * @returns {Float32Array}
   */
  forward(image) {
    /** @type {Float32Array} */
    let a = Float32Array.from(image, (grey) => grey / 255);
    for (const layer of this.layers) a = layer.forward(a);
    return a;
  }

  /**
   * Return the calibrated probability of each class, and that of any class at all.
   * @param {Uint8Array} image
   * @returns {{ classes: number[], digit: number }}
   */
  predict(image) {
    const outputs = Array.from(this.forward(image));
    const { classes, rejects, temperature, layers } = this.stored;
    const sigmoid = layers[layers.length - 1].endsWith(" sigmoid");
    const positive = outputs.slice(0, classes).map((a) => (sigmoid ? odds(a) : a));
    const digit = rejects ? 1 - normalized(outputs)[classes] : 1;
    return { classes: scaled(normalized(positive), temperature ?? 1), digit };
  }
}

/**
 * Return the mean of the predictions of several networks: a vote.
 * @param {Network[]} networks
 * @param {Uint8Array} image
 */
export function vote(networks, image) {
  const all = networks.map((network) => network.predict(image));
  const rejecting = all.filter((_, member) => networks[member].stored.rejects);
  const mean = (/** @type {number[]} */ values) =>
    values.reduce((one, other) => one + other, 0) / values.length;
  return {
    classes: all[0].classes.map((_, label) => mean(all.map((one) => one.classes[label]))),
    digit: rejecting.length ? mean(rejecting.map((one) => one.digit)) : 1,
  };
}

/**
 * Make a layer from its description; nothing for dropout, which is for training alone.
 * @param {string} text
 * @param {number[]} shape The shape of its inputs.
 * @param {Float32Array[]} arrays The weights and biases that are left; those of this layer are taken from its start.
 * @returns {Layer | null}
 */
function make(text, shape, arrays) {
  const [kind, ...words] = text.split(" ");
  const next = () => /** @type {Float32Array} */ (arrays.shift());
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
  if (!(kind in ACTIVATIONS)) throw new Error(`a layer that this page does not know: ${text}`);
  return new ActivationLayer(text, kind, shape);
}

/** The smallest distance of an output from 1 in single precision. */
const MIN_DISTANCE = 2 ** -24;

/**
 * Return the odds a / (1 - a) of a sigmoid neuron; see models/network/calibration.py.
 * @param {number} a
 */
function odds(a) {
  const output = Math.min(a, 1 - MIN_DISTANCE);
  return output / (1 - output);
}

/** @param {number[]} outputs */
function normalized(outputs) {
  const positive = outputs.map((output) => Math.max(output, 0));
  const sum = positive.reduce((one, other) => one + other, 0);
  return positive.map((output) => (sum > 0 ? output / sum : 1 / positive.length));
}

/**
 * Scale probabilities by a temperature: above 1 less confident, below 1 more confident.
 * @param {number[]} probabilities
 * @param {number} temperature
 */
function scaled(probabilities, temperature) {
  const logs = probabilities.map((probability) => Math.log(Math.max(probability, 1e-30)) / temperature);
  const largest = Math.max(...logs);
  return normalized(logs.map((log) => Math.exp(log - largest)));
}

/**
 * Decode numbers of single precision in base64, the first byte of each the lowest.
 * @param {string} text
 */
function decode(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
