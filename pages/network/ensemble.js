// The mean of several networks' probabilities; as in models/network/ensemble.py.

/**
 * The calibrated prediction of a network.
 * @typedef {object} Prediction
 * @property {Float64Array} classes The probability of each class.
 * @property {number | null} digit The probability of any digit at all; null without a reject class.
 */

/**
 * Divide outputs by their sum. Negative outputs count as 0; zeros become uniform.
 * @param {ArrayLike<number>} outputs
 * @returns {Float64Array}
 */
export function normalized(outputs) {
  const positive = Float64Array.from(outputs, (output) => Math.max(output, 0));
  let sum = 0;
  for (const output of positive) sum += output;
  return positive.map((output) => (sum > 0 ? output / sum : 1 / positive.length));
}

/**
 * Return the mean of predictions, as stages/classifiers/ensemble_predictor.py computes it: a vote.
 * @param {Prediction[]} predictions
 * @returns {Prediction}
 */
export function vote(predictions) {
  const classes = new Float64Array(predictions[0].classes.length);
  for (const one of predictions) {
    for (let label = 0; label < classes.length; label++) {
      classes[label] += one.classes[label] / predictions.length;
    }
  }
  const digits = predictions.map((one) => one.digit).filter((digit) => digit !== null);
  const digit = digits.reduce((one, other) => one + other, 0) / digits.length;
  return { classes, digit: digits.length ? digit : null };
}
