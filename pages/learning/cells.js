// The inputs of a neuron, its weights and their derivatives as three grids of cells; one cell is selected in all three.

import { byId, contextOf } from "../shared/dom.js";
import { paintSigned, pixelCanvas } from "../shared/pictures.js";

/** @import { LayerNumbers } from "./lens_network.js" */

const WIDE = 168;
const IN_ROW = 10;
const NAMES = /** @type {const} */ (["inputs", "weights", "gradient"]);

export class Cells {
  /**
   * @param {number[]} size Height and width of the images.
   * @param {(input: number) => void} select
   */
  constructor(size, select) {
    this.size = size;
    this.count = 1;
    this.columns = 1;
    this.selected = 0;
    this.canvases = NAMES.map((name) => /** @type {HTMLCanvasElement} */ (byId(`lens-${name}`)));
    for (const canvas of this.canvases) {
      const at = (/** @type {PointerEvent} */ event) => {
        const box = canvas.getBoundingClientRect();
        const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns);
        const row = Math.floor(((event.clientY - box.top) / box.height) * Math.ceil(this.count / this.columns));
        const input = row * this.columns + column;
        if (column >= 0 && column < this.columns && input >= 0 && input < this.count) select(input);
      };
      canvas.addEventListener("pointerdown", at);
      canvas.addEventListener("pointermove", (event) => {
        if (event.pointerType === "mouse" || event.buttons) at(event);
      });
      canvas.addEventListener("keydown", (event) => {
        const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns };
        const step = /** @type {Record<string, number>} */ (steps)[event.key];
        if (!step) return;
        event.preventDefault();
        const input = this.selected + step;
        if (input >= 0 && input < this.count) select(input);
      });
    }
  }

  /**
   * Paint the numbers of a neuron.
   * @param {LayerNumbers} layer
   * @param {boolean} first Whether the inputs are the pixels of the image.
   * @param {number} neuron
   * @param {number} selected
   */
  paint({ w, b, inputs, delta }, first, neuron, selected) {
    this.count = inputs.length;
    this.columns = first ? this.size[1] : Math.min(IN_ROW, inputs.length);
    this.selected = selected;
    const weights = inputs.map((_, k) => w[k * b.length + neuron]);
    const gradient = inputs.map((a) => a * delta[neuron]);
    [inputs, weights, gradient].forEach((values, place) => {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
      this.paintOne(this.canvases[place], (at) => (at < values.length ? values[at] / largest : 0));
    });
  }

  /** @type {(canvas: HTMLCanvasElement, value: (place: number) => number) => void} */
  paintOne(canvas, value) {
    const rows = Math.ceil(this.count / this.columns);
    const small = pixelCanvas(rows, this.columns);
    paintSigned(small, value);
    const zoom = Math.max(1, Math.floor((2 * WIDE) / this.columns));
    [canvas.width, canvas.height] = [this.columns * zoom, rows * zoom];
    const context = contextOf(canvas);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
    context.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--ink");
    context.lineWidth = Math.max(2, zoom / 8);
    const [x, y] = [this.selected % this.columns, Math.floor(this.selected / this.columns)];
    context.strokeRect(x * zoom + 1, y * zoom + 1, zoom - 2, zoom - 2);
  }
}
