// The gradient of the quadratic cost of one sigmoid neuron, over any of its training examples, as the network 1-1 of
// models/network computes it; and how far mini-batches are from the gradient over all, as the demonstration sgd says.

import { sigmoid, sigmoidSlope } from "./small_network.js";

/** @typedef {{x: number, y: number}} Example An input, and the desired output. */
/** @typedef {number[]} Gradient The derivatives by the weight and by the bias. */

/**
 * Return the gradient of the cost (a - y)² / 2 of one example.
 * @param {number} w
 * @param {number} b
 * @param {Example} example
 */
export function gradientOf(w, b, { x, y }) {
  const a = sigmoid(w * x + b);
  const delta = (a - y) * sigmoidSlope(a);
  return [delta * x, delta];
}

/** Return the mean gradient of examples. @type {(w: number, b: number, examples: Example[]) => number[]} */
export function meanGradient(w, b, examples) {
  const sum = [0, 0];
  for (const example of examples) {
    const gradient = gradientOf(w, b, example);
    sum[0] += gradient[0];
    sum[1] += gradient[1];
  }
  return sum.map((value) => value / examples.length);
}

/**
 * Return the root of the mean squared distance of single gradients from the mean one, as a share of its length: what
 * a mini-batch of one is expected to miss. One of m misses this divided by sqrt(m).
 * @type {(w: number, b: number, examples: Example[]) => number}
 */
export function spreadOfOne(w, b, examples) {
  const full = meanGradient(w, b, examples);
  const gradients = examples.map((example) => gradientOf(w, b, example));
  return errorOf(gradients, full);
}

/**
 * Return the root of the mean squared distance of estimates from the full gradient, as a share of its length.
 * @type {(estimates: Gradient[], full: Gradient) => number}
 */
export function errorOf(estimates, full) {
  const squares = estimates.map(([w, b]) => (w - full[0]) ** 2 + (b - full[1]) ** 2);
  return Math.sqrt(mean(squares)) / Math.hypot(...full);
}

/**
 * Return the mean angle of estimates to the full gradient, in degrees.
 * @type {(estimates: Gradient[], full: Gradient) => number}
 */
export function angleOf(estimates, full) {
  const angles = estimates.map(([w, b]) => {
    const lengths = Math.hypot(...full) * Math.max(Math.hypot(w, b), 1e-300);
    const cosine = (w * full[0] + b * full[1]) / lengths;
    return (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
  });
  return mean(angles);
}

/** @param {number[]} values */
function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
