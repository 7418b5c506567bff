// Activation functions, as in models/layers/activations.py. Each overwrites the weighted inputs of one sample.

/** @typedef {(z: Float32Array) => void} Activation */

/**
 * In the form and the precision of Python: near 0 and 1 another form would end in other odds.
 * @param {Float32Array} z
 */
function sigmoid(z) {
  for (let i = 0; i < z.length; i++) z[i] = Math.fround(0.5 * Math.fround(Math.tanh(0.5 * z[i]))) + 0.5;
}

/** @param {Float32Array} z */
function tanh(z) {
  for (let i = 0; i < z.length; i++) z[i] = Math.tanh(z[i]);
}

/** @param {Float32Array} z */
function relu(z) {
  for (let i = 0; i < z.length; i++) if (z[i] < 0) z[i] = 0;
}

/** @param {Float32Array} z */
function leakyRelu(z) {
  for (let i = 0; i < z.length; i++) if (z[i] < 0) z[i] /= 64;
}

/** @param {Float32Array} z */
function softplus(z) {
  for (let i = 0; i < z.length; i++) z[i] = Math.max(z[i], 0) + Math.log1p(Math.exp(-Math.abs(z[i])));
}

/** @param {Float32Array} z */
function softmax(z) {
  const largest = z.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let i = 0; i < z.length; i++) {
    z[i] = Math.exp(z[i] - largest);
    sum += z[i];
  }
  for (let i = 0; i < z.length; i++) z[i] /= sum;
}

/** @param {Float32Array} z */
function step(z) {
  for (let i = 0; i < z.length; i++) z[i] = z[i] > 0 ? 1 : 0;
}

/** @type {Record<string, Activation>} */
export const ACTIVATIONS = {
  sigmoid,
  tanh,
  relu,
  "leaky-relu": leakyRelu,
  softplus,
  softmax,
  step,
};
