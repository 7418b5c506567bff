// The sigmoid beside the step function, as PRECISE_SIGMOID and STEP of models/layers/activations.py.

/**
 * 1 / (1 + exp(-z)), and exp(z) / (1 + exp(z)) below 0, which is equal and keeps its digits where it is nearly 0.
 * @param {number} z
 */
export function sigmoid(z) {
  const tail = Math.exp(-Math.abs(z));
  return (z < 0 ? tail : 1) / (1 + tail);
}

/**
 * Return the slope of the sigmoid where its value is a.
 * @param {number} a
 */
export function sigmoidSlope(a) {
  return a - a * a;
}

/** @param {number} z */
export function step(z) {
  return z > 0 ? 1 : 0;
}
