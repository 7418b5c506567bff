// A small network, of sigmoid neurons or of perceptrons, and the gradient of its output by backpropagation.

import { allInputs, perceptron } from "./weighted_sum.js";

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
  return activations(layers, x, (inputs, w, b) => sigmoid(dot(w, inputs) + b));
}

/**
 * Return the outputs of all layers of perceptrons, the input first.
 * @type {(layers: Layer[], x: number[]) => number[][]}
 */
export function perceptronActivations(layers, x) {
  return activations(layers, x, perceptron);
}

/**
 * Return the partial derivatives of the output of the last neuron by all weights and biases.
 * @param {Layer[]} layers
 * @param {number[]} x
 */
export const outputGradient = (layers, x) => backpropagate(layers, x, () => [1]);

/**
 * Return the gradient of a function of the outputs by all weights and biases (BP1 to BP4).
 * @param {Layer[]} layers
 * @param {number[]} x
 * @param {(a: number[]) => number[]} slopesOf The derivatives of the function by the outputs.
 */
export function backpropagate(layers, x, slopesOf) {
  const a = sigmoidActivations(layers, x);
  /** @type {Layer[]} */
  const gradient = [];
  let slopes = slopesOf(a[layers.length]); // of the function, by the activations of the layer
  for (let layer = layers.length - 1; layer >= 0; layer--) {
    const { w } = layers[layer];
    const b = slopes.map((slope, to) => slope * sigmoidSlope(a[layer + 1][to]));
    gradient.unshift({ w: b.map((delta) => a[layer].map((activation) => delta * activation)), b });
    if (layer) slopes = a[layer].map((_, from) => b.reduce((sum, delta, to) => sum + delta * w[to][from], 0));
  }
  return gradient;
}

/**
 * Add a multiple of a gradient to all weights and biases.
 * @type {(layers: Layer[], factor: number, gradient: Layer[]) => void}
 */
export function addGradient(layers, factor, gradient) {
  for (const [place, { w, b }] of layers.entries()) {
    for (let j = 0; j < b.length; j++) {
      b[j] += factor * gradient[place].b[j];
      for (let k = 0; k < w[j].length; k++) w[j][k] += factor * gradient[place].w[j][k];
    }
  }
}

/** @param {number[]} u @param {number[]} v */
export function dot(u, v) {
  let sum = 0;
  for (let k = 0; k < u.length; k++) sum += u[k] * v[k];
  return sum;
}

/** Return the weight or bias of a place. @type {(layers: Layer[], place: Place) => number} */
export function valueAt(layers, { layer, to, from }) {
  return from < 0 ? layers[layer].b[to] : layers[layer].w[to][from];
}

/**
 * Return the network with one weight or bias replaced.
 * @type {(layers: Layer[], place: Place, value: number) => { w: number[][]; b: number[]; }[]}
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
  for (const { w, b } of layers) all.push(w.map((weights, to) => neuron(all[all.length - 1], weights, b[to])));
  return all;
}

// The sigmoid beside the step function, as PRECISE_SIGMOID and STEP of models/layers/activations.py.

/**
 * 1 / (1 + exp(-z)), and exp(z) / (1 + exp(z)) below 0, which is equal and keeps its digits where it is nearly 0.
 * @param {number} z
 */
export function sigmoid(z) {
  const tail = Math.exp(-Math.abs(z));
  return (z < 0 ? tail : 1) / (1 + tail);
}

/** Return the slope of the sigmoid where its value is a. @type {(a: number) => number} */
export function sigmoidSlope(a) {
  return a - a * a;
}

/** @param {number} z */
export function step(z) {
  return z > 0 ? 1 : 0;
}

// A network with all weights and biases times c, as in the demonstration scaling: its perceptrons do not change, and its
// sigmoid neurons become perceptrons unless a weighted sum is 0.

/**
 * Return the weighted sums of all neurons, layer after layer, with all weights and biases times c.
 * @type {(layers: Layer[], x: number[], c: number, activation: (z: number) => number) => number[]}
 */
export function scaledSums(layers, x, c, activation) {
  const sums = [];
  let a = x;
  for (const { w, b } of layers) {
    const z = w.map((weights, to) => weights.reduce((sum, weight, from) => sum + c * weight * a[from], 0) + c * b[to]);
    sums.push(...z);
    a = z.map(activation);
  }
  return sums;
}

/**
 * Return the largest difference of a sigmoid neuron from the perceptron, over all inputs and neurons.
 * @type {(layers: Layer[], c: number) => number}
 */
export function largestDifference(layers, c) {
  const differences = allInputs(layers[0].w[0].length).flatMap((x) => {
    const hard = scaledSums(layers, x, 1, step);
    // sigma(z) from 0, or sigma(-z) from 1: 1 - sigma(z) would lose its digits.
    return scaledSums(layers, x, c, sigmoid).map((z, neuron) => sigmoid(hard[neuron] > 0 ? -z : z));
  });
  return Math.max(...differences);
}

/** Return the smallest |w.x + b| over all inputs and perceptrons. @type {(layers: Layer[]) => number} */
export function closestToZero(layers) {
  const sums = allInputs(layers[0].w[0].length).flatMap((x) => scaledSums(layers, x, 1, step));
  return Math.min(...sums.map(Math.abs));
}
