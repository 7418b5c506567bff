// The live figure of the exercise with four bits: weights of one's own, tried on all ten digits.

import { byId, make } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { BIT_VALUES, BITS, bitOutputs, DIGITS, HIGH, LOW, smallestMargins, weightedInputs } from "./bit_layer.js";
import { written } from "./charts.js";
import { connectBox, judge, listKind, numberKind, onShow, Setting, wholeKind } from "./controls.js";

const LARGEST = 1e6;
const weightKind = numberKind(-LARGEST, LARGEST);

const weights = new Setting("bits.w", Array(40).fill(0), listKind(40, 40, weightKind));
const biases = new Setting("bits.b", Array(4).fill(0), listKind(4, 4, weightKind));
const chosen = new Setting("bits.digit", 6, wholeKind(0, 9));

/** Start the figure. */
export function startBits() {
  const boxes = BIT_VALUES.map((value, bit) => {
    const row = make("tr", "", make("th", "left", String(value)));
    const own = [...DIGITS, 10].map((column) => {
      const box = make("input");
      box.type = "number";
      box.step = "any";
      connectBox(box, weightKind, (value) => {
        if (column < 10) weights.set(weights.value.with(10 * bit + column, value));
        else biases.set(biases.value.with(bit, value));
      });
      row.append(make("td", "", box));
      return box;
    });
    byId("bits-weights").append(row);
    return own;
  });
  const digits = /** @type {NodeListOf<HTMLElement>} */ (
    byId("bits-weights").closest("table")?.querySelectorAll("[data-digit]")
  );
  for (const button of digits) button.addEventListener("click", () => chosen.set(Number(button.dataset.digit)));
  const draw = () => {
    for (const [bit, row] of boxes.entries()) {
      for (const [column, box] of row.entries()) {
        box.value = String(column < 10 ? weights.value[10 * bit + column] : biases.value[bit]);
        judge(box, null);
        const values = { bit: BIT_VALUES[bit], digit: column };
        box.setAttribute("aria-label", text(column < 10 ? "bits-weight-of" : "bits-bias-of", values));
      }
    }
    for (const button of digits) {
      button.setAttribute("aria-pressed", String(Number(button.dataset.digit) === chosen.value));
    }
    showOutputs();
    say();
  };
  onShow("bits", draw);
}

/** The weights as a row for each bit. */
const rows = () => BIT_VALUES.map((_, bit) => weights.value.slice(10 * bit, 10 * bit + 10));

/** Show the outputs of each bit for each digit, and whether the bits are those of the digit. */
function showOutputs() {
  const outputs = bitOutputs(rows(), biases.value);
  const margins = smallestMargins(rows(), biases.value);
  const lines = BIT_VALUES.map((value, bit) => {
    const line = make("tr", "", make("th", "left", text("bits-output-of", { bit: value })));
    for (const digit of DIGITS) {
      const right = margins[bit][digit] > 0;
      const cell = make("td", right ? "right" : "wrong", `${outputs[bit][digit].toFixed(2)} ${right ? "✓" : "✗"}`);
      if (digit === chosen.value) cell.classList.add("now");
      line.append(cell);
    }
    return line;
  });
  const verdict = make("tr", "", make("th", "left", text("bits-wanted")));
  for (const digit of DIGITS) {
    const right = margins.every((row) => row[digit] > 0);
    const bits = BITS.map((row) => row[digit]).join("");
    verdict.append(make("td", right ? "right" : "wrong", `${bits} ${right ? "✓" : "✗"}`));
  }
  byId("bits-outputs").replaceChildren(...lines, verdict);
}

function say() {
  const margins = smallestMargins(rows(), biases.value);
  const right = DIGITS.filter((digit) => margins.every((row) => row[digit] > 0)).length;
  const smallest = Math.min(...margins.flat());
  const key = right === DIGITS.length ? "bits-solved" : "bits-right";
  byId("bits-said").textContent = text(key, { right, margin: written(smallest) });
  const z = weightedInputs(rows(), biases.value);
  const digit = chosen.value;
  const sums = BIT_VALUES.map((value, bit) => {
    const others = rows()[bit].reduce((sum, weight, other) => (other === digit ? sum : sum + weight), 0);
    const values = {
      ...{
        bit: value,
        digit,
        high: HIGH,
        low: LOW,
        weight: inSum(rows()[bit][digit]),
        others: inSum(others),
      },
      ...{ bias: inSum(biases.value[bit]), z: written(z[bit][digit]), wanted: BITS[bit][digit] },
      margin: written(margins[bit][digit]),
    };
    return make("li", margins[bit][digit] > 0 ? "" : "wrong", text("bits-sum", values));
  });
  byId("bits-sums").replaceChildren(...sums);
}

/** @param {number} value */
function inSum(value) {
  return value < 0 ? `(${written(value)})` : written(value);
}
