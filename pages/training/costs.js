// Cost functions and their derivatives, as in models/network/costs.py.

/**
 * A cost, summed over the samples of a batch. `evaluate` takes the outputs and the labels and writes the derivative:
 * dC/da, or dC/dz if the cost is made for one activation of the last layer, whose derivative cancels.
 * @typedef {object} Cost
 * @property {string} activation The activation of the last layer.
 * @property {boolean} cancels Whether `evaluate` writes dC/dz.
 * @property {(a: Float64Array, labels: Uint8Array, derivative: Float64Array) => number} evaluate
 */

const EPSILON = Number.EPSILON / 2;

/** Keep an output away from 0 and 1, where rounding can bring it, so that its logarithm is finite. */
const clipped = (/** @type {number} */ a) => Math.min(Math.max(a, EPSILON), 1 - EPSILON);

/**
 * Write a - y, where y is 1 for the true digit and 0 for the others.
 * @param {Float64Array} a
 * @param {Uint8Array} labels
 * @param {Float64Array} error
 */
function subtractTargets(a, labels, error) {
  const outputs = a.length / labels.length;
  error.set(a);
  for (let sample = 0; sample < labels.length; sample++) error[sample * outputs + labels[sample]] -= 1;
}

/**
 * |a - y|² / 2 (chapter 1, equation 6, without its 1/n).
 * @param {Float64Array} a
 * @param {Uint8Array} labels
 * @param {Float64Array} derivative
 */
function quadratic(a, labels, derivative) {
  subtractTargets(a, labels, derivative);
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += derivative[at] * derivative[at];
  return sum / 2;
}

/**
 * -sum(y ln a + (1 - y) ln(1 - a)) (chapter 3, equation 63).
 * @param {Float64Array} a
 * @param {Uint8Array} labels
 * @param {Float64Array} delta
 */
function crossEntropy(a, labels, delta) {
  subtractTargets(a, labels, delta);
  const outputs = a.length / labels.length;
  let sum = 0;
  for (let sample = 0, at = 0; sample < labels.length; sample++) {
    for (let j = 0; j < outputs; j++, at++) {
      sum -= j === labels[sample] ? Math.log(clipped(a[at])) : Math.log1p(-clipped(a[at]));
    }
  }
  return sum;
}

/**
 * -ln of the output for the true digit (chapter 3, equation 80).
 * @param {Float64Array} a
 * @param {Uint8Array} labels
 * @param {Float64Array} delta
 */
function logLikelihood(a, labels, delta) {
  subtractTargets(a, labels, delta);
  const outputs = a.length / labels.length;
  let sum = 0;
  for (let sample = 0; sample < labels.length; sample++) {
    sum -= Math.log(clipped(a[sample * outputs + labels[sample]]));
  }
  return sum;
}

/** @type {Record<string, Cost>} */
export const COSTS = {
  quadratic: { activation: "sigmoid", cancels: false, evaluate: quadratic },
  "cross-entropy": { activation: "sigmoid", cancels: true, evaluate: crossEntropy },
  "log-likelihood": { activation: "softmax", cancels: true, evaluate: logLikelihood },
};
