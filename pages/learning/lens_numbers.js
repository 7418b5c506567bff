// The numbers beside the drawing: what the network says, and the formulas of the selected neuron and weight.

import { written } from "../figures/charts.js";
import { byId, make } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { settings } from "./lens_settings.js";
import { largest } from "./run.js";

/** @import { LensNetwork } from "./lens_network.js" */

/**
 * Write all numbers.
 * @param {LensNetwork} lens
 * @param {Place} place
 * @param {number} width Of the images.
 */
export function showNumbers(lens, place, width) {
  const last = lens.layers[lens.layers.length - 1];
  const answer = largest(last.a);
  byId("lens-said").textContent = text(answer === lens.label ? "lens-right" : "lens-wrong", {
    label: lens.label,
    answer,
    output: written(last.a[answer], 3),
    cost: written(lens.cost, 4),
  });
  const isLast = place.layer === lens.layers.length - 1;
  byId("lens-neuron").textContent = text(isLast ? "lens-output-neuron" : "lens-hidden-neuron", {
    layer: place.layer + 1,
    neuron: place.neuron,
  });
  byId("lens-weight").textContent = text(place.layer ? "lens-from-neuron" : "lens-from-pixel", {
    input: place.input,
    row: Math.floor(place.input / width) + 1,
    column: (place.input % width) + 1,
  });
  const eta = settings.eta.value;
  fill("lens-forward", forwardRows(lens, place));
  fill("lens-backward", backwardRows(lens, place));
  fill("lens-change", weightRows(lens, place, eta), ["", "", "lens-predicted", "lens-true"]);
  fill("lens-all", updateRows(lens, eta), ["lens-predicted", "lens-true"]);
}

/**
 * Write formulas into a table.
 * @param {string} id
 * @param {Row[]} rows
 * @param {string[]} notes The key of a text beside each row, or nothing.
 */
function fill(id, rows, notes = []) {
  byId(id).replaceChildren(
    ...rows.map(({ name, formula, equation }, place) => {
      const note = notes[place] ? text(notes[place]) : (equation ?? "");
      return make("tr", "", make("th", "", name), make("td", "", formula), make("td", "quiet", note));
    }),
  );
}

// The formulas of a neuron and of one of its weights, with the numbers put in.

/** @typedef {{layer: number, neuron: number, input: number}} Place A neuron of a layer, from 0, and one of its inputs. */
/** @typedef {{name: string, formula: string, equation?: string}} Row */

const DIGITS = 4;
const TERMS = 3;

/** The activations, and their derivatives as functions of a. */
const VALUES = /** @type {Record<string, string>} */ ({
  sigmoid: "1 / (1 + e⁻ᶻ)",
  tanh: "tanh(z)",
  relu: "max(0, z)",
  "leaky-relu": "max(z, z/64)",
  softplus: "ln(1 + eᶻ)",
  softmax: "eᶻ / Σ eᶻ",
});
const SLOPES = /** @type {Record<string, string>} */ ({
  sigmoid: "a (1 − a)",
  tanh: "1 − a²",
  relu: "a > 0",
  "leaky-relu": "a > 0: 1, a < 0: 1/64",
  softplus: "1 − e⁻ᵃ",
});

/** @param {number} value */
const n = (value) => written(value, DIGITS);

/** A number as a factor or a later term: in brackets if it is negative. */
const bracketed = (/** @type {number} */ value) => (value < 0 ? `(${n(value)})` : n(value));

/** A small difference of two costs, with more digits than other numbers have. */
const difference = (/** @type {number} */ after, /** @type {number} */ before) =>
  `${written(after, 8)} − ${written(before, 8)} = ${n(after - before)}`;

/**
 * Return a sum of products with its largest terms.
 * @type {(ones: ArrayLike<number>, others: ArrayLike<number>) => { total: number; words: string; }}
 */
function sumOfProducts(ones, others) {
  const terms = Array.from(ones, (one, place) => ({
    one,
    other: others[place],
    product: one * others[place],
  }));
  const total = terms.reduce((sum, { product }) => sum + product, 0);
  terms.sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
  const shown = terms.slice(0, TERMS).map(({ one, other }) => `${bracketed(one)}·${bracketed(other)}`);
  return { total, words: shown.join(" + ") + (terms.length > TERMS ? " + …" : "") };
}

