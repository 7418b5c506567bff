// The inputs of a neuron, its weights and their derivatives as three grids of cells; one cell is selected in all three.

import { byId, contextOf, onArrow } from "../shared/dom.js";
import { paintSigned, pixelCanvas } from "../shared/pictures.js";

/** @import { LayerNumbers } from "./lens_network.js" */

const WIDE = 168;
const IN_ROW = 10;
const NAMES = /** @type {const} */ (["inputs", "weights", "gradient"]);

/**
 * Start the grids, and return a function that paints the numbers of a neuron: its layer, the number of columns, its
 * number, and the selected input.
 * @param {(input: number) => void} select
 */
export function startCells(select) {
  let [count, columns, selected] = [1, 1, 0];
  const canvases = NAMES.map((name) => /** @type {HTMLCanvasElement} */ (byId(`lens-${name}`)));
  const choose = (/** @type {number} */ input) => {
    if (input >= 0 && input < count) select(input);
  };
  for (const canvas of canvases) {
    const at = (/** @type {PointerEvent} */ event) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      const column = Math.floor(((event.clientX - left) / width) * columns);
      const row = Math.floor(((event.clientY - top) / height) * Math.ceil(count / columns));
      if (column >= 0 && column < columns) choose(row * columns + column);
    };
    canvas.addEventListener("pointerdown", at);
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse" || event.buttons) at(event);
    });
    canvas.addEventListener("keydown", (event) =>
      onArrow(event, (right, down) => choose(selected + right + down * columns)),
    );
  }

  /** @type {(layer: LayerNumbers, width: number | null, neuron: number, input: number) => void} */
  return ({ w, b, inputs, delta }, width, neuron, input) => {
    [count, columns, selected] = [inputs.length, width ?? Math.min(IN_ROW, inputs.length), input];
    const weights = inputs.map((_, k) => w[k * b.length + neuron]);
    const gradient = inputs.map((a) => a * delta[neuron]);
    for (const [place, values] of [inputs, weights, gradient].entries()) paint(canvases[place], values);
  };

  /** @type {(canvas: HTMLCanvasElement, values: Float64Array) => void} */
  function paint(canvas, values) {
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const rows = Math.ceil(count / columns);
    const small = pixelCanvas(rows, columns);
    paintSigned(small, (at) => (values[at] ?? 0) / largest);
    const zoom = Math.max(1, Math.floor((2 * WIDE) / columns));
    [canvas.width, canvas.height] = [columns * zoom, rows * zoom];
    const context = contextOf(canvas);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
    context.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--ink");
    context.lineWidth = Math.max(2, zoom / 8);
    const [x, y] = [selected % columns, Math.floor(selected / columns)];
    context.strokeRect(x * zoom + 1, y * zoom + 1, zoom - 2, zoom - 2);
  }
}
