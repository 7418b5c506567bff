// The live figure of the adder made of NAND gates: press the inputs, and see what the wires carry.

import { byId } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { onPress, setAttributes, svg } from "./charts.js";
import { fixedPointSignals, fullAdder, gateSignals, halfAdder, rippleCarryAdder, signals } from "./circuits.js";
import { onShow, Setting, wholeKind } from "./controls.js";
import {
  FULL_ADDER_NAMES,
  FULL_ADDER_PLACES,
  HALF_ADDER_NAMES,
  HALF_ADDER_PLACES,
  sumInWords,
  Wiring,
} from "./wiring.js";

const MOST = 8;

const bits = new Setting("adder.bits", 1);
const numbers = ["x", "y"].map((name) => new Setting(`adder.${name}`, 1, wholeKind(0, 2 ** MOST - 1)));
const style = new Setting("adder.style", "gates");
const block = new Setting("adder.block", 0, wholeKind(0, MOST - 1));

/** Start the figure. */
export function startAdder() {
  const wiring = new Wiring(byId("adder-wiring"), pressed, explain);
  const blocks = new Blocks(byId("adder-blocks"), toggle, (bit) => block.set(bit));
  let built = "";
  const draw = () => {
    keepInside();
    const form = [bits.value, style.value, block.value, document.documentElement.lang].join();
    if (form !== built) build(wiring, blocks);
    built = form;
    show(wiring, blocks);
  };
  onShow("adder", draw);
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

/** @type {(wiring: Wiring, blocks: Blocks) => void} */
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

/** @type {(wiring: Wiring, blocks: Blocks) => void} */
function show(wiring, blocks) {
  const { x, sum, carries, all } = added();
  const number = (/** @type {number[]} */ digits) => digits.reduce((total, bit, place) => total + bit * 2 ** place, 0);
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
  const x = numbers.flatMap(({ value }) => Array.from({ length: bits.value }, (_, bit) => (value >> bit) & 1));
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

/** Switch a bit of one of the two numbers. @type {(number: number, bit: number) => void} */
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

/** Say what a neuron computes. @type {(neuron: number | null) => void} */
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

// A drawing of an adder of several bits: a block for each pair of bits, and the carries between them.

const STEP = 84;
const [X_ROW, Y_ROW, BLOCK, SUM_ROW] = [38, 80, 134, 206];

class Blocks {
  /**
   * @param {HTMLElement} place
   * @param {(number: number, bit: number) => void} pressed Called when a bit of one of the two numbers is pressed.
   * @param {(bit: number) => void} chosen Called when a block is chosen.
   */
  constructor(place, pressed, chosen) {
    this.element = svg("svg", { class: "wiring" });
    this.pressed = pressed;
    this.chosen = chosen;
    /** @type {SVGElement[][]} */
    this.inputs = [];
    /** @type {SVGElement[]} */
    this.sums = [];
    /** @type {SVGElement[]} */
    this.blocks = [];
    /** @type {SVGElement[]} */
    this.carries = [];
    place.append(this.element);
  }

  /**
   * Draw the blocks, that of the lowest bits to the right.
   * @type {(bits: number, names: {half: string, full: string}) => void}
   */
  build(bits, names) {
    const middle = (/** @type {number} */ bit) => 66 + (bits - bit + 0.5) * STEP;
    const width = 66 + (bits + 1) * STEP;
    setAttributes(this.element, { viewBox: `0 0 ${width} 240`, style: `max-width: ${width * 1.15}px` });
    this.element.style.minWidth = `${width * 0.8}px`;
    const places = Array.from({ length: bits }, (_, bit) => bit);
    this.inputs = [X_ROW, Y_ROW].map((y, number) =>
      places.map((bit) => {
        const node = bitNode(middle(bit), y, { role: "button", tabindex: 0 });
        onPress(node, () => this.pressed(number, bit));
        return node;
      }),
    );
    this.sums = [...places, bits].map((bit) => bitNode(middle(bit), SUM_ROW, {}));
    this.blocks = places.map((bit) => {
      const attributes = {
        class: "block",
        role: "button",
        tabindex: 0,
        transform: `translate(${middle(bit)} ${BLOCK})`,
      };
      const words = svg("text", { y: 4 }, bit ? names.full : names.half);
      const block = svg("g", attributes, svg("rect", { x: -33, y: -22, width: 66, height: 44, rx: 8 }), words);
      onPress(block, () => this.chosen(bit));
      return block;
    });
    this.carries = places.map((bit) => {
      const [from, to] = [middle(bit) - 33, middle(bit + 1)];
      const path = bit + 1 < bits ? `M${from},${BLOCK}H${to + 33}` : `M${from},${BLOCK}H${to}V${SUM_ROW - 14}`;
      return svg("path", { d: path, class: "wire" });
    });
    const heads = places.map((bit) => svg("text", { x: middle(bit), y: 14, class: "name" }, String(2 ** bit)));
    const rows = ["x", "y", "x + y"].map((name, row) =>
      svg("text", { x: 4, y: [X_ROW, Y_ROW, SUM_ROW][row] + 4, class: "row" }, name),
    );
    const all = [...this.carries, ...heads, ...rows, ...this.inputs.flat(), ...this.sums, ...this.blocks];
    this.element.replaceChildren(...all);
  }

  /**
   * Show the bits of both numbers, of their sum, and the carries; all with the lowest first.
   * @type {(values: {numbers: number[][], sum: number[], carries: number[]}, chosen: number) => void}
   */
  show({ numbers, sum, carries }, chosen) {
    for (const [row, nodes] of [...this.inputs, this.sums].entries()) {
      const values = row < 2 ? numbers[row] : sum;
      for (const [bit, node] of nodes.entries()) {
        node.classList.toggle("on", values[bit] === 1);
        /** @type {Element} */ (node.querySelector("text")).textContent = String(values[bit]);
        if (row > 1) continue;
        const pressed = values[bit] === 1;
        setAttributes(node, {
          "aria-pressed": String(pressed),
          "aria-label": `${"xy"[row]} ${2 ** bit} = ${values[bit]}`,
        });
      }
    }
    for (const [bit, wire] of this.carries.entries()) wire.classList.toggle("on", carries[bit] === 1);
    for (const [bit, block] of this.blocks.entries()) block.setAttribute("aria-pressed", String(bit === chosen));
  }
}

/** @type {(x: number, y: number, attributes: Record<string, string | number>) => SVGGElement} */
function bitNode(x, y, attributes) {
  const place = { transform: `translate(${x} ${y})`, class: attributes.role ? "node input" : "node" };
  const square = svg("rect", { x: -14, y: -14, width: 28, height: 28, rx: 6 });
  return svg("g", { ...attributes, ...place }, square, svg("text", { y: 5, class: "value" }));
}
