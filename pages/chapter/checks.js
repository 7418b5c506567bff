// The checks of the exercises, by their names: one for each part. Right answers are computed where that is possible.

import { sigmoid } from "../figures/small_network.js";
import { choice, not, numbers, order, RIGHT } from "./answers.js";
import { programChecks } from "./program.js";

/** @typedef {import("./answers.js").Check} Check */

const HIGH = 0.99;

/** The digits whose bit worth 2 is 1: 2, 3, 6 and 7. */
const WORTH_TWO = 4;

/** @type {Check} */
function smallestC({ numbers: { c } }) {
  const wrong = ["c"];
  const values = { c, output: sigmoid(0.4 * c).toFixed(4) };
  if (Number.isNaN(c)) return not([{ key: "ex-no-number", texts: { field: "ex-limit-1-c" } }], wrong);
  if (!Number.isInteger(c) || c < 1) return not([{ key: "ex-limit-whole" }], wrong);
  if (sigmoid(0.4 * c) <= HIGH) return not([{ key: "ex-limit-too-small", values }], wrong);
  return sigmoid(0.4 * (c - 1)) > HIGH ? not([{ key: "ex-limit-too-large", values }], wrong) : RIGHT;
}

/** @type {Check} */
function bitWorthTwo({ chosen }) {
  if (!chosen.length) return not([{ key: "ex-empty" }]);
  const digit = chosen.map(Number).find((one) => !((one >> 1) & 1));
  if (digit !== undefined) {
    const binary = digit.toString(2).padStart(4, "0");
    return not([{ key: "ex-binary-bit", values: { digit, binary } }]);
  }
  return chosen.length < WORTH_TWO ? not([{ key: "ex-binary-more" }]) : RIGHT;
}

/**
 * The accuracy without hidden layers: near those of the runs that were made for this page.
 * @param {number[]} accuracies in percent
 * @returns {Check}
 */
function near(accuracies) {
  const [low, high] = [Math.min(...accuracies), Math.max(...accuracies)];
  return ({ numbers: { accuracy } }) => {
    const values = { low, high };
    if (Number.isNaN(accuracy)) {
      return not([{ key: "ex-no-number", texts: { field: "ex-no-hidden-1-accuracy" } }], ["accuracy"]);
    }
    if (accuracy > 0 && accuracy < 1) return not([{ key: "ex-no-hidden-percent" }], ["accuracy"]);
    if (accuracy < low - NEAR) return not([{ key: "ex-no-hidden-low", values }], ["accuracy"]);
    if (accuracy > high + NEAR) return not([{ key: "ex-no-hidden-high", values }], ["accuracy"]);
    return { ...RIGHT, messages: [{ key: "ex-no-hidden-right", values: { list: accuracies.join(", ") } }] };
  };
}

/** Points of accuracy: another seed gives about as much more or less. */
const NEAR = 2;

/**
 * Return the checks of all parts of an exercise.
 * @param {string} name
 * @param {{accuracies: number[]}} measured
 * @returns {Check[]}
 */
export function checksOf(name, measured) {
  return ALL[name](measured);
}

/** @type {Record<string, (measured: {accuracies: number[]}) => Check[]>} */
const ALL = {
  scaled: () => [
    numbers("ex-scaled-1", {
      sum: {
        is: 10 * (2 - 3 + 0.5),
        mistakes: [
          [2 - 3 + 0.5, "ex-scaled-before"],
          [10 * (2 - 3) + 0.5, "ex-scaled-bias"],
        ],
        otherwise: "ex-scaled-sum",
      },
      output: { is: 0, mistakes: [[1, "ex-scaled-below"]], otherwise: "ex-zero-or-one" },
    }),
    choice("ex-scaled-2", "c"),
    choice("ex-scaled-3", "b"),
  ],
  limit: () => [
    smallestC,
    numbers("ex-limit-2", {
      sigmoid: {
        is: sigmoid(1000 * 0),
        mistakes: [
          [0, "ex-limit-zero"],
          [1, "ex-limit-zero"],
        ],
        otherwise: "ex-limit-zero",
      },
      perceptron: { is: 0, mistakes: [[1, "ex-limit-above"]], otherwise: "ex-zero-or-one" },
    }),
    choice("ex-limit-3", "a"),
  ],
  binary: () => [
    bitWorthTwo,
    numbers("ex-binary-2", {
      low: {
        is: -HIGH,
        mistakes: [
          [-1, "ex-binary-worst"],
          [HIGH, "ex-binary-sign"],
        ],
        otherwise: "ex-binary-low",
      },
      high: {
        is: -5 * 0.01,
        mistakes: [
          [-0.01, "ex-binary-five"],
          [-0.04, "ex-binary-five"],
          [-0.09, "ex-binary-nine"],
          [0.05, "ex-binary-sign"],
        ],
        otherwise: "ex-binary-high",
      },
    }),
  ],
  proof: () => [order("ex-proof-1", { a: "", b: "a", c: "b", d: "a", e: "d", f: "ce" })],
  code: () => [
    ...programChecks(),
    numbers("ex-code-5", {
      weight: {
        is: 0.5 - (3 / 2) * (0.2 + 0.6),
        mistakes: [
          [0.5 - 3 * (0.2 + 0.6), "ex-code-mean"],
          [0.5 + (3 / 2) * (0.2 + 0.6), "ex-code-sign"],
        ],
      },
    }),
  ],
  "one-variable": () => [
    numbers("ex-one-variable-1", {
      slope: {
        is: 2 * (3 - 1),
        mistakes: [
          [2, "ex-one-variable-inner"],
          [6, "ex-one-variable-square"],
        ],
      },
      step: {
        is: -0.25 * 4,
        mistakes: [
          [1, "ex-one-variable-against"],
          [-4, "ex-one-variable-eta"],
          [4, "ex-one-variable-eta"],
        ],
      },
      next: { is: 3 - 1, mistakes: [[4, "ex-one-variable-against"]] },
    }),
    choice("ex-one-variable-2", "b"),
  ],
  single: () => [
    numbers("ex-single-1", {
      twenty: {
        is: 60_000 / 20,
        mistakes: [
          [60_000, "ex-single-batches"],
          [20, "ex-single-batches"],
        ],
      },
      one: { is: 60_000, mistakes: [[1, "ex-single-batches"]] },
    }),
    choice("ex-single-2", "b"),
    choice("ex-single-3", "a"),
  ],
  components: () => [components(), choice("ex-components-2", "a")],
  "no-hidden": ({ accuracies }) => [near(accuracies), choice("ex-no-hidden-2", "c"), choice("ex-no-hidden-3", "a")],
  rate: () => [
    numbers("ex-rate-1", {
      best: {
        is: 0.5,
        mistakes: [
          [1, "ex-rate-jump"],
          [2, "ex-rate-jump"],
        ],
        otherwise: "ex-rate-factor",
      },
      largest: { is: 1, mistakes: [[0.5, "ex-rate-there"]], otherwise: "ex-rate-factor" },
    }),
    choice("ex-rate-2", "a"),
    choice("ex-rate-3", "b"),
  ],
};

// The exercise on the equation of a layer: its numbers, and the mistakes that are known by their results.

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
