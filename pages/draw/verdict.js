// The answer in words: the rules and words of `nn predict` (stages/predict.py and cli/commands/predict.py).

import { text } from "../shared/language.js";

/** @typedef {import("../network/ensemble.js").Prediction} Prediction */

/** An image that is less probably a digit, by a network with a reject class, has none. */
const MIN_DIGIT_PROBABILITY = 0.5;

/**
 * @typedef {object} Verdict
 * @property {"none" | "several" | "overflow" | "unsure" | "sure"} kind
 * @property {number | null} best The class with the highest probability; null without one digit.
 * @property {string} words
 */

/**
 * Return the answer of a network.
 * @param {"none" | "several" | null} problem
 * @param {Prediction | null} prediction Null without a digit, or if outputs overflow.
 * @param {boolean} calibrated Without it, no probabilities are shown, and nothing is unsure.
 * @param {{ names: string[], least: number }} settings The names of the classes, and the least probability of "sure".
 * @returns {Verdict}
 */
export function verdictOf(problem, prediction, calibrated, { names, least }) {
  const kindOfNone = problem ?? "overflow";
  if (problem || !prediction) return { kind: kindOfNone, best: null, words: text(kindOfNone) };
  if ((prediction.digit ?? 1) < MIN_DIGIT_PROBABILITY)
    return { kind: "none", best: null, words: text("none") };
  const probabilities = ofDigits(prediction);
  const order = Array.from(probabilities.keys()).sort(
    (one, other) => probabilities[other] - probabilities[one] || other - one,
  );
  const best = order[0];
  const unsure = calibrated && probabilities[best] < least;
  const [first, second] = order.slice(0, 2).map((label) => {
    return calibrated ? `${names[label]}, ${percent(probabilities[label])}` : names[label];
  });
  const kind = unsure ? "unsure" : "sure";
  return { kind, best, words: second === undefined ? first : text(kind, { first, second }) };
}

/**
 * Return the probability of each digit; they sum to that of any digit at all.
 * @param {Prediction} prediction
 */
export function ofDigits({ classes, digit }) {
  return classes.map((probability) => probability * (digit ?? 1));
}

/**
 * Format a probability; it never reads 100 %.
 * @param {number} probability
 */
export function percent(probability) {
  const likely = Math.min(probability, 0.999);
  return likely >= 0.001 ? `${(100 * likely).toFixed(1)} %` : "< 0.1 %";
}
