// The live figure of the adder made of NAND gates: press the inputs, and see what the wires carry.

import { byId } from "../shared/dom.js";
import { say, text } from "../shared/language.js";
import { onPress, setAttributes, svg } from "./charts.js";
import { fixedPointSignals, fullAdder, gateSignals, halfAdder, rippleCarryAdder, signals } from "./circuits.js";
import { onShow, Setting, wholeKind } from "./controls.js";
import { FULL_ADDER, HALF_ADDER, sumInWords, wiring } from "./wiring.js";

const MOST = 8;

const bits = new Setting("adder.bits", 1);
const numbers = ["x", "y"].map((name) => new Setting(`adder.${name}`, 1, wholeKind(0, 2 ** MOST - 1)));
const style = new Setting("adder.style", "gates");
const block = new Setting("adder.block", 0, wholeKind(0, MOST - 1));

/** Start the figure. */
export function startAdder() {
  const drawing = wiring(byId("adder-wiring"), pressed, explain);
  const blocks = blocksOf(byId("adder-blocks"), toggle, (bit) => block.set(bit));
  let built = "";
  onShow("adder", () => {
    keepInside();
    const form = [bits.value, style.value, block.value, document.documentElement.lang].join();
    if (form !== built) build();
    built = form;
    show();
  });

  function build() {
    blocks.build(bits.value, { half: text("adder-half"), full: text("adder-full") });
    byId("adder-blocks").hidden = byId("adder-block").hidden = bits.value === 1;
    const { places, names } = chosenForm();
    drawing.build({
      circuit: chosenCircuit(),
      places,
      names: names.map((name) => (name === "carry" ? text("adder-carry") : name)),
      results: [text("adder-sum"), text("adder-carry")],
      look: { gates: style.value === "gates", neurons: style.value === "neurons" },
    });
    explain(null);
  }

  function show() {
    const { x, sum, carries, all } = added();
    const half = bits.value;
    blocks.show({ numbers: [x.slice(0, half), x.slice(half)], sum, carries }, block.value);
    drawing.show(chosenSignals());
    const [one, other] = numbers.map((setting) => setting.value);
    const values = {
      x: one,
      y: other,
      sum: sum.reduce((total, bit, place) => total + bit * 2 ** place, 0),
      bits: sum.toReversed().join(""),
      neurons: all,
    };
    say("adder-said", bits.value === 1 ? "adder-said-one" : "adder-said", values);
    const kind = text(block.value ? "adder-full" : "adder-half");
    say("adder-block", "adder-block", { kind, value: 2 ** block.value });
  }
}

const chosenForm = () => (block.value ? FULL_ADDER : HALF_ADDER);

/** Numbers and the block are kept inside what the bits allow. */
function keepInside() {
  for (const number of numbers) number.keep(number.value % 2 ** bits.value);
  block.keep(Math.min(block.value, bits.value - 1));
}

/** The circuit of the chosen block. */
function chosenCircuit() {
  return block.value ? fullAdder() : halfAdder(style.value === "merged" || style.value === "neurons");
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
  const output = values[circuit.inputs + neuron];
  const filled = {
    name: chosenForm().names[circuit.inputs + neuron],
    sum: sumInWords(circuit, neuron, values),
    output,
  };
  return text(output ? "adder-neuron-on" : "adder-neuron-off", filled);
}

// A drawing of an adder of several bits: a block for each pair of bits, and the carries between them.

const STEP = 84;
const [X_ROW, Y_ROW, BLOCK, SUM_ROW] = [38, 80, 134, 206];

/**
 * Return functions that draw the blocks, and that show what they carry.
 * @param {HTMLElement} place
 * @param {(number: number, bit: number) => void} pressed Called when a bit of one of the two numbers is pressed.
 * @param {(bit: number) => void} choose Called when a block is chosen.
 */
