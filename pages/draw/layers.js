// The shape of a sample, and what all layers have; as in models/layers/feature_maps.py and base.py.
//
// The numbers of maps are stored by row, then by column, then by channel: a window's row is then one run of numbers, in
// the order of the weights of a filter. There is one sample at a time.

import { ACTIVATIONS } from "../shared/activations.js";

/** @typedef {number[]} Shape The shape of a sample: [n], or [height, width, channels]. */

/**
 * A layer keeps its outputs, and overwrites them in each forward pass.
 * @typedef {object} Layer
 * @property {string} text Its description, as in the weights file.
 * @property {Shape} shape The shape of its outputs.
 * @property {Float32Array} a Its outputs.
 * @property {(input: Float32Array) => Float32Array} forward
 */

/** Weighted inputs that overflow: sigmoid(inf) is 1, and would look like an output. */
export class Overflow extends Error {}

/**
 * Throw Overflow unless all weighted inputs are finite; as in models/layers/base.py.
 * @param {Float32Array} z
 */
function checkWeightedInputs(z) {
  for (let at = 0; at < z.length; at++) if (!Number.isFinite(z[at])) throw new Overflow();
}

/** @param {Shape} shape */
export const count = (shape) => shape.reduce((one, other) => one * other, 1);

// An activation as a layer of its own; as in models/layers/activation_layer.py.

/**
 * An activation as a layer of its own.
 * @implements {Layer}
 */
export class ActivationLayer {
  /**
   * @param {string} text
   * @param {string} activation
   * @param {Shape} shape
   */
  constructor(text, activation, shape) {
    this.text = text;
    this.activation = ACTIVATIONS[activation];
    this.shape = shape;
    this.a = new Float32Array(count(shape));
  }

  /** @param {Float32Array} input */
  forward(input) {
    this.a.set(input);
    this.activation(this.a);
    return this.a;
  }
}

// A convolution; as in models/layers/convolution.py.

/**
 * A convolution: each filter sees a small window at every position (equation 125).
 * @implements {Layer}
 */
export class Convolution {
  /**
   * @param {string} text
   * @param {Float32Array} w For each filter, by row of the window, then by column, then by channel.
   * @param {Float32Array} b
   * @param {number} k The side of the window.
   * @param {Shape} from
   */
  constructor(text, w, b, k, from) {
    this.text = text;
    this.w = w;
    this.b = b;
    this.k = k;
    this.from = from;
    this.shape = [from[0] - k + 1, from[1] - k + 1, b.length];
    this.a = new Float32Array(count(this.shape));
  }

  /** @param {Float32Array} input */
  forward(input) {
    const { w, b, a, k } = this;
    const [, width, channels] = this.from;
    const [rows, columns, filters] = this.shape;
    const run = k * channels;
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
    return a;
  }
}

// A fully connected layer; as in models/layers/dense.py.

/**
 * A fully connected layer: a' = sigma(w a + b) (equation 22).
 * @implements {Layer}
 */
export class Dense {
  /**
   * @param {string} text
   * @param {Float32Array} w Row j has the weights of neuron j.
   * @param {Float32Array} b
   * @param {string} activation
   */
  constructor(text, w, b, activation) {
    this.text = text;
    this.w = w;
    this.b = b;
    this.activation = ACTIVATIONS[activation];
    this.shape = [b.length];
    this.a = new Float32Array(b.length);
  }

  /** @param {Float32Array} input */
  forward(input) {
    const { w, b, a } = this;
    const inputs = w.length / b.length;
    for (let j = 0, at = 0; j < b.length; j++, at += inputs) {
      let z = b[j];
      for (let k = 0; k < inputs; k++) z += w[at + k] * input[k];
      a[j] = z;
    }
    checkWeightedInputs(a);
    this.activation(a);
    return a;
  }
}

// A layer that flattens feature maps; as in models/layers/flatten.py.

/**
 * Maps as a row of numbers: by row, then by channel, then by column.
 * @implements {Layer}
 */
export class Flatten {
  /**
   * @param {string} text
   * @param {Shape} from
   */
  constructor(text, from) {
    this.text = text;
    this.from = from;
    this.shape = [count(from)];
    this.a = new Float32Array(count(from));
  }

  /** @param {Float32Array} input */
  forward(input) {
    const [rows, columns, channels] = this.from;
    let out = 0;
    for (let y = 0; y < rows; y++) {
      for (let channel = 0; channel < channels; channel++) {
        for (let x = 0; x < columns; x++) this.a[out++] = input[(y * columns + x) * channels + channel];
      }
    }
    return this.a;
  }
}

// Batch normalisation in prediction; as in models/layers/normalization.py.

const EPSILON = 1e-5;

/**
 * Batch normalisation with the averages of training.
 * @implements {Layer}
 */
class Normalization {
  /**
   * @param {string} text
   * @param {Float32Array} w For each channel gamma, and the averages of mean and variance.
   * @param {Float32Array} b For each channel beta.
   * @param {Shape} shape
   */
  constructor(text, w, b, shape) {
    this.text = text;
    this.shape = shape;
    this.a = new Float32Array(count(shape));
    this.scale = b.map((_, channel) => w[3 * channel] / Math.sqrt(Math.max(w[3 * channel + 2], 0) + EPSILON));
    this.offset = b.map((beta, channel) => beta - this.scale[channel] * w[3 * channel + 1]);
  }

  /** @param {Float32Array} input */
  forward(input) {
    const { a, scale, offset } = this;
    for (let at = 0; at < a.length; ) {
      for (let channel = 0; channel < scale.length; channel++, at++) {
        a[at] = scale[channel] * input[at] + offset[channel];
      }
    }
    checkWeightedInputs(a);
    return a;
  }
}

// Max pooling; as in models/layers/pooling.py.

/**
 * The maximum of each window.
 * @implements {Layer}
 */
export class MaxPooling {
  /**
   * @param {string} text
   * @param {number} size
   * @param {Shape} from
   */
  constructor(text, size, from) {
    this.text = text;
    this.size = size;
    this.from = from;
    this.shape = [Math.floor(from[0] / size), Math.floor(from[1] / size), from[2]];
    this.a = new Float32Array(count(this.shape));
  }

  /** @param {Float32Array} input */
  forward(input) {
    const { a, size } = this;
    const [, width, channels] = this.from;
    const [rows, columns] = this.shape;
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
    return a;
  }
}

// Layers made from their descriptions; as in models/layers/registry.py.

/**
 * Make a layer from its description; null for dropout, which changes nothing in prediction.
 * @param {string} text
 * @param {Shape} shape The shape of its inputs.
 * @param {() => Float32Array} next Returns the weights and then the biases of the next trainable layer.
 */
export function makeLayer(text, shape, next) {
  const [kind, ...words] = text.split(" ");
  switch (kind) {
    case "dense":
      return new Dense(text, next(), next(), words[1]);
    case "conv":
      return new Convolution(text, next(), next(), Number.parseInt(words[1], 10), shape);
    case "max":
      return new MaxPooling(text, Number.parseInt(words[0], 10), shape);
    case "norm":
      return new Normalization(text, next(), next(), shape);
    case "flatten":
      return new Flatten(text, shape);
    case "dropout":
      return null;
  }
  if (!Object.hasOwn(ACTIVATIONS, kind)) throw new Error(`a layer that this page does not know: ${text}`);
  return new ActivationLayer(text, kind, shape);
}
