// A small network, of sigmoid neurons or of perceptrons, and the gradient of its output by backpropagation.

import { perceptron, weightedSum } from "../perceptrons/weighted_sum.js";
import { sigmoid, sigmoidSlope } from "./neuron.js";

/**
 * @typedef {{w: number[][], b: number[]}} Layer A row of weights and a bias for each neuron.
 * @typedef {{layer: number, to: number, from: number}} Place A weight of a layer, to one neuron from another;
 *   the bias if `from` is -1.
 */

/**
 * Return the activations of all layers of sigmoid neurons, the input first.
 * @param {Layer[]} layers
 * @param {number[]} x
 */
export function sigmoidActivations(layers, x) {
  return activations(layers, x, (inputs, w, b) => sigmoid(weightedSum(inputs, w, b)));
}

/**
 * Return the outputs of all layers of perceptrons, the input first.
 * @param {Layer[]} layers
 * @param {number[]} x
 */
export function perceptronActivations(layers, x) {
  return activations(layers, x, perceptron);
}

/**
 * Return the partial derivatives of the output of the last neuron by all weights and biases.
 * @param {Layer[]} layers
 * @param {number[]} x
 * @returns {Layer[]}
 */
export function outputGradient(layers, x) {
  const a = sigmoidActivations(layers, x);
  /** @type {Layer[]} */
  const gradient = [];
  let slopes = [1]; // of the output, by the activations of the layer
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const b = slopes.map((slope, to) => slope * sigmoidSlope(a[layer + 1][to]));
    gradient.unshift({ w: b.map((delta) => a[layer].map((activation) => delta * activation)), b });
    slopes = a[layer].map((_, from) =>
      b.reduce((sum, delta, to) => sum + delta * layers[layer].w[to][from], 0),
    );
  }
  return gradient;
}

/**
 * Return the weight or bias of a place.
 * @param {Layer[]} layers
 * @param {Place} place
 */
export function valueAt(layers, { layer, to, from }) {
  return from < 0 ? layers[layer].b[to] : layers[layer].w[to][from];
}

/**
 * Return the network with one weight or bias replaced.
 * @param {Layer[]} layers
 * @param {Place} place
 * @param {number} value
 */
export function withValue(layers, { layer, to, from }, value) {
  return layers.map(({ w, b }, number) => {
    if (number !== layer) return { w, b };
    if (from < 0) return { w, b: b.with(to, value) };
    return { w: w.with(to, w[to].with(from, value)), b };
  });
}

/**
 * @param {Layer[]} layers
 * @param {number[]} x
 * @param {(inputs: number[], w: number[], b: number) => number} neuron
 */
function activations(layers, x, neuron) {
  const all = [x];
  for (const { w, b } of layers)
    all.push(w.map((weights, to) => neuron(all[all.length - 1], weights, b[to])));
  return all;
}
