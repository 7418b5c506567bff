// Compile truth tables to circuits of NAND gates, as in models/chapter/nand_compiler.py.
//
// The direct circuit is the OR of an AND for each input that should give 1. The simplified one shares equal gates, uses
// NOT NOT x = x, and has no gates for constants.

import { Builder } from "./circuits.js";

/** @import { Circuit } from "./circuits.js" */

/** @typedef {readonly number[]} Table The outputs for all inputs, in counting order. */

/** The numbers of the constant signals. */
const ZERO = -1;
const ONE = -2;

/** A builder that adds a gate only if no equivalent one exists. */
class SharingBuilder extends Builder {
  /** @param {number} inputs */
  constructor(inputs) {
    super(inputs);
    /** @type {Map<string, number>} */
    this.gates = new Map();
    /** @type {Map<number, number>} */
    this.negated = new Map([
      [ZERO, ONE],
      [ONE, ZERO],
    ]);
  }

  /**
   * Return the NAND of two signals, with a new gate only if necessary.
   * @type {(first: number, second: number) => number}
   */
  nand(first, second) {
    const other = Math.max(first, second);
    let one = Math.min(first, second);
    if (one === ZERO || other === ZERO || this.negated.get(one) === other) return ONE;
    if (one === ONE) one = other; // NAND(1, x) is NOT x
    const known = one === other ? this.negated.get(one) : this.gates.get(`${one},${other}`);
    if (known !== undefined) return known;
    const gate = this.addGate(one, other);
    this.gates.set(`${one},${other}`, gate);
    if (one === other) {
      this.negated.set(one, gate);
      this.negated.set(gate, one);
    }
    return gate;
  }
}

/**
 * Compile a table to the OR of an AND for each 1, without simplification.
 * @param {Table} table
 */
export function directCircuit(table) {
  const build = new Builder(inputsOf(table));
  return build.circuit(orOfAnds(build, table));
}

/**
 * Compile a table to the smallest of four circuits without duplicate gates: the OR of ANDs and the Shannon expansion
 * of the table, and both for the negated table, followed by a NOT. It need not have the smallest possible number.
 * @param {Table} table
 */
export function simplified(table) {
  const negated = table.map((output) => 1 - output);
  const circuits = [orOfAnds, shannonExpansion].flatMap((compile) =>
    [table, negated].map((target) => {
      const build = new SharingBuilder(inputsOf(table));
      const output = compile(build, target);
      return withoutUnused(build, asSignal(build, target === table ? output : not(build, output)));
    }),
  );
  return circuits.reduce((best, circuit) => (circuit.neurons.length < best.neurons.length ? circuit : best));
}

/** @param {Table} table */
function inputsOf(table) {
  return Math.log2(table.length);
}

/**
 * Return the OR of an AND for each row that is 1. An OR is the NAND of the negated signals.
 * @type {(build: Builder, table: Table) => number}
 */
function orOfAnds(build, table) {
  const terms = [...table.keys()].filter((row) => table[row]).map((row) => andFor(build, row));
  // Without a 1 in the table: x and not x.
  if (!terms.length) return not(build, build.nand(0, build.nand(0, 0)));
  return terms.reduce((result, term) => build.nand(not(build, result), not(build, term)));
}

/** Return an AND that is 1 for one row only. @type {(build: Builder, row: number) => number} */
function andFor(build, row) {
  const n = build.inputs;
  const signals = Array.from({ length: n }, (_, signal) => signal);
  const literals = signals.map((signal) => ((row >> (n - 1 - signal)) & 1 ? signal : not(build, signal)));
  return literals.reduce((result, literal) => not(build, build.nand(result, literal)));
}

/** @type {(build: Builder, signal: number) => number} */
function not(build, signal) {
  return build.nand(signal, signal);
}

/**
 * Return the Shannon expansion by the first input x: NAND(NAND(x, f if x = 1), NAND(NOT x, f if x = 0)).
 * @type {(build: Builder, table: Table) => number}
 */
function shannonExpansion(build, table) {
  if (table.every((output) => output === table[0])) return table[0] ? ONE : ZERO;
  const x = build.inputs - inputsOf(table);
  const [lower, upper] = [table.slice(0, table.length / 2), table.slice(table.length / 2)];
  const if0 = shannonExpansion(build, lower);
  if (lower.every((output, row) => output === upper[row])) return if0;
  // If x negates f, it is an exclusive or: the sum of two bits.
  if (lower.every((output, row) => output !== upper[row])) return build.halfAdd(x, if0)[0];
  const one = build.nand(x, shannonExpansion(build, upper));
  return build.nand(one, build.nand(not(build, x), if0));
}

/**
 * Return a signal, with gates for a constant: NAND(x, NOT x) is always 1.
 * @type {(build: Builder, signal: number) => number}
 */
function asSignal(build, signal) {
  if (signal !== ZERO && signal !== ONE) return signal;
  const one = build.addGate(0, build.addGate(0, 0));
  return signal === ZERO ? build.addGate(one, one) : one;
}

/**
 * Return the circuit without the gates that the output does not depend on.
 * @type {(build: Builder, output: number) => Circuit}
 */
function withoutUnused(build, output) {
  const { inputs, neurons } = build;
  const used = new Set();
  const waiting = [output];
  for (let signal = waiting.pop(); signal !== undefined; signal = waiting.pop()) {
    if (signal < inputs || used.has(signal)) continue;
    used.add(signal);
    waiting.push(...neurons[signal - inputs].sources);
  }
  const kept = [...used].sort((one, other) => one - other);
  const number = (/** @type {number} */ signal) => (signal < inputs ? signal : inputs + kept.indexOf(signal));
  const renumbered = kept.map((signal) => {
    const neuron = neurons[signal - inputs];
    return { ...neuron, sources: neuron.sources.map(number) };
  });
  return { inputs, neurons: renumbered, outputs: [number(output)] };
}
