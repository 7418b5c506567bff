// The live figure of logic gates, each made of one perceptron: press the inputs, and see the sum.

import { byId } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { gateCircuit, signals } from "./circuits.js";
import { bitsKind, onChange, Setting, switched } from "./controls.js";
import { sumInWords, Wiring } from "./wiring.js";

const NAMES = /** @type {const} */ (["NOT", "AND", "OR", "NAND"]);
const LOOK = { gates: false, neurons: false };

/** Start the figure. */
export function startGates() {
  for (const name of NAMES) startGate(name);
}

/** @param {(typeof NAMES)[number]} name */
function startGate(name) {
  const circuit = gateCircuit(name);
  const n = circuit.inputs;
  const inputs = new Setting(`gates.${name}`, "1".padEnd(n, "0"), bitsKind([n]));
  const names = [...Array.from({ length: n }, (_, input) => `x${input + 1}`), name];
  const places = [...Array.from({ length: n }, (_, input) => [0, input]), [1.2, (n - 1) / 2]];
  const wiring = new Wiring(
    byId(`gates-${name}`),
    (input) => inputs.set(switched(inputs.value, input)),
    () => {},
  );
  const show = () => {
    const values = signals(circuit, [...inputs.value].map(Number));
    wiring.show(values);
    byId(`gates-${name}-said`).textContent = `${sumInWords(circuit, 0, values)} ${values[n] ? "> 0" : "≤ 0"}`;
  };
  onChange("gates", show);
  onLanguage(() => {
    wiring.build({ circuit, places, names, results: [text("gates-out")], look: LOOK });
    show();
  });
}
