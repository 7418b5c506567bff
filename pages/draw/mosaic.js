// A picture of a hidden layer: a tile for each neuron or feature map, which can be switched off.
//
// A neuron that takes the image shows its weights, in a frame with the colour of its activation. Other neurons are
// plain tiles. All pixels of a layer are one image, which the browser enlarges.

import { colourOf, contextOf, make, signedColours } from "../shared/dom.js";

/** @typedef {import("./inside.js").Group} Group */

const FRAME = 3;
const PLAIN = 8;

/** A weight has its full colour at this part of the largest one: most weights are far smaller. */
const CONTRAST = 2.5;

export class Mosaic {
  /**
   * @param {Group} group
   * @param {number[]} image Height and width of the network's images.
   * @param {Set<number>} off The neurons or maps that are switched off.
   */
  constructor(group, image, off) {
    this.group = group;
    this.off = off;
    const maps = group.layer.shape.length === 3;
    this.inner = group.weights ? image : maps ? group.layer.shape.slice(0, 2) : [PLAIN, PLAIN];
    this.frame = group.weights ? FRAME : 0;
    this.gap = this.inner[0] < PLAIN ? 1 : 2;
    this.tile = this.inner.map((length) => length + 2 * this.frame + this.gap);
    this.canvas = make("canvas", "mosaic");
    this.chosen = -1;
    this.scale = 1;
    this.columns = 1;
    /** @type {ImageData | null} */
    this.pixels = null;
  }

  /** The number of a neuron or map that is at a place of the canvas on the screen; -1 for none. */
  unitAt(/** @type {number} */ x, /** @type {number} */ y) {
    const column = Math.floor(x / this.scale / this.tile[1]);
    const row = Math.floor(y / this.scale / this.tile[0]);
    const unit = row * this.columns + column;
    return column >= 0 && column < this.columns && unit >= 0 && unit < this.group.units ? unit : -1;
  }

  /**
   * Arrange the tiles for a width on the screen, and paint what does not change.
   * @param {number} width
   */
  arrange(width) {
    const { units, weights } = this.group;
    const wanted = units <= 40 ? 46 : units <= 130 ? 38 : 31;
    this.scale = weights ? wanted / this.inner[1] : Math.max(1, Math.floor(wanted / this.inner[1]));
    if (!weights && this.inner[1] === PLAIN) this.scale = units <= 130 ? 3 : 2;
    this.columns = Math.max(1, Math.min(units, Math.floor(width / (this.tile[1] * this.scale))));
    const rows = Math.ceil(units / this.columns);
    [this.canvas.width, this.canvas.height] = [this.columns * this.tile[1], rows * this.tile[0]];
    this.canvas.style.width = `${this.canvas.width * this.scale}px`;
    this.pixels = new ImageData(this.canvas.width, this.canvas.height);
    this.colours = signedColours("--below", weights ? "--zero" : "--rest", "--above");
    this.marks = signedColours("--wrong", "--rest", "--accent");
    if (!weights) return;
    const pixels = weights.length / units;
    let reach = 0;
    for (const weight of weights) reach = Math.max(reach, Math.abs(weight));
    for (let unit = 0; unit < units; unit++) {
      const own = weights.subarray(unit * pixels, (unit + 1) * pixels);
      this.fill(unit, (at) => own[at], CONTRAST / (reach || 1));
    }
  }

  /** Paint the activations. */
  paint() {
    const { layer, units, weights } = this.group;
    if (!this.pixels) return;
    let reach = 0;
    for (const value of layer.a) reach = Math.max(reach, Math.abs(value));
    const scale = 1 / (reach || 1);
    const plain = layer.shape.length === 1;
    for (let unit = 0; unit < units; unit++) {
      if (weights) this.surround(unit, layer.a[unit] * scale);
      else if (plain) this.fill(unit, () => layer.a[unit], scale);
      else this.fill(unit, (at) => layer.a[at * units + unit], scale);
    }
    const context = contextOf(this.canvas);
    context.putImageData(this.pixels, 0, 0);
    for (const unit of this.off) this.mark(context, unit, "--wrong", true);
    if (this.chosen >= 0) this.mark(context, this.chosen, "--ink", false);
  }

  /** @param {number} unit */
  corner(unit) {
    return [Math.floor(unit / this.columns) * this.tile[0], (unit % this.columns) * this.tile[1]];
  }

  /**
   * Paint the inside of a tile.
   * @param {number} unit
   * @param {(at: number) => number} value
   * @param {number} scale
   */
  fill(unit, value, scale) {
    const { pixels, colours } = this;
    if (!pixels || !colours) return;
    const all = new Uint32Array(pixels.data.buffer);
    const [top, left] = this.corner(unit).map((place) => place + this.frame);
    const [height, width] = this.inner;
    for (let y = 0, at = 0; y < height; y++) {
      let to = (top + y) * pixels.width + left;
      for (let x = 0; x < width; x++) all[to++] = colourOf(colours, value(at++) * scale);
    }
  }

  /**
   * Paint the frame of a tile.
   * @param {number} unit
   * @param {number} value
   */
  surround(unit, value) {
    const { pixels, marks, frame } = this;
    if (!pixels || !marks) return;
    const all = new Uint32Array(pixels.data.buffer);
    const [top, left] = this.corner(unit);
    const [height, width] = this.inner.map((length) => length + 2 * frame);
    const colour = colourOf(marks, value);
    for (let y = 0; y < height; y++) {
      const inside = y >= frame && y < height - frame;
      const from = (top + y) * pixels.width + left;
      if (!inside) all.fill(colour, from, from + width);
      else {
        all.fill(colour, from, from + frame);
        all.fill(colour, from + width - frame, from + width);
      }
    }
  }

  /**
   * Draw an outline around a tile, or a cross through it.
   * @param {CanvasRenderingContext2D} context
   * @param {number} unit
   * @param {string} colour
   * @param {boolean} crossed
   */
  mark(context, unit, colour, crossed) {
    const [top, left] = this.corner(unit);
    const [height, width] = this.tile.map((length) => length - this.gap);
    context.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue(colour);
    context.lineWidth = Math.max(1, 2 / this.scale);
    context.beginPath();
    if (crossed) {
      context.moveTo(left, top);
      context.lineTo(left + width, top + height);
      context.moveTo(left + width, top);
      context.lineTo(left, top + height);
    } else context.rect(left + 0.5, top + 0.5, width - 1, height - 1);
    context.stroke();
  }
}
