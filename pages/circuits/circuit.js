// Circuits of single neurons, as in models/chapter/circuit.py: the signals are the inputs, then the neurons' outputs.

import { perceptron } from "../perceptrons/weighted_sum.js";

/**
 * @typedef {{sources: number[], weights: number[], bias: number}} Neuron The signals that it takes, their weights, bias.
 * @typedef {{inputs: number, neurons: Neuron[], outputs: number[]}} Circuit The outputs are numbers of signals.
 */

/**
 * Return all signals, 0 or 1, one perceptron after the other.
 * @param {Circuit} circuit
 * @param {readonly number[]} x
 */
export function signals(circuit, x) {
  const values = [...x];
  for (const { sources, weights, bias } of circuit.neurons) {
    const inputs = sources.map((source) => values[source]);
    values.push(perceptron(inputs, weights, bias));
  }
  return values;
}

/**
 * Return all signals with each neuron replaced by a NAND gate, without weights.
 * @param {Circuit} circuit
 * @param {readonly number[]} x
 */
export function gateSignals(circuit, x) {
  const values = [...x];
  for (const { sources } of circuit.neurons)
    values.push(sources.every((source) => values[source] > 0) ? 0 : 1);
  return values;
}

/**
 * Return all signals as a fixed point: inputs are neurons with fixed outputs, all others update in parallel.
 * @param {Circuit} circuit
 * @param {readonly number[]} x
 */
export function fixedPointSignals(circuit, x) {
  let values = [...x, ...circuit.neurons.map(() => 0)];
  for (let round = 0; round <= values.length; round++) {
    const before = values;
    const update = (/** @type {Neuron} */ { sources, weights, bias }) =>
      sources.reduce((z, source, place) => z + weights[place] * before[source], bias) > 0 ? 1 : 0;
    values = [...x, ...circuit.neurons.map(update)];
  }
  return values;
}

/**
 * Return the outputs of a circuit.
 * @param {Circuit} circuit
 * @param {readonly number[]} x
 */
export function outputs(circuit, x) {
  const values = signals(circuit, x);
  return circuit.outputs.map((output) => values[output]);
}

/**
 * Return the number of neurons on the longest path to each signal.
 * @param {Circuit} circuit
 */
export function depths(circuit) {
  const found = Array.from({ length: circuit.inputs }, () => 0);
  for (const { sources } of circuit.neurons)
    found.push(1 + Math.max(...sources.map((source) => found[source])));
  return found;
}
