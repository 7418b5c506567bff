// The exercise on the equation of a layer: its numbers, and the mistakes that are known by their results.

import { numbers } from "./answers.js";

/** @param {number} z */
export function sigmoid(z) {
  return 1 / (1 + Math.exp(-z));
}

/** The layer of the exercise on components: weights, biases, inputs. */
const W = [
  [2, -1],
  [1, 1],
];
const B = [0.5, -2];
const A = [0.5, 1];
const THREE_PLACES = 0.001;

/**
 * Return the weighted sums of the layer.
 * @param {boolean} transposed with the rows and columns of the weights exchanged, a common mistake
 * @returns {number[]}
 */
function sums(transposed = false) {
  return B.map((bias, j) => A.reduce((sum, a, k) => sum + (transposed ? W[k][j] : W[j][k]) * a, bias));
}

/**
 * Check the weighted sums and the outputs of the layer.
 * @returns {import("./answers.js").Check}
 */
export function components() {
  /** @type {Parameters<typeof numbers>[1]} */
  const fields = {};
  for (const [j, z] of sums().entries()) {
    const other = sums(true)[j];
    fields[`z${j + 1}`] = {
      is: z,
      within: THREE_PLACES,
      mistakes: [
        [z - B[j], "ex-components-no-bias"],
        [other, "ex-components-transposed"],
        [other - B[j], "ex-components-transposed"],
      ],
    };
    fields[`a${j + 1}`] = {
      is: sigmoid(z),
      within: THREE_PLACES,
      mistakes: [
        [z, "ex-components-no-sigma"],
        [sigmoid(-z), "ex-components-sign"],
        [sigmoid(z - B[j]), "ex-components-no-bias"],
        [sigmoid(other), "ex-components-transposed"],
      ],
    };
  }
  return numbers("ex-components-1", fields);
}
