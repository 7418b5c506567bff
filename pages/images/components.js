// Connected components of a mask: pixels that touch at an edge or a corner belong to one; as in
// models/images/components.py.

import { grid } from "./grid.js";

/** @typedef {import("./grid.js").Grid} Grid A mask is a grid of 0 and 1. */

/**
 * @typedef {object} Component
 * @property {number} top
 * @property {number} bottom
 * @property {number} left
 * @property {number} right
 */

/**
 * Find the components, in the order of their first pixels. `labels` has the number of each pixel's component, from 1.
 * @param {Grid} mask
 * @returns {{ labels: Grid, parts: Component[] }}
 */
export function components(mask) {
  const { height, width, data } = mask;
  const labels = grid(height, width);
  /** @type {Component[]} */
  const parts = [];
  /** @type {number[]} */
  const waiting = [];
  for (let first = 0; first < data.length; first++) {
    if (!data[first] || labels.data[first]) continue;
    const part = { top: height, bottom: 0, left: width, right: 0 };
    const number = parts.push(part);
    labels.data[first] = number;
    waiting.push(first);
    while (waiting.length) {
      const at = /** @type {number} */ (waiting.pop());
      const y = Math.floor(at / width);
      const x = at % width;
      part.top = Math.min(part.top, y);
      part.bottom = Math.max(part.bottom, y + 1);
      part.left = Math.min(part.left, x);
      part.right = Math.max(part.right, x + 1);
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          const near = row * width + column;
          if (data[near] && !labels.data[near]) {
            labels.data[near] = number;
            waiting.push(near);
          }
        }
      }
    }
  }
  return { labels, parts };
}
