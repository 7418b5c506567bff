// Initial weights and biases, as in models/layers/initializers.py.

/** @typedef {import("./network.js").Parameters} Parameters */
/** @typedef {import("./random.js").Random} Random */

/**
 * Standard deviations: of the weights as a function of a neuron's number of inputs, and of the biases.
 * @type {Record<string, {weights: (inputs: number) => number, biases: number}>}
 */
export const INITIALIZERS = {
  "N(0,1)": { weights: () => 1, biases: 1 },
  "N(0,1/n)": { weights: (inputs) => 1 / Math.sqrt(inputs), biases: 1 },
  he: { weights: (inputs) => Math.sqrt(2 / inputs), biases: 0 },
};

/**
 * Draw the parameters of a network of these sizes, such as 784, 30, 10.
 * @param {number[]} sizes
 * @param {string} initializer
 * @param {Random} random
 * @returns {Parameters[]}
 */
export function randomParameters(sizes, initializer, random) {
  const { weights, biases } = INITIALIZERS[initializer];
  return sizes.slice(1).map((outputs, place) => {
    const inputs = sizes[place];
    const width = weights(inputs);
    return {
      w: Float64Array.from({ length: inputs * outputs }, () => width * random.normal()),
      b: Float64Array.from({ length: outputs }, () => biases * random.normal()),
    };
  });
}
