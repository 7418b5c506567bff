// A digit in MNIST's format: size, stroke width and position; as in models/images/centring.py.

import { crop, fit, grid, map, max, pad, rint, sum } from "./grid.js";

/** @import { Grid } from "./grid.js" */

const MIN_SIDE_WITH_MARGIN = 16;
const MARGIN_FRACTION = 4 / 28;
const MIN_PEAK = 128;

/**
 * Return the image of a digit, in bytes, for its foreground from 0 to 1.
 * @type {(foreground: Grid, height: number, width: number) => Uint8Array}
 */
export function toMnistFormat(foreground, height, width) {
  const digit = cropToContent(normalizeStrokeWidth(cropToContent(foreground)));
  const small = fit(digit, withoutMargin(height), withoutMargin(width));
  const image = new Uint8Array(height * width);
  const top = offset(height, small.height, rowSums(small));
  const left = offset(width, small.width, columnSums(small));
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const value = Math.min(Math.max(small.data[y * small.width + x], 0), 1);
      image[(top + y) * width + left + x] = rint(Math.fround(255 * value));
    }
  }
  return image;
}

/**
 * Return whether a light digit on black, of 0 to 255, has the size and position of MNIST's images.
 * @param {Grid} image
 */
export function isInMnistFormat(image) {
  const { height, width } = image;
  if (max(image.data) < MIN_PEAK) return false;
  if (Math.min(height, width) < MIN_SIDE_WITH_MARGIN) return true;
  const { top, bottom, left, right } = contentBox(image);
  const digit = crop(image, top, bottom, left, right);
  const room = [withoutMargin(height) - digit.height, withoutMargin(width) - digit.width];
  const down = top - offset(height, digit.height, rowSums(digit));
  const across = left - offset(width, digit.width, columnSums(digit));
  const isAsLarge = Math.min(...room) >= 0 && Math.min(...room) <= 1;
  return isAsLarge && Math.max(Math.abs(down), Math.abs(across)) <= 1;
}

/** @param {number} length */
function withoutMargin(length) {
  return length >= MIN_SIDE_WITH_MARGIN ? length - 2 * rint(MARGIN_FRACTION * length) : length;
}

/**
 * Return the part with the pixels that are not 0, or a single pixel where there are none.
 * @param {Grid} foreground
 */
export function cropToContent(foreground) {
  const { top, bottom, left, right } = contentBox(foreground);
  return bottom ? crop(foreground, top, bottom, left, right) : grid(1, 1);
}

/**
 * Return the bounding box of the pixels that are not 0.
 * @param {Grid} foreground
 */
function contentBox({ height, width, data }) {
  let [top, bottom, left, right] = [height, 0, width, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
    }
  }
  return { top, bottom, left, right };
}

/**
 * Return where to paste lines of these sums so that their centre of mass is in the middle, inside the image.
 * @type {(length: number, own: number, sums: number[]) => number}
 */
function offset(length, own, sums) {
  const mass = Math.max(sum(sums), 1e-9);
  const centre = sum(sums.map((value, place) => value * place)) / mass;
  return Math.min(Math.max(rint(length / 2 - centre), 0), length - own);
}

/** @param {Grid} one */
function rowSums({ height, width, data }) {
  return Array.from({ length: height }, (_, y) => sum(data.subarray(y * width, (y + 1) * width)));
}

/** @param {Grid} one */
function columnSums({ height, width, data }) {
  const sums = new Array(width).fill(0);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sums[x] += data[y * width + x];
  return sums;
}

// Strokes made as thick as those of MNIST; as in models/images/stroke_width.py.

const MIN_WIDTH = 0.09;
const MAX_WIDTH = 0.19;
const WORKING_SIDE = 64;

/** Return a digit with strokes as thick as those of MNIST. Its size may change. @type {(digit: Grid) => Grid} */
function normalizeStrokeWidth(digit) {
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
 * @type {(foreground: Grid, radius: number) => Grid}
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
 * @type {(foreground: Grid, radius: number) => Grid}
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
