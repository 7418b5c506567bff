// The shape of a sample, and what all layers have; as in models/layers/feature_maps.py and base.py.
//
// The numbers of maps are stored by row, then by column, then by channel: a window's row is then one run of numbers, in
// the order of the weights of a filter. There is one sample at a time.

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
export function checkWeightedInputs(z) {
  for (let at = 0; at < z.length; at++) if (!Number.isFinite(z[at])) throw new Overflow();
}

/** @param {Shape} shape */
export const count = (shape) => shape.reduce((one, other) => one * other, 1);
