// The checks of the exercises, by their names: one for each part. Right answers are computed where that is possible.

import { dot, sigmoid } from "../figures/small_network.js";
import { choice, not, numbers, order, RIGHT } from "./answers.js";
import { programChecks } from "./program.js";

/** @import { Check } from "./answers.js" */

const HIGH = 0.99;
const THREE_PLACES = 0.001;

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

/** The checks of all parts of each exercise. @type {Record<string, (measured: {accuracies: number[]}) => Check[]>} */
export const CHECKS = {
  scaled: () => [
    numbers("ex-scaled-1", {
      sum: {
        is: 10 * (2 - 3 + 0.5),
        mistakes: { "ex-scaled-before": [2 - 3 + 0.5], "ex-scaled-bias": [10 * (2 - 3) + 0.5] },
        otherwise: "ex-scaled-sum",
      },
      output: { is: 0, mistakes: { "ex-scaled-below": [1] }, otherwise: "ex-zero-or-one" },
    }),
    choice("ex-scaled-2", "c"),
    choice("ex-scaled-3", "b"),
  ],
  limit: () => [
    smallestC,
    numbers("ex-limit-2", {
      sigmoid: { is: sigmoid(1000 * 0), mistakes: { "ex-limit-zero": [0, 1] }, otherwise: "ex-limit-zero" },
      perceptron: { is: 0, mistakes: { "ex-limit-above": [1] }, otherwise: "ex-zero-or-one" },
    }),
    choice("ex-limit-3", "a"),
  ],
  binary: () => [
    bitWorthTwo,
    numbers("ex-binary-2", {
      low: {
        is: -HIGH,
        mistakes: { "ex-binary-worst": [-1], "ex-binary-sign": [HIGH] },
        otherwise: "ex-binary-low",
      },
      high: {
        is: -5 * 0.01,
        mistakes: { "ex-binary-five": [-0.01, -0.04], "ex-binary-nine": [-0.09], "ex-binary-sign": [0.05] },
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
        mistakes: { "ex-code-mean": [0.5 - 3 * (0.2 + 0.6)], "ex-code-sign": [0.5 + (3 / 2) * (0.2 + 0.6)] },
      },
    }),
  ],
  "one-variable": () => [
    numbers("ex-one-variable-1", {
      slope: { is: 2 * (3 - 1), mistakes: { "ex-one-variable-inner": [2], "ex-one-variable-square": [6] } },
      step: { is: -0.25 * 4, mistakes: { "ex-one-variable-against": [1], "ex-one-variable-eta": [-4, 4] } },
      next: { is: 3 - 1, mistakes: { "ex-one-variable-against": [4] } },
    }),
    choice("ex-one-variable-2", "b"),
  ],
  single: () => [
    numbers("ex-single-1", {
      twenty: { is: 60_000 / 20, mistakes: { "ex-single-batches": [60_000, 20] } },
      one: { is: 60_000, mistakes: { "ex-single-batches": [1] } },
    }),
    choice("ex-single-2", "b"),
    choice("ex-single-3", "a"),
  ],
  components: () => [components(), choice("ex-components-2", "a")],
  "no-hidden": ({ accuracies }) => [near(accuracies), choice("ex-no-hidden-2", "c"), choice("ex-no-hidden-3", "a")],
  rate: () => [
    numbers("ex-rate-1", {
      best: { is: 0.5, mistakes: { "ex-rate-jump": [1, 2] }, otherwise: "ex-rate-factor" },
      largest: { is: 1, mistakes: { "ex-rate-there": [0.5] }, otherwise: "ex-rate-factor" },
    }),
    choice("ex-rate-2", "a"),
    choice("ex-rate-3", "b"),
  ],
};

/**
 * Check z = w a + b and the outputs of the layer in the exercise on components. Its transposed weights are a mistake.
 * @returns {Check}
 */
function components() {
  const [w, b, a] = [
    [
      [2, -1],
      [1, 1],
    ],
    [0.5, -2],
    [0.5, 1],
  ];
  /** @type {Parameters<typeof numbers>[1]} */
  const fields = {};
  for (const [j, bias] of b.entries()) {
    const [z, other] = [
      dot(w[j], a) + bias,
      dot(
        w.map((row) => row[j]),
        a,
      ) + bias,
    ];
    fields[`z${j + 1}`] = {
      is: z,
      within: THREE_PLACES,
      mistakes: { "ex-components-no-bias": [z - bias], "ex-components-transposed": [other, other - bias] },
    };
    fields[`a${j + 1}`] = {
      is: sigmoid(z),
      within: THREE_PLACES,
      mistakes: {
        "ex-components-no-sigma": [z],
        "ex-components-sign": [sigmoid(-z)],
        "ex-components-no-bias": [sigmoid(z - bias)],
        "ex-components-transposed": [sigmoid(other)],
      },
    };
  }
  return numbers("ex-components-1", fields);
}
