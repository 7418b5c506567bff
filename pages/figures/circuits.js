// Circuits of single neurons, as in models/chapter/circuit.py: the signals are the inputs, then the neurons' outputs.

import { perceptron } from "./weighted_sum.js";

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
 * @type {(circuit: Circuit, x: readonly number[]) => number[]}
 */
export function gateSignals(circuit, x) {
  const values = [...x];
  for (const { sources } of circuit.neurons) values.push(sources.every((source) => values[source] > 0) ? 0 : 1);
  return values;
}

/**
 * Return all signals as a fixed point: inputs are neurons with fixed outputs, all others update in parallel.
 * @type {(circuit: Circuit, x: readonly number[]) => number[]}
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

/** Return the outputs of a circuit. @type {(circuit: Circuit, x: readonly number[]) => number[]} */
export function outputs(circuit, x) {
  const values = signals(circuit, x);
  return circuit.outputs.map((output) => values[output]);
}

/** Return the number of neurons on the longest path to each signal. @type {(circuit: Circuit) => number[]} */
export function depths(circuit) {
  const found = Array.from({ length: circuit.inputs }, () => 0);
  for (const { sources } of circuit.neurons) found.push(1 + Math.max(...sources.map((source) => found[source])));
  return found;
}

// Adders made of NAND gates, as in models/chapter/gates.py. A perceptron with weights -2, -2 and bias 3 is a NAND gate.

/** Weights and bias of a perceptron for each gate. Those of NAND are the book's. */
export const GATES = {
  AND: { weights: [2, 2], bias: -3 },
  OR: { weights: [2, 2], bias: -1 },
  NOT: { weights: [-2], bias: 1 },
  NAND: { weights: [-2, -2], bias: 3 },
};

/** Builds a circuit of NAND gates, one gate at a time. Signals are identified by number. */
export class Builder {
  /** @param {number} inputs */
  constructor(inputs) {
    this.inputs = inputs;
    /** @type {Neuron[]} */
    this.neurons = [];
  }

  /** Add a gate, and return the number of its output. @type {(one: number, other: number) => number} */
  addGate(one, other) {
    this.neurons.push({ sources: [one, other], ...GATES.NAND });
    return this.inputs + this.neurons.length - 1;
  }

  /** Return the NAND of two signals. @type {(one: number, other: number) => number} */
  nand(one, other) {
    return this.addGate(one, other);
  }

  /**
   * Add two bits with four gates: return their sum without the carry, and the negated carry.
   * @type {(x: number, y: number) => number[]}
   */
  halfAdd(x, y) {
    const noCarry = this.nand(x, y);
    const [left, right] = [this.nand(x, noCarry), this.nand(y, noCarry)];
    return [this.nand(left, right), noCarry];
  }

  /** @param {number[]} outputs */
  circuit(...outputs) {
    return { inputs: this.inputs, neurons: this.neurons, outputs };
  }
}

/**
 * Return the book's adder of two bits: five NANDs, with the outputs sum and carry.
 * @param {boolean} merged Make the two connections of weight -2 to the carry one of weight -4.
 */
export function halfAdder(merged = false) {
  const build = new Builder(2);
  const [sum, noCarry] = build.halfAdd(0, 1);
  const circuit = build.circuit(sum, build.nand(noCarry, noCarry));
  return merged ? mergeWires(circuit) : circuit;
}

/** Return an adder of three bits x, y and a carry: nine NANDs, with the outputs sum and carry. */
export function fullAdder() {
  const build = new Builder(3);
  const [first, firstNoCarry] = build.halfAdd(0, 1);
  const [sum, secondNoCarry] = build.halfAdd(first, 2);
  return build.circuit(sum, build.nand(firstNoCarry, secondNoCarry));
}

/**
 * Return an adder of two numbers: inputs x then y, output the sum and its carry, all with the lowest bit first.
 * @param {number} bits
 */
export function rippleCarryAdder(bits) {
  const build = new Builder(2 * bits);
  const [lowest, noCarry] = build.halfAdd(0, bits);
  const sums = [lowest];
  let carry = build.nand(noCarry, noCarry);
  for (let bit = 1; bit < bits; bit++) {
    const [first, firstNoCarry] = build.halfAdd(bit, bits + bit);
    const [sum, secondNoCarry] = build.halfAdd(first, carry);
    carry = build.nand(firstNoCarry, secondNoCarry);
    sums.push(sum);
  }
  return build.circuit(...sums, carry);
}

/**
 * Return the circuit with parallel connections between two neurons merged into one, their weights added.
 * @param {Circuit} circuit
 */
function mergeWires(circuit) {
  const neurons = circuit.neurons.map(({ sources, weights, bias }) => {
    /** @type {Map<number, number>} */
    const merged = new Map();
    sources.forEach((source, place) => {
      merged.set(source, (merged.get(source) ?? 0) + weights[place]);
    });
    return { sources: [...merged.keys()], weights: [...merged.values()], bias };
  });
  return { ...circuit, neurons };
}
