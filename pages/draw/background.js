// The background of a picture, estimated and divided out, so that uneven light cancels; as in
// models/images/background.py.

import { chosen, grid, map, max, pad, quantile, resample, rint, transposed } from "./grid.js";

/** @typedef {import("./grid.js").Grid} Grid */

const MAX_BLOCKS = 48;
const CLOSING_WINDOW = 17;
const MAX_OVERSHOOT = 1.05;
const MAX_BACKGROUND_OF_LIGHT_STROKES = 0.8;
const MIN_LIGHT = Math.fround(1 / 255);
const MAX_CURVED_RESIDUAL = Math.fround(0.03);
const MAX_OFF_BORDER = 0.04;
const REWEIGHTINGS = 5;
const RIDGE = 1e-3;
const BORDER_FRACTION = 0.06;

/**
 * Return the density of the foreground: about 0 on the background, larger on strokes. `grey` is from 0 to 1.
 * @param {Grid} grey
 */
export function foregroundDensity(grey) {
  let coarse = blockMeans(grey);
  let picture = grey;
  if (isForegroundLighter(coarse)) {
    picture = map(grey, (value) => 1 - value);
    coarse = map(coarse, (value) => 1 - value);
  }
  const light = resample(background(coarse), grey.height, grey.width);
  const ratio = map(picture, (value, at) => value / Math.max(light.data[at], MIN_LIGHT));
  const least = Math.min(0.5, max(ratio.data));
  const level = quantile(
    chosen(ratio.data, (value) => value >= least),
    0.5,
  );
  if (level < MIN_LIGHT) return grid(grey.height, grey.width); // the whole picture is black
  return map(ratio, (value) => 1 - Math.fround(value / level));
}

/** @param {Grid} coarse */
function isForegroundLighter(coarse) {
  const { height, width, data } = coarse;
  let surface = fittedSurface(coarse, 6);
  const border = borderBlocks(height, width);
  const off = border.filter(
    (place) => Math.abs(Math.fround(data[place] - surface.data[place])) > MAX_CURVED_RESIDUAL,
  );
  if (off.length > MAX_OFF_BORDER * border.length) surface = fittedSurface(coarse, 3);
  let sum = 0;
  for (let at = 0; at < coarse.data.length; at++) {
    const deviation = coarse.data[at] - surface.data[at];
    sum += deviation * Math.abs(deviation);
  }
  // A frame at the edges darkens the border, but not half of the picture.
  const usual = Math.max(quantile(surface.data, 0.5), quantile(coarse.data, 0.5));
  return sum > 0 && usual < MAX_BACKGROUND_OF_LIGHT_STROKES;
}

/**
 * Fit a plane (3 terms) or a quadratic surface (6 terms) to the border blocks, and evaluate it on all blocks.
 * @param {Grid} coarse
 * @param {number} terms
 */
function fittedSurface(coarse, terms) {
  const { height, width, data } = coarse;
  const basis = basisOf(height, width, terms);
  const places = borderBlocks(height, width);
  const weights = new Float64Array(places.length).fill(1);
  /** @type {number[]} */
  let coefficients = [];
  const value = (/** @type {number} */ place) => {
    let total = 0;
    for (let term = 0; term < terms; term++) total += coefficients[term] * basis[place * terms + term];
    return total;
  };
  for (let round = 0; round < REWEIGHTINGS; round++) {
    const normal = Array.from({ length: terms }, (_, at) => {
      const row = new Array(terms + 1).fill(0);
      row[at] = RIDGE;
      return row;
    });
    places.forEach((place, at) => {
      for (let row = 0; row < terms; row++) {
        const weighted = weights[at] * basis[place * terms + row];
        for (let column = 0; column < terms; column++) {
          normal[row][column] += weighted * basis[place * terms + column];
        }
        normal[row][terms] += weighted * data[place];
      }
    });
    coefficients = solve(normal);
    places.forEach((place, at) => {
      weights[at] = 1 / Math.max(Math.abs(data[place] - value(place)), 0.01);
    });
  }
  return map(coarse, (_, place) => value(place));
}

/**
 * Return the terms 1, y, x, y y, x x, y x of each block, from -1 to 1, the first of them.
 * @param {number} height
 * @param {number} width
 * @param {number} terms
 */
