// The numbers beside the drawing: what the network says, and the formulas of the selected neuron and weight.

import { written } from "../charts/scale.js";
import { byId, make } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { largest } from "../training/run.js";
import { backwardRows, forwardRows, updateRows, weightRows } from "./formulas.js";
import { settings } from "./settings.js";

/** @typedef {import("./formulas.js").Place} Place */
/** @typedef {import("./formulas.js").Row} Row */
/** @typedef {import("./lens_network.js").LensNetwork} LensNetwork */

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
