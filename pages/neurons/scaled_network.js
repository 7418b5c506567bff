// A network with all weights and biases times c, as in the demonstration scaling: its perceptrons do not change, and its
// sigmoid neurons become perceptrons unless a weighted sum is 0.

import { allInputs } from "../perceptrons/weighted_sum.js";
import { sigmoid, step } from "./neuron.js";

/** @typedef {import("./small_network.js").Layer} Layer */

/**
 * Return the weighted sums of all neurons, layer after layer, with all weights and biases times c.
 * @param {Layer[]} layers
 * @param {number[]} x
 * @param {number} c
 * @param {(z: number) => number} activation
 */
export function scaledSums(layers, x, c, activation) {
  const sums = [];
  let a = x;
  for (const { w, b } of layers) {
    const z = w.map(
      (weights, to) => weights.reduce((sum, weight, from) => sum + c * weight * a[from], 0) + c * b[to],
    );
    sums.push(...z);
    a = z.map(activation);
  }
  return sums;
}

/**
 * Return the largest difference of a sigmoid neuron from the perceptron, over all inputs and neurons.
 * @param {Layer[]} layers
 * @param {number} c
 */
export function largestDifference(layers, c) {
  const differences = allInputs(layers[0].w[0].length).flatMap((x) => {
    const hard = scaledSums(layers, x, 1, step);
    // sigma(z) from 0, or sigma(-z) from 1: 1 - sigma(z) would lose its digits.
    return scaledSums(layers, x, c, sigmoid).map((z, neuron) => sigmoid(hard[neuron] > 0 ? -z : z));
  });
  return Math.max(...differences);
}

/**
 * Return the smallest |w.x + b| over all inputs and perceptrons.
 * @param {Layer[]} layers
 */
export function closestToZero(layers) {
  const sums = allInputs(layers[0].w[0].length).flatMap((x) => scaledSums(layers, x, 1, step));
  return Math.min(...sums.map(Math.abs));
}
