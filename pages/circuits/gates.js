// Adders made of NAND gates, as in models/chapter/gates.py. A perceptron with weights -2, -2 and bias 3 is a NAND gate.

/** @typedef {import("./circuit.js").Circuit} Circuit */
/** @typedef {import("./circuit.js").Neuron} Neuron */

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

  /**
   * Add a gate, and return the number of its output.
   * @param {number} one
   * @param {number} other
   */
  addGate(one, other) {
    this.neurons.push({ sources: [one, other], ...GATES.NAND });
    return this.inputs + this.neurons.length - 1;
  }

  /**
   * Return the NAND of two signals.
   * @param {number} one
   * @param {number} other
   */
  nand(one, other) {
    return this.addGate(one, other);
  }

  /**
   * Add two bits with four gates: return their sum without the carry, and the negated carry.
   * @param {number} x
   * @param {number} y
   */
  halfAdd(x, y) {
    const noCarry = this.nand(x, y);
    const [left, right] = [this.nand(x, noCarry), this.nand(y, noCarry)];
    return [this.nand(left, right), noCarry];
  }

  /**
   * @param {number[]} outputs
   * @returns {Circuit}
   */
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

/**
 * Return the circuit of a single gate.
 * @param {keyof typeof GATES} name
 * @returns {Circuit}
 */
export function gateCircuit(name) {
  const inputs = GATES[name].weights.length;
  const sources = Array.from({ length: inputs }, (_, input) => input);
  return { inputs, neurons: [{ sources, ...GATES[name] }], outputs: [inputs] };
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
 * @returns {Circuit}
 */
export function mergeWires(circuit) {
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
