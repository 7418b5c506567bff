// Strokes made as thick as those of MNIST; as in models/images/stroke_width.py.

import { crop, grid, map, pad, sum } from "./grid.js";
import { fit } from "./resampling.js";

/** @typedef {import("./grid.js").Grid} Grid */

const MIN_WIDTH = 0.09;
const MAX_WIDTH = 0.19;
const WORKING_SIDE = 64;

/**
 * Return a digit with strokes as thick as those of MNIST. Its size may change.
 * @param {Grid} digit
 * @returns {Grid}
 */
export function normalizeStrokeWidth(digit) {
  const large = fit(digit, WORKING_SIDE, WORKING_SIDE);
  const side = Math.max(large.height, large.width);
  const width = strokeWidth(large);
  let target = Math.min(Math.max(width / side, MIN_WIDTH), MAX_WIDTH) * side;
  if (Math.abs(target - width) < 1e-9) return digit;
  target *= (side - width) / (side - target);
  return target > width ? dilate(large, (target - width) / 2) : erode(large, (width - target) / 2);
}

/**
 * Return the mean stroke width in pixels: twice the area divided by the length of the outline.
 * @param {Grid} foreground
 */
export function strokeWidth(foreground) {
  const { height, width, data } = pad(foreground, 1);
  let outline = 0;
  for (let y = 0; y < height - 1; y++) {
    for (let x = 0; x < width - 1; x++) {
      const here = data[y * width + x];
      outline += Math.hypot(data[y * width + x + 1] - here, data[(y + 1) * width + x] - here);
    }
  }
  return (2 * sum(foreground.data)) / Math.max(outline, 1e-9);
}

/**
 * Dilate the foreground by a radius in pixels, which may be fractional. The grid grows to hold the result.
 * @param {Grid} foreground
 * @param {number} radius
 * @returns {Grid}
 */
function dilate(foreground, radius) {
  const reach = Math.ceil(radius);
  const padded = pad(foreground, reach);
  const { height, width, data } = padded;
  const dilated = grid(height, width, data.slice());
  for (let down = -reach; down <= reach; down++) {
    for (let right = -reach; right <= reach; right++) {
      const weight = Math.fround(Math.min(1, radius + 1 - Math.hypot(down, right)));
      if (weight <= 0) continue;
      for (let y = Math.max(0, down); y < height + Math.min(0, down); y++) {
        for (let x = Math.max(0, right); x < width + Math.min(0, right); x++) {
          const there = weight * data[(y - down) * width + x - right];
          if (there > dilated.data[y * width + x]) dilated.data[y * width + x] = there;
        }
      }
    }
  }
  return dilated;
}

/**
 * Erode the foreground by a radius in pixels: dilate the background.
 * @param {Grid} foreground
 * @param {number} radius
 * @returns {Grid}
 */
function erode(foreground, radius) {
  const reach = Math.ceil(radius);
  const background = dilate(
    map(pad(foreground, reach), (value) => 1 - value),
    radius,
  );
  const { height, width } = background;
  const inside = crop(background, 2 * reach, height - 2 * reach, 2 * reach, width - 2 * reach);
  return map(inside, (value) => 1 - value);
}
