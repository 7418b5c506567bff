// What is on the paper: strokes, and perhaps a picture below them. Every change can be undone.

import { grid, rint } from "../images/grid.js";
import { fit } from "../images/resampling.js";
import { addLine, coverageOf, PIXELS } from "./ink.js";

/** @typedef {import("../images/grid.js").Grid} Grid */
/** @typedef {import("./ink.js").Stroke} Stroke */

const MIN_STEP = 0.5;

/**
 * @typedef {object} State
 * @property {Stroke[]} strokes
 * @property {Grid | null} picture A grey picture, 255 for white.
 */

export class Drawing {
  constructor() {
    /** @type {State} */
    this.state = { strokes: [], picture: null };
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

  /**
   * Begin a stroke at a point.
   * @param {number} x
   * @param {number} y
   * @param {number} width
   */
  begin(x, y, width) {
    const stroke = { width, points: [x, y] };
    this.change({ ...this.state, strokes: [...this.state.strokes, stroke] });
    addLine(this.coverage, stroke, 0, 0);
  }

  /**
   * Continue the last stroke to a point. A point that is hardly away from the one before is left out.
   * @param {number} x
   * @param {number} y
   */
  extend(x, y) {
    const stroke = this.state.strokes[this.state.strokes.length - 1];
    const count = stroke.points.length / 2;
    if (Math.hypot(x - stroke.points[2 * count - 2], y - stroke.points[2 * count - 1]) < MIN_STEP) return;
    stroke.points.push(x, y);
    addLine(this.coverage, stroke, count - 1, count);
  }

  /**
   * Put a picture in the place of everything.
   * @param {Grid} picture
   */
  show(picture) {
    this.change({ strokes: [], picture });
    this.repaint();
  }

  /** Take everything away. */
  clear() {
    if (this.isEmpty) return;
    this.change({ strokes: [], picture: null });
    this.repaint();
  }

  /** Take back the last stroke, picture or clearing. */
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

  /**
   * Return the grey picture of the paper. A picture that nobody has drawn on is returned as it is.
   * @returns {Grid}
   */
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
 * @param {Grid} picture
 * @param {number} side
 * @returns {Grid}
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
