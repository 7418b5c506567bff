// What is on the paper, strokes and perhaps a picture below them, and the drawings that are collected. Every change can
// be undone, and a reload keeps the state.

import { fit, grid, rint } from "./grid.js";

/** @import { Grid } from "./grid.js" */

const MIN_STEP = 0.5;

/**
 * @typedef {object} State
 * @property {Stroke[]} strokes
 * @property {Grid | null} picture A grey picture, 255 for white.
 * @property {Labelled[]} collected
 */

/**
 * A drawing with its class.
 * @typedef {object} Labelled
 * @property {number} label
 * @property {Uint8Array} picture What the networks saw, by row.
 * @property {Stroke[]} strokes
 */

export class Drawing {
  constructor() {
    /** @type {State} */
    this.state = { strokes: [], picture: null, collected: [] };
    /** @type {State[]} */
    this.past = [];
    this.coverage = grid(PIXELS, PIXELS);
    this.grey = grid(PIXELS, PIXELS);
    /** @type {Grid | null} */
    this.below = null;
  }

  get isEmpty() {
    return !this.state.strokes.length && !this.state.picture;
  }

  /** Begin a stroke at a point. @type {(x: number, y: number, width: number) => void} */
  begin(x, y, width) {
    const stroke = { width, points: [x, y] };
    this.change({ ...this.state, strokes: [...this.state.strokes, stroke] });
    addLine(this.coverage, stroke, 0, 0);
  }

  /**
   * Continue the last stroke to a point. A point that is hardly away from the one before is left out.
   * @type {(x: number, y: number) => void}
   */
  extend(x, y) {
    const stroke = this.state.strokes[this.state.strokes.length - 1];
    const count = stroke.points.length / 2;
    if (Math.hypot(x - stroke.points[2 * count - 2], y - stroke.points[2 * count - 1]) < MIN_STEP) return;
    stroke.points.push(x, y);
    addLine(this.coverage, stroke, count - 1, count);
  }

  /** Put a picture in the place of everything. @type {(picture: Grid) => void} */
  show(picture) {
    this.change({ ...this.state, strokes: [], picture });
    this.repaint();
  }

  /** Take everything away. */
  clear() {
    if (this.isEmpty) return;
    this.change({ ...this.state, strokes: [], picture: null });
    this.repaint();
  }

  /** Move the drawing from the paper into the collection. @type {(label: number, picture: Uint8Array) => void} */
  collect(label, picture) {
    const { strokes, collected } = this.state;
    this.change({ strokes: [], picture: null, collected: [...collected, { label, picture, strokes }] });
    this.repaint();
  }

  /** @param {Labelled} drawing */
  remove(drawing) {
    this.change({ ...this.state, collected: this.state.collected.filter((one) => one !== drawing) });
  }

  /** Take back the last stroke, picture, clearing, labelling or removal. */
  undo() {
    const before = this.past.pop();
    if (!before) return;
    this.state = before;
    this.repaint();
  }

  /** @param {State} next */
  change(next) {
    this.past.push(this.state);
    this.state = next;
  }

  repaint() {
    this.coverage = coverageOf(this.state.strokes);
    this.below = null;
  }

  /** Return the grey picture of the paper. A picture that nobody has drawn on is returned as it is. */
  asPicture() {
    const { strokes, picture } = this.state;
    if (picture && !strokes.length) return picture;
    if (picture) this.below ??= onPaper(picture, PIXELS);
    const below = this.below?.data;
    for (let at = 0; at < this.grey.data.length; at++) {
      this.grey.data[at] = rint((below ? below[at] : 255) * (1 - this.coverage.data[at]));
    }
    return this.grey;
  }
}

/**
 * Return a picture scaled to fit on a square paper, in its middle. White on black becomes black on white.
 * @type {(picture: Grid, side: number) => Grid}
 */
export function onPaper(picture, side) {
  const small = fit(picture, side, side);
  const inverted = isDark(picture);
  const result = grid(side, side);
  result.data.fill(255);
  const top = (side - small.height) >> 1;
  const left = (side - small.width) >> 1;
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const value = small.data[y * small.width + x];
      result.data[(top + y) * side + left + x] = inverted ? 255 - value : value;
    }
  }
  return result;
}

/** @param {Grid} picture */
function isDark({ data }) {
  return data.reduce((total, value) => total + value, 0) < 110 * data.length;
}

// Strokes as a grey picture: dark ink on white paper, computed the same in every browser.
//
// A pixel is covered by how far it lies inside the round brush of the nearest line; the edge is one pixel soft. Faint
// traces are left out: rounding would decide whether they belong to the digit.

/**
 * @typedef {object} Stroke
 * @property {number} width The diameter of the brush.
 * @property {number[]} points The points x, y, x, y, ... of a line, from 0 to SIDE.
 */

/** The side of the paper, in the units of points and brushes. */
export const SIDE = 280;

/** The side of the picture, in pixels: enough for the preparation, which leaves it as it is. */
export const PIXELS = 140;

const MIN_COVERAGE = 1 / 64;

/**
 * Add the line between two points of a stroke to the coverage of the paper, from 0 to 1.
 * @param {Grid} coverage
 * @param {Stroke} stroke
 * @param {number} from The place of the first point in the stroke.
 * @param {number} to
 */
function addLine({ height, width, data }, stroke, from, to) {
  const scale = PIXELS / SIDE;
  const radius = (scale * stroke.width) / 2;
  const [x1, y1] = [scale * stroke.points[2 * from], scale * stroke.points[2 * from + 1]];
  const [x2, y2] = [scale * stroke.points[2 * to], scale * stroke.points[2 * to + 1]];
  const [right, down] = [x2 - x1, y2 - y1];
  const length = right * right + down * down || 1;
  const first = (/** @type {number} */ place) => Math.max(0, Math.floor(place - radius - 1));
  const last = (/** @type {number} */ place, /** @type {number} */ end) =>
    Math.min(end - 1, Math.ceil(place + radius + 1));
  for (let y = first(Math.min(y1, y2)); y <= last(Math.max(y1, y2), height); y++) {
    for (let x = first(Math.min(x1, x2)); x <= last(Math.max(x1, x2), width); x++) {
      const [toX, toY] = [x + 0.5 - x1, y + 0.5 - y1];
      const along = Math.min(Math.max((toX * right + toY * down) / length, 0), 1);
      const distance = Math.hypot(toX - along * right, toY - along * down);
      const covered = Math.min(radius + 0.5 - distance, 1);
      if (covered >= MIN_COVERAGE && covered > data[y * width + x]) data[y * width + x] = covered;
    }
  }
}

/** Return the coverage of the paper by strokes. @type {(strokes: Stroke[]) => Grid} */
function coverageOf(strokes) {
  const coverage = grid(PIXELS, PIXELS);
  for (const stroke of strokes) {
    const count = stroke.points.length / 2;
    addLine(coverage, stroke, 0, 0);
    for (let point = 1; point < count; point++) addLine(coverage, stroke, point - 1, point);
  }
  return coverage;
}
