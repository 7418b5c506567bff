// Activation functions, as in models/layers/activations.py. Each overwrites weighted inputs, softmax those of one sample.

/** @typedef {Float32Array | Float64Array} Numbers In the precision of a network of `nn draw`, or of training. */
/** @typedef {(z: Numbers) => void} Activation */

/**
 * 1 / (1 + exp(-z)), and exp(z) / (1 + exp(z)) below 0, which is equal and keeps its digits where it is nearly 0.
 * @param {Numbers} z
 */
function sigmoid(z) {
  for (let i = 0; i < z.length; i++) {
    const tail = Math.exp(-Math.abs(z[i]));
    z[i] = (z[i] < 0 ? tail : 1) / (1 + tail);
  }
}

/** @param {Numbers} z */
function tanh(z) {
  for (let i = 0; i < z.length; i++) z[i] = Math.tanh(z[i]);
}

/** @param {Numbers} z */
function relu(z) {
  for (let i = 0; i < z.length; i++) if (z[i] < 0) z[i] = 0;
}

/** @param {Numbers} z */
function leakyRelu(z) {
  for (let i = 0; i < z.length; i++) if (z[i] < 0) z[i] /= 64;
}

/** @param {Numbers} z */
function softplus(z) {
  for (let i = 0; i < z.length; i++) z[i] = Math.max(z[i], 0) + Math.log1p(Math.exp(-Math.abs(z[i])));
}

/** @param {Numbers} z */
function softmax(z) {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < z.length; i++) largest = Math.max(largest, z[i]);
  let sum = 0;
  for (let i = 0; i < z.length; i++) {
    z[i] = Math.exp(z[i] - largest);
    sum += z[i];
  }
  for (let i = 0; i < z.length; i++) z[i] /= sum;
}

/** @param {Numbers} z */
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

/**
 * The derivatives, as functions of the activation a and not of z, since the forward pass keeps a. Softmax and step have
 * none: a softmax is trained by a cost that is made for it.
 * @type {Record<string, (a: number) => number>}
 */
export const SLOPES = {
  sigmoid: (a) => a - a * a,
  tanh: (a) => 1 - a * a,
  relu: (a) => (a > 0 ? 1 : 0),
  "leaky-relu": (a) => (a > 0 ? 1 : 1 / 64),
  softplus: (a) => -Math.expm1(-a),
};
