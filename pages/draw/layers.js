// The layers of a network, made from their descriptions; as in models/layers.
//
// The numbers of maps are stored by row, then by column, then by channel: a window's row is then one run of numbers, in
// the order of the weights of a filter. There is one sample at a time.

import { ACTIVATIONS } from "../shared/activations.js";

/** @typedef {number[]} Shape The shape of a sample: [n], or [height, width, channels]. */

/** @import { Numbers } from "../shared/activations.js" */

/** @typedef {(input: Numbers, a: Numbers) => void} Compute Writes the outputs `a`. */

/**
 * A layer keeps its outputs, and overwrites them in each forward pass.
 * @typedef {object} Layer
 * @property {string} text Its description, as in the weights file.
 * @property {Shape} shape The shape of its outputs.
 * @property {Numbers} a Its outputs.
 * @property {Float32Array} [w] The weights of a dense layer; row j has those of neuron j.
 * @property {Compute} compute
 */

/** Weighted inputs that overflow: sigmoid(inf) is 1, and would look like an output. */
export class Overflow extends Error {}

/** @param {Shape} shape */
export const count = (shape) => shape.reduce((one, other) => one * other, 1);

/**
 * Make a layer from its description; null for dropout, which changes nothing in prediction.
 * @param {string} text
 * @param {Shape} from The shape of its inputs.
 * @param {() => Float32Array} next Returns the weights and then the biases of the next trainable layer.
 * @returns {Layer | null}
 */
export function makeLayer(text, from, next) {
  const [kind, ...words] = text.split(" ");
  const number = Number.parseInt(words[0], 10);
  const made = (/** @type {Shape} */ shape, /** @type {Compute} */ compute) => {
    return { text, shape, a: new Float32Array(count(shape)), compute };
  };
  switch (kind) {
    case "dense": {
      const [w, b] = [next(), next()];
      return { ...made([b.length], dense(w, b, ACTIVATIONS[words[1]])), w };
    }
    case "conv": {
      const [w, b, k] = [next(), next(), Number.parseInt(words[1], 10)];
      const shape = [from[0] - k + 1, from[1] - k + 1, b.length];
      return made(shape, convolution(w, b, k, from, shape));
    }
    case "max": {
      const shape = [Math.floor(from[0] / number), Math.floor(from[1] / number), from[2]];
      return made(shape, maxPooling(number, from, shape));
    }
    case "norm":
      return made(from, normalization(next(), next()));
    case "flatten":
      return made([count(from)], flatten(from));
    case "dropout":
      return null;
  }
  if (!Object.hasOwn(ACTIVATIONS, kind)) throw new Error(`a layer that this page does not know: ${text}`);
  return made(from, (input, a) => {
    a.set(input);
    ACTIVATIONS[kind](a);
  });
}

/**
 * Throw Overflow unless all weighted inputs are finite; as in models/layers/base.py.
 * @param {Numbers} z
 */
function checkWeightedInputs(z) {
  for (let at = 0; at < z.length; at++) if (!Number.isFinite(z[at])) throw new Overflow();
}

/**
 * A fully connected layer: a' = sigma(w a + b) (equation 22).
 * @type {(w: Float32Array, b: Float32Array, activation: import("../shared/activations.js").Activation) => Compute}
 */
function dense(w, b, activation) {
  const inputs = w.length / b.length;
  return (input, a) => {
    for (let j = 0, at = 0; j < b.length; j++, at += inputs) {
      let z = b[j];
      for (let k = 0; k < inputs; k++) z += w[at + k] * input[k];
      a[j] = z;
    }
    checkWeightedInputs(a);
    activation(a);
  };
}

/**
 * A convolution: each filter sees a small window at every position (equation 125).
 * @param {Float32Array} w For each filter, by row of the window, then by column, then by channel.
 * @param {Float32Array} b
 * @param {number} k The side of the window.
 * @param {Shape} from
 * @param {Shape} to
 * @returns {Compute}
 */
function convolution(w, b, k, [, width, channels], [rows, columns, filters]) {
  const run = k * channels;
  return (input, a) => {
    for (let y = 0, out = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        for (let filter = 0, weight = 0; filter < filters; filter++, out++) {
          let z = b[filter];
          for (let row = 0; row < k; row++) {
            const start = ((y + row) * width + x) * channels;
            for (let at = start; at < start + run; at++) z += w[weight++] * input[at];
          }
          a[out] = z;
        }
      }
    }
    checkWeightedInputs(a);
  };
}

/**
 * The maximum of each window.
 * @param {number} size
 * @param {Shape} from
 * @param {Shape} to
 * @returns {Compute}
 */
function maxPooling(size, [, width, channels], [rows, columns]) {
  return (input, a) => {
    a.fill(Number.NEGATIVE_INFINITY);
    for (let y = 0; y < rows * size; y++) {
      for (let x = 0; x < columns * size; x++) {
        const from = (y * width + x) * channels;
        const to = (Math.floor(y / size) * columns + Math.floor(x / size)) * channels;
        for (let channel = 0; channel < channels; channel++) {
          if (input[from + channel] > a[to + channel]) a[to + channel] = input[from + channel];
        }
      }
    }
  };
}

const EPSILON = 1e-5;

/**
 * Batch normalisation with the averages of training.
 * @param {Float32Array} w For each channel gamma, and the averages of mean and variance.
 * @param {Float32Array} b For each channel beta.
 * @returns {Compute}
 */
function normalization(w, b) {
  const scale = b.map((_, channel) => w[3 * channel] / Math.sqrt(Math.max(w[3 * channel + 2], 0) + EPSILON));
  const offset = b.map((beta, channel) => beta - scale[channel] * w[3 * channel + 1]);
  return (input, a) => {
    for (let at = 0; at < a.length; ) {
      for (let channel = 0; channel < b.length; channel++, at++) {
        a[at] = scale[channel] * input[at] + offset[channel];
      }
    }
    checkWeightedInputs(a);
  };
}

/** Maps as a row of numbers: by row, then by channel, then by column. @type {(from: Shape) => Compute} */
function flatten([rows, columns, channels]) {
  return (input, a) => {
    for (let y = 0, out = 0; y < rows; y++) {
      for (let channel = 0; channel < channels; channel++) {
        for (let x = 0; x < columns; x++) a[out++] = input[(y * columns + x) * channels + channel];
      }
    }
  };
}
