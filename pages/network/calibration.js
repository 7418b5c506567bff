// Calibrated class probabilities, by temperature scaling; as in models/network/calibration.py.

import { normalized } from "./ensemble.js";

/** @typedef {import("./ensemble.js").Prediction} Prediction */
/** @typedef {import("./network.js").Network} Network */

const MIN_PROBABILITY = 1e-30;
const MIN_DISTANCE = 2 ** -24;

/**
 * Scale probabilities by a temperature: above 1 less confident, below 1 more confident.
 * @param {Float64Array} probabilities
 * @param {number} temperature
 * @returns {Float64Array}
 */
export function temperatureScaled(probabilities, temperature) {
  const logs = probabilities.map((one) => Math.log(Math.max(one, MIN_PROBABILITY)) / temperature);
  const largest = Math.max(...logs);
  return normalized(logs.map((log) => Math.exp(log - largest)));
}

/**
 * Return the odds a / (1 - a) = exp(z) of the output of a sigmoid neuron.
 * @param {number} output
 */
export function odds(output) {
  const a = Math.min(output, 1 - MIN_DISTANCE);
  return a / (1 - a);
}

/**
 * Return the calibrated prediction for the outputs that a network has from its last forward pass.
 * @param {Network} network
 * @returns {Prediction}
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
