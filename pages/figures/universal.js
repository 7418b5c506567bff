// The live figure that turns a truth table of one's own into a network of NAND perceptrons.

import { byId, make, row } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { depths, outputs, signals } from "./circuits.js";
import { bitButton, bitsKind, onShow, Setting, switched } from "./controls.js";
import { directCircuit, simplified } from "./nand_compiler.js";
import { allInputs } from "./weighted_sum.js";
import { inColumns, sumInWords, wiring } from "./wiring.js";

/** Larger networks are not drawn. */
const MOST_DRAWN = 80;

const table = new Setting("universal.table", "0110", bitsKind([4, 8, 16]));
const input = new Setting("universal.input", "10", bitsKind([2, 3, 4]));
const form = new Setting("universal.form", "simplified");

/** Start the figure. */
export function startUniversal() {
  const place = byId("universal-wiring");
  const drawing = wiring(place, (number) => input.set(switched(input.value, number)), explain);
  startInputs();
  let built = "";
  onShow("universal", () => {
    const n = inputsOf();
    if (input.value.length !== n) input.keep(input.value.slice(0, n).padStart(n, "0"));
    const now = [table.value, form.value, document.documentElement.lang].join();
    if (now !== built) build();
    built = now;
    if (!place.hidden) drawing.show(signals(chosenCircuit(), inputBits()));
    showTable();
    tell();
    explain(null);
  });

  function build() {
    const circuit = chosenCircuit();
    place.hidden = circuit.neurons.length > MOST_DRAWN;
    if (place.hidden) return;
    const names = depths(circuit).map((_, signal) => nameOf(signal, circuit.inputs));
    const look = { gates: false, neurons: false };
    drawing.build({ circuit, places: inColumns(circuit), names, results: [text("universal-out")], look });
  }
}

/** The number of inputs is not a setting: it is that of the table. A change keeps the start of the table. */
function startInputs() {
  for (const button of byId("universal-inputs").querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const rows = 2 ** Number(button.value);
      table.set(table.value.slice(0, rows).padEnd(rows, "0"));
    });
    onShow("universal", () => button.setAttribute("aria-pressed", String(Number(button.value) === inputsOf())));
  }
}

const inputsOf = () => Math.log2(table.value.length);
const inputBits = () => [...input.value].map(Number);
const tableBits = () => [...table.value].map(Number);
const chosenCircuit = () => (form.value === "direct" ? directCircuit : simplified)(tableBits());

/** @type {(signal: number, inputs: number) => string} */
function nameOf(signal, inputs) {
  return signal < inputs ? `x${signal + 1}` : `n${signal - inputs + 1}`;
}

/** Each row has a button for its output; a press on its inputs puts them into the network. */
function showTable() {
  const focused = document.activeElement?.getAttribute("aria-label")?.split(":")[0]; // without the bit, which changes
  const rows = allInputs(inputsOf()).map((x, place) => {
    const bits = x.join("");
    const choose = make("button", "plain number", bits);
    choose.setAttribute("aria-label", text("universal-run", { bits }));
    choose.addEventListener("click", () => input.set(bits));
    const on = table.value[place] === "1";
    const output = bitButton(text("universal-switch", { bits }), on, () => table.set(switched(table.value, place)));
    return row(bits === input.value ? "now" : "", ["left", choose], ["", output]);
  });
  byId("universal-rows").replaceChildren(...rows);
  const again = [...byId("universal-rows").querySelectorAll("button")].find(
    (button) => button.getAttribute("aria-label")?.split(":")[0] === focused,
  );
  again?.focus();
}

function tell() {
  const [before, after] = [directCircuit(tableBits()), simplified(tableBits())];
  const circuit = chosenCircuit();
  const rows = allInputs(inputsOf());
  const right = rows.filter((x, row) => outputs(circuit, x)[0] === tableBits()[row]).length;
  const depth = (/** @type {import("./circuits.js").Circuit} */ one) => depths(one)[one.outputs[0]];
  const values = {
    ...{ direct: before.neurons.length, simplified: after.neurons.length, right, of: rows.length },
    ...{
      deep: depth(before),
      shallow: depth(after),
      bits: input.value,
      output: outputs(circuit, inputBits())[0],
    },
  };
  const drawn = circuit.neurons.length <= MOST_DRAWN ? "" : ` ${text("universal-too-large")}`;
  byId("universal-said").textContent = text("universal-said", values) + drawn;
}

/** @param {number | null} neuron */
function explain(neuron) {
  byId("universal-neuron").textContent = neuron === null ? text("universal-point") : explanation(neuron);
}

/** @param {number} neuron */
function explanation(neuron) {
  const circuit = chosenCircuit();
  const values = signals(circuit, inputBits());
  const output = values[circuit.inputs + neuron];
  const [one, other] = circuit.neurons[neuron].sources.map((source) => nameOf(source, circuit.inputs));
  const gate = one === other ? `NOT ${one}` : `${one} NAND ${other}`;
  const name = `n${neuron + 1} = ${gate}`;
  const filled = { name, sum: sumInWords(circuit, neuron, values), output };
  return text(output ? "adder-neuron-on" : "adder-neuron-off", filled);
}