/**
 * Return the forward pass of a neuron.
 * @type {(lens: LensNetwork, place: Place) => { name: string; formula: string; }[]}
 */
function forwardRows(lens, { layer, neuron }) {
  const { w, b, z, a, inputs, activation } = lens.layers[layer];
  const weights = inputs.map((_, k) => w[k * b.length + neuron]);
  const { total, words } = sumOfProducts(weights, inputs);
  const sum = activation === "softmax" ? z.reduce((all, one) => all + Math.exp(one), 0) : 0;
  const value = activation === "softmax" ? `${n(Math.exp(z[neuron]))} / ${n(sum)}` : `σ(${n(z[neuron])})`;
  return [
    { name: "w·a", formula: `= ${words} = ${n(total)}` },
    { name: "z", formula: `= w·a + b = ${n(total)} + ${bracketed(b[neuron])} = ${n(z[neuron])}` },
    { name: "a", formula: `= σ(z) = ${VALUES[activation]} = ${value} = ${n(a[neuron])}` },
  ];
}

/**
 * Return the backward pass of a neuron: its error, by BP1 or BP2, and the derivative of its bias.
 * @param {LensNetwork} lens
 * @param {Place} place
 */
function backwardRows(lens, { layer, neuron }) {
  const { a, delta, activation } = lens.layers[layer];
  const error = delta[neuron];
  const target = neuron === lens.label ? 1 : 0;
  const bias = { name: "∂C/∂b", formula: `= δ = ${n(error)}`, equation: "BP3" };
  if (layer === lens.layers.length - 1 && lens.network.cost.cancels) {
    const formula = `= a − y = ${n(a[neuron])} − ${target} = ${n(error)}`;
    return [{ name: "δ", formula, equation: "BP1" }, bias];
  }
  const slope = lens.slope(layer, neuron);
  const slopeRow = { name: "σ′(z)", formula: `= ${SLOPES[activation]} = ${n(slope)}` };
  if (layer === lens.layers.length - 1) {
    const formula = `= (a − y) σ′(z) = (${n(a[neuron])} − ${target}) · ${n(slope)} = ${n(error)}`;
    return [slopeRow, { name: "δ", formula, equation: "BP1" }, bias];
  }
  const next = lens.layers[layer + 1];
  const outputs = next.b.length;
  const { total, words } = sumOfProducts(next.w.subarray(neuron * outputs, (neuron + 1) * outputs), next.delta);
  return [
    slopeRow,
    { name: "Σ w δ", formula: `= ${words} = ${n(total)}` },
    {
      name: "δ",
      formula: `= Σ w δ · σ′(z) = ${bracketed(total)} · ${n(slope)} = ${n(error)}`,
      equation: "BP2",
    },
    bias,
  ];
}

/**
 * Return what is known of one weight: its derivative, its update, and what this change alone does to the cost.
 * @param {LensNetwork} lens
 * @param {Place} place
 * @param {number} eta
 */
function weightRows(lens, { layer, neuron, input }, eta) {
  const { w, b, inputs, delta } = lens.layers[layer];
  const place = input * b.length + neuron;
  const [weight, a, error] = [w[place], inputs[input], delta[neuron]];
  const gradient = a * error;
  const change = -eta * gradient;
  const after = lens.costAfterChange(w, place, change);
  return [
    { name: "∂C/∂w", formula: `= a δ = ${n(a)} · ${bracketed(error)} = ${n(gradient)}`, equation: "BP4" },
    {
      name: "w →",
      formula: `w − η ∂C/∂w = ${n(weight)} − ${n(eta)} · ${bracketed(gradient)} = ${n(weight + change)}`,
    },
    { name: "ΔC ≈", formula: `−η (∂C/∂w)² = −${n(eta)} · ${bracketed(gradient)}² = ${n(change * gradient)}` },
    { name: "ΔC =", formula: difference(after, lens.cost) },
  ];
}

/**
 * Return what one update of all weights and biases does to the cost of this image.
 * @type {(lens: LensNetwork, eta: number) => { name: string; formula: string; }[]}
 */
function updateRows(lens, eta) {
  const squared = lens.squaredGradient;
  const after = lens.costAfterUpdate(eta);
  return [
    { name: "ΔC ≈", formula: `−η |∇C|² = −${n(eta)} · ${n(squared)} = ${n(-eta * squared)}` },
    { name: "ΔC =", formula: difference(after, lens.cost) },
  ];
}
