// Strokes as a grey picture: dark ink on white paper, computed the same in every browser.
//
// A pixel is covered by how far it lies inside the round brush of the nearest line; the edge is one pixel soft. Faint
// traces are left out: rounding would decide whether they belong to the digit.

import { grid } from "../images/grid.js";

/** @typedef {import("../images/grid.js").Grid} Grid */

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
export function addLine({ height, width, data }, stroke, from, to) {
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

/**
 * Return the coverage of the paper by strokes.
 * @param {Stroke[]} strokes
 * @returns {Grid}
 */
export function coverageOf(strokes) {
  const coverage = grid(PIXELS, PIXELS);
  for (const stroke of strokes) {
    const count = stroke.points.length / 2;
    addLine(coverage, stroke, 0, 0);
    for (let point = 1; point < count; point++) addLine(coverage, stroke, point - 1, point);
  }
  return coverage;
}
