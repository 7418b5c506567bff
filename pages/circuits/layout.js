// Where the signals of a circuit are drawn, in columns and rows.

import { depths } from "./circuit.js";

/** @typedef {import("./circuit.js").Circuit} Circuit */

/** x1, x2, then the gates a, b, c, the sum and the carry of the half adder, as the book draws it. */
export const HALF_ADDER_PLACES = [
  [0, 0],
  [0, 2],
  [1.2, 1],
  [2.4, 0],
  [2.4, 2],
  [3.6, 1],
  [2.4, 3.1],
];
export const HALF_ADDER_NAMES = ["x1", "x2", "a", "b", "c", "s", "k"];

/** x, y and the carry, then two half adders, and the gate of the new carry. */
export const FULL_ADDER_PLACES = [
  [0, 0],
  [0, 2],
  [0, 3.2],
  [1, 1],
  [2, 0],
  [2, 2],
  [3, 1],
  [4, 2.1],
  [5, 1],
  [5, 3.2],
  [6, 2.1],
  [5, 4.3],
];
export const FULL_ADDER_NAMES = ["x", "y", "carry", "a", "b", "c", "h", "d", "e", "f", "s", "k"];

/**
 * Place each neuron one column to the right of its latest input, the neurons of a column evenly.
 * @param {Circuit} circuit
 */
export function inColumns(circuit) {
  const depth = depths(circuit);
  const columns = Array.from({ length: Math.max(...depth) + 1 }, (_, column) =>
    [...depth.keys()].filter((signal) => depth[signal] === column),
  );
  const height = Math.max(...columns.map((column) => column.length));
  return depth.map((column, signal) => {
    const row = columns[column].indexOf(signal);
    // Every second column is moved, so that a wire does not run behind a neuron.
    const moved = 0.17 * (column % 2 ? 1 : -1) + 0.17;
    return [column, ((row + 0.5) * height) / columns[column].length - 0.5 + moved];
  });
}
