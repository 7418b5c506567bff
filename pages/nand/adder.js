// The live figure of the adder made of NAND gates: press the inputs, and see what the wires carry.

import { fixedPointSignals, gateSignals, signals } from "../circuits/circuit.js";
import { sumInWords } from "../circuits/explanation.js";
import { fullAdder, halfAdder, rippleCarryAdder } from "../circuits/gates.js";
import {
  FULL_ADDER_NAMES,
  FULL_ADDER_PLACES,
  HALF_ADDER_NAMES,
  HALF_ADDER_PLACES,
} from "../circuits/layout.js";
import { Wiring } from "../circuits/wiring.js";
import { startChoice, startSlider } from "../controls/inputs.js";
import { wholeKind, wordKind } from "../controls/kinds.js";
import { onChange, Setting } from "../controls/settings.js";
import { byId } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { Blocks } from "./blocks.js";

const MOST = 8;
const STYLES = ["gates", "perceptrons", "merged", "neurons"];

const bits = new Setting("adder.bits", 1, wholeKind(1, MOST));
const numbers = ["x", "y"].map((name) => new Setting(`adder.${name}`, 1, wholeKind(0, 2 ** MOST - 1)));
const style = new Setting("adder.style", "gates", wordKind(STYLES));
const block = new Setting("adder.block", 0, wholeKind(0, MOST - 1));

/** Start the figure. */
export function startAdder() {
  const wiring = new Wiring(byId("adder-wiring"), pressed, explain);
  const blocks = new Blocks(byId("adder-blocks"), toggle, (bit) => block.set(bit));
  startSlider("adder-bits", bits);
  startChoice("adder-style", style);
  let built = "";
  const draw = () => {
    keepInside();
    const form = [bits.value, style.value, block.value, document.documentElement.lang].join();
    if (form !== built) build(wiring, blocks);
    built = form;
    show(wiring, blocks);
  };
  onChange("adder", draw);
  onLanguage(draw);
}

/** Numbers and the block are kept inside what the bits allow. */
function keepInside() {
  for (const number of numbers) number.keep(number.value % 2 ** bits.value);
  block.keep(Math.min(block.value, bits.value - 1));
}

/** The circuit of the chosen block. */
function chosenCircuit() {
  return block.value ? fullAdder() : halfAdder(style.value === "merged" || style.value === "neurons");
}

/**
 * @param {Wiring} wiring
 * @param {Blocks} blocks
 */
function build(wiring, blocks) {
  blocks.build(bits.value, { half: text("adder-half"), full: text("adder-full") });
  byId("adder-blocks").hidden = bits.value === 1;
  byId("adder-block").hidden = bits.value === 1;
  wiring.build({
    circuit: chosenCircuit(),
    places: block.value ? FULL_ADDER_PLACES : HALF_ADDER_PLACES,
    names: (block.value ? FULL_ADDER_NAMES : HALF_ADDER_NAMES).map((name) =>
      name === "carry" ? text("adder-carry") : name,
    ),
    results: [text("adder-sum"), text("adder-carry")],
    look: { gates: style.value === "gates", neurons: style.value === "neurons" },
  });
  explain(null);
}

/**
 * @param {Wiring} wiring
 * @param {Blocks} blocks
 */
function show(wiring, blocks) {
  const { x, sum, carries, all } = added();
  const number = (/** @type {number[]} */ digits) =>
    digits.reduce((total, bit, place) => total + bit * 2 ** place, 0);
  const half = bits.value;
  blocks.show({ numbers: [x.slice(0, half), x.slice(half)], sum, carries }, block.value);
  wiring.show(chosenSignals());
  const [one, other] = numbers.map((setting) => setting.value);
  const values = { x: one, y: other, sum: number(sum), bits: sum.toReversed().join(""), neurons: all };
  byId("adder-said").textContent = text(bits.value === 1 ? "adder-said-one" : "adder-said", values);
  const kind = text(block.value ? "adder-full" : "adder-half");
  byId("adder-block").textContent = text("adder-block", { kind, value: 2 ** block.value });
}

/** Run the whole circuit: its inputs, the sum, all carries, and the number of its neurons. */
function added() {
  const circuit = rippleCarryAdder(bits.value);
  const x = numbers.flatMap(({ value }) =>
    Array.from({ length: bits.value }, (_, bit) => (value >> bit) & 1),
  );
  const values = signals(circuit, x);
  // The carry of a block is its last neuron: 5 neurons in the first block, 9 in each further one.
  const carries = Array.from({ length: bits.value }, (_, bit) => values[2 * bits.value + 4 + 9 * bit]);
  const sum = circuit.outputs.map((output) => values[output]);
  return { x, sum, carries, all: circuit.neurons.length };
}

/** Run the circuit of the chosen block, in the way of its drawing. */
function chosenSignals() {
  const { x, carries } = added();
  const pair = [x[block.value], x[bits.value + block.value]];
  const inputs = block.value ? [...pair, carries[block.value - 1]] : pair;
  const run = { gates: gateSignals, neurons: fixedPointSignals }[style.value] ?? signals;
  return run(chosenCircuit(), inputs);
}

/**
 * Switch a bit of one of the two numbers.
 * @param {number} number
 * @param {number} bit
 */
function toggle(number, bit) {
  numbers[number].set(numbers[number].value ^ (1 << bit));
}

/**
 * An input of the drawn block was pressed. A carry is not an input of the reader: it comes from the block before.
 * @param {number} input
 */
function pressed(input) {
  if (input < 2) toggle(input, block.value);
  else byId("adder-neuron").textContent = text("adder-no-input");
}

/**
 * Say what a neuron computes.
 * @param {number | null} neuron
 */
function explain(neuron) {
  byId("adder-neuron").textContent = neuron === null ? text("adder-point") : explanation(neuron);
}

/** @param {number} neuron */
function explanation(neuron) {
  const circuit = chosenCircuit();
  const values = chosenSignals();
  const names = block.value ? FULL_ADDER_NAMES : HALF_ADDER_NAMES;
  const output = values[circuit.inputs + neuron];
  const filled = { name: names[circuit.inputs + neuron], sum: sumInWords(circuit, neuron, values), output };
  return text(output ? "adder-neuron-on" : "adder-neuron-off", filled);
}