function blocksOf(place, pressed, choose) {
  const element = svg("svg", { class: "wiring" });
  /** @type {{inputs: SVGElement[][], sums: SVGElement[], blocks: SVGElement[], carries: SVGElement[]}} */
  let parts = { inputs: [], sums: [], blocks: [], carries: [] };
  place.append(element);
  return { build, show };

  /**
   * Draw the blocks, that of the lowest bits to the right.
   * @type {(bits: number, names: {half: string, full: string}) => void}
   */
  function build(bits, names) {
    const middle = (/** @type {number} */ bit) => 66 + (bits - bit + 0.5) * STEP;
    const width = 66 + (bits + 1) * STEP;
    setAttributes(element, { viewBox: `0 0 ${width} 240`, style: `max-width: ${width * 1.15}px` });
    element.style.minWidth = `${width * 0.8}px`;
    const places = Array.from({ length: bits }, (_, bit) => bit);
    const inputs = [X_ROW, Y_ROW].map((y, number) =>
      places.map((bit) => {
        const node = bitNode(middle(bit), y, { role: "button", tabindex: 0 });
        onPress(node, () => pressed(number, bit));
        return node;
      }),
    );
    const sums = [...places, bits].map((bit) => bitNode(middle(bit), SUM_ROW, {}));
    const blocks = places.map((bit) => {
      const attributes = {
        class: "block",
        role: "button",
        tabindex: 0,
        transform: `translate(${middle(bit)} ${BLOCK})`,
      };
      const words = svg("text", { y: 4 }, bit ? names.full : names.half);
      const block = svg("g", attributes, svg("rect", { x: -33, y: -22, width: 66, height: 44, rx: 8 }), words);
      onPress(block, () => choose(bit));
      return block;
    });
    const carries = places.map((bit) => {
      const [from, to] = [middle(bit) - 33, middle(bit + 1)];
      const path = bit + 1 < bits ? `M${from},${BLOCK}H${to + 33}` : `M${from},${BLOCK}H${to}V${SUM_ROW - 14}`;
      return svg("path", { d: path, class: "wire" });
    });
    const heads = places.map((bit) => svg("text", { x: middle(bit), y: 14, class: "name" }, String(2 ** bit)));
    const rows = ["x", "y", "x + y"].map((name, row) =>
      svg("text", { x: 4, y: [X_ROW, Y_ROW, SUM_ROW][row] + 4, class: "row" }, name),
    );
    parts = { inputs, sums, blocks, carries };
    element.replaceChildren(...carries, ...heads, ...rows, ...inputs.flat(), ...sums, ...blocks);
  }

  /**
   * Show the bits of both numbers, of their sum, and the carries; all with the lowest first.
   * @type {(values: {numbers: number[][], sum: number[], carries: number[]}, chosen: number) => void}
   */
  function show({ numbers, sum, carries }, chosen) {
    for (const [row, nodes] of [...parts.inputs, parts.sums].entries()) {
      const values = row < 2 ? numbers[row] : sum;
      for (const [bit, node] of nodes.entries()) {
        const on = values[bit] === 1;
        node.classList.toggle("on", on);
        /** @type {Element} */ (node.querySelector("text")).textContent = String(values[bit]);
        if (row > 1) continue;
        setAttributes(node, { "aria-pressed": String(on), "aria-label": `${"xy"[row]} ${2 ** bit} = ${values[bit]}` });
      }
    }
    for (const [bit, wire] of parts.carries.entries()) wire.classList.toggle("on", carries[bit] === 1);
    for (const [bit, block] of parts.blocks.entries()) block.setAttribute("aria-pressed", String(bit === chosen));
  }
}

/** @type {(x: number, y: number, attributes: Record<string, string | number>) => SVGGElement} */
function bitNode(x, y, attributes) {
  const place = { transform: `translate(${x} ${y})`, class: attributes.role ? "node input" : "node" };
  const square = svg("rect", { x: -14, y: -14, width: 28, height: 28, rx: 6 });
  return svg("g", { ...attributes, ...place }, square, svg("text", { y: 5, class: "value" }));
}
