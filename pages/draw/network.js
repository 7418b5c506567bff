// A network is a list of layers; each takes the activations of the one before it; as in models/network/network.py.

import { count, makeLayer } from "./layers.js";

/** @import { Numbers } from "../shared/activations.js" */
/** @import { Layer } from "./layers.js" */

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
    // In single precision, many outputs of sigmoid neurons that are nearly 0 or nearly 1 would be equal.
    this.layers[this.layers.length - 1].a = new Float64Array(count(shape));
    /** @type {Set<number>[]} The neurons or maps of each layer that are switched off: their output is 0. */
    this.off = this.layers.map(() => new Set());
  }

  /** The outputs of the last layer. */
  get outputs() {
    return this.layers[this.layers.length - 1].a;
  }

  /** Return the outputs for an image of bytes. @type {(image: Uint8Array) => Numbers} */
  forward(image) {
    /** @type {Numbers} */
    let a = this.input;
    for (let at = 0; at < a.length; at++) a[at] = image[at] / 255;
    this.layers.forEach((layer, place) => {
      layer.compute(a, layer.a);
      a = layer.a;
      for (const unit of this.off[place]) silence(layer, unit);
    });
    return a;
  }
}

/** Set the outputs of a neuron, or of a whole map, to 0. @type {(layer: Layer, unit: number) => void} */
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

// The mean of several networks' probabilities; as in models/network/ensemble.py.

/**
 * The calibrated prediction of a network.
 * @typedef {object} Prediction
 * @property {Float64Array} classes The probability of each class.
 * @property {number | null} digit The probability of any digit at all; null without a reject class.
 */

/**
 * Divide outputs by their sum. Negative outputs count as 0; zeros become uniform.
 * @param {ArrayLike<number>} outputs
 */
export function normalized(outputs) {
  const positive = Float64Array.from(outputs, (output) => Math.max(output, 0));
  let sum = 0;
  for (const output of positive) sum += output;
  return positive.map((output) => (sum > 0 ? output / sum : 1 / positive.length));
}

/**
 * Return the mean of predictions, as stages/classifiers/ensemble_predictor.py computes it: a vote.
 * @param {Prediction[]} predictions
 */
export function vote(predictions) {
  const classes = new Float64Array(predictions[0].classes.length);
  for (const one of predictions) {
    for (let label = 0; label < classes.length; label++) {
      classes[label] += one.classes[label] / predictions.length;
    }
  }
  const digits = predictions.map((one) => one.digit).filter((digit) => digit !== null);
  const digit = digits.reduce((one, other) => one + other, 0) / digits.length;
  return { classes, digit: digits.length ? digit : null };
}

// Calibrated class probabilities, by temperature scaling; as in models/network/calibration.py.

const MIN_PROBABILITY = 1e-30;
const MIN_DISTANCE = 2 ** -24;

/**
 * Scale probabilities by a temperature: above 1 less confident, below 1 more confident.
 * @type {(probabilities: Float64Array, temperature: number) => Float64Array}
 */
function temperatureScaled(probabilities, temperature) {
  const logs = probabilities.map((one) => Math.log(Math.max(one, MIN_PROBABILITY)) / temperature);
  const largest = Math.max(...logs);
  return normalized(logs.map((log) => Math.exp(log - largest)));
}

/** Return the odds a / (1 - a) = exp(z) of the output of a sigmoid neuron. @type {(output: number) => number} */
export function odds(output) {
  const a = Math.min(output, 1 - MIN_DISTANCE);
  return a / (1 - a);
}

/**
 * Return the calibrated prediction for the outputs that a network has from its last forward pass.
 * @param {Network} network
 */
export function calibrated(network) {
  const { classes, rejects, temperature, layers } = network.stored;
  const outputs = Float64Array.from(network.outputs);
  const ofClasses = outputs.subarray(0, classes);
  const sigmoid = layers[layers.length - 1].endsWith(" sigmoid");
  const probabilities = normalized(sigmoid ? ofClasses.map(odds) : ofClasses);
  return {
    classes: temperatureScaled(probabilities, temperature),
    digit: rejects ? 1 - normalized(outputs)[classes] : null,
  };
}