function basisOf(height, width, terms) {
  const along = (/** @type {number} */ place, /** @type {number} */ length) =>
    length > 1 ? -1 + (2 * place) / (length - 1) : -1;
  const basis = new Float64Array(height * width * terms);
  for (let row = 0, at = 0; row < height; row++) {
    const y = along(row, height);
    for (let column = 0; column < width; column++) {
      const x = along(column, width);
      const all = [1, y, x, y * y, x * x, y * x];
      for (let term = 0; term < terms; term++) basis[at++] = all[term];
    }
  }
  return basis;
}

/**
 * Return the places of the blocks at the border.
 * @param {number} height
 * @param {number} width
 */
function borderBlocks(height, width) {
  const thickness = Math.max(1, rint(BORDER_FRACTION * Math.min(height, width)));
  /** @type {number[]} */
  const places = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = y >= thickness && y < height - thickness && x >= thickness && x < width - thickness;
      if (!inside) places.push(y * width + x);
    }
  }
  return places;
}

/**
 * Solve linear equations, each a row of coefficients with the right side last, by Gaussian elimination.
 * @param {number[][]} rows
 */
function solve(rows) {
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let row = column + 1; row < n; row++) {
      const factor = rows[row][column] / rows[column][column];
      for (let at = column; at <= n; at++) rows[row][at] -= factor * rows[column][at];
    }
  }
  const solution = new Array(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    let rest = rows[row][n];
    for (let column = row + 1; column < n; column++) rest -= rows[row][column] * solution[column];
    solution[row] = rest / rows[row][row];
  }
  return solution;
}

/**
 * Estimate the blocks without dark strokes: a closing, smoothed.
 * @param {Grid} coarse
 */
function background(coarse) {
  const surface = map(fittedSurface(coarse, 6), (value) => Math.max(value, MIN_LIGHT));
  const even = map(coarse, (value, at) => value / surface.data[at]);
  const wide = map(dilated(even), (value) => -value);
  const closed = map(dilated(wide), (value) => -value);
  const smooth = boxFiltered(boxFiltered(closed));
  const lightest = MAX_OVERSHOOT * max(coarse.data);
  return map(surface, (value, at) => Math.min(value * smooth.data[at], lightest));
}

/**
 * Return the means of square blocks. The last row and column of blocks may be smaller.
 * @param {Grid} grey
 */
function blockMeans(grey) {
  const size = Math.ceil(Math.max(grey.height, grey.width) / MAX_BLOCKS);
  if (size === 1) return grey;
  const result = grid(Math.ceil(grey.height / size), Math.ceil(grey.width / size));
  for (let y = 0; y < grey.height; y++) {
    const row = Math.floor(y / size) * result.width;
    for (let x = 0; x < grey.width; x++)
      result.data[row + Math.floor(x / size)] += grey.data[y * grey.width + x];
  }
  for (let y = 0; y < result.height; y++) {
    const rows = Math.min(size, grey.height - y * size);
    for (let x = 0; x < result.width; x++) {
      result.data[y * result.width + x] /= rows * Math.min(size, grey.width - x * size);
    }
  }
  return result;
}

/**
 * Return the maximum over a window of 17 x 17 blocks around each block.
 * @param {Grid} coarse
 */
function dilated(coarse) {
  const reach = Math.floor(CLOSING_WINDOW / 2);
  let result = coarse;
  for (let axis = 0; axis < 2; axis++) {
    const { height, width, data } = result;
    const highest = grid(height, width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let most = Number.NEGATIVE_INFINITY;
        for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
          if (data[row * width + x] > most) most = data[row * width + x];
        }
        highest.data[y * width + x] = most;
      }
    }
    result = transposed(highest);
  }
  return result;
}

/**
 * Return the mean over 3 x 3 blocks around each block.
 * @param {Grid} coarse
 */
function boxFiltered(coarse) {
  const { width, data } = pad(coarse, 1, "edge");
  const result = grid(coarse.height, coarse.width);
  for (let y = 0; y < coarse.height; y++) {
    for (let x = 0; x < coarse.width; x++) {
      let total = 0;
      for (let row = y; row < y + 3; row++) {
        for (let column = x; column < x + 3; column++) total += data[row * width + column];
      }
      result.data[y * coarse.width + x] = total / 9;
    }
  }
  return result;
}
