// The background of a picture, estimated and divided out, so that uneven light cancels; as in
// models/images/background.py.

import { chosen, grid, map, max, quantile, resample, rint, transposed } from "./grid.js";

/** @import { Grid } from "./grid.js" */

const MAX_COARSE_BLOCKS = 48;
const MAX_FINE_BLOCKS = 192;
const MAX_WINDOW_SHARE = 0.5;
const MIN_GAIN = 0.05;
const SHADOW_EDGE = 5;
const LOCAL_WINDOW = 9;
const MIN_SKEWNESS = 0.7;
const MIN_VARIANCE = 1e-9;
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
  const lighter = isForegroundLighter(blockMeans(grey, MAX_COARSE_BLOCKS));
  const picture = lighter ? map(grey, (value) => 1 - value) : grey;
  const light = resample(background(blockMeans(picture, MAX_FINE_BLOCKS)), grey.height, grey.width);
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
  const skewness = localSkewness(coarse);
  if (Math.abs(skewness) > MIN_SKEWNESS) return skewness > 0;
  let surface = fittedSurface(coarse, 6);
  const border = borderBlocks(height, width);
  const off = border.filter((place) => Math.abs(Math.fround(data[place] - surface.data[place])) > MAX_CURVED_RESIDUAL);
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
 * Return the skewness of the differences between blocks and the means of their surroundings: positive if narrow strokes
 * are lighter than the rest.
 * @param {Grid} coarse
 */
function localSkewness(coarse) {
  const local = boxFiltered(coarse, LOCAL_WINDOW);
  let [squares, cubes] = [0, 0];
  coarse.data.forEach((value, at) => {
    const difference = value - local.data[at];
    squares += difference ** 2;
    cubes += difference ** 3;
  });
  const blocks = coarse.data.length;
  return cubes / blocks / Math.max(squares / blocks, MIN_VARIANCE) ** 1.5;
}

/**
 * Fit a plane (3 terms) or a quadratic surface (6 terms) to the border blocks, and evaluate it on all blocks.
 * @type {(coarse: Grid, terms: number) => Grid}
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
 * @type {(height: number, width: number, terms: number) => Float64Array}
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

/** Return the places of the blocks at the border. @type {(height: number, width: number) => number[]} */
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
 * Estimate the blocks without dark strokes: a closing with a window wider than the strokes, smoothed.
 * @param {Grid} blocks
 */
function background(blocks) {
  const windows = [3];
  const next = () => 2 * windows[windows.length - 1] - 1;
  while (next() <= MAX_WINDOW_SHARE * Math.max(blocks.height, blocks.width)) windows.push(next());
  const closings = windows.map((window) => closed(blocks, window));
  const strokes = strokeWindow(closings.map((closing) => meanSquare(closing, blocks)));
  const light =
    strokes < 0
      ? evenlyClosed(blocks, windows[windows.length - 1])
      : negative(dilated(negative(closings[strokes + 1]), SHADOW_EDGE));
  return boxFiltered(boxFiltered(light, 3), 3);
}

/**
 * Return the index of the window as wide as the strokes, given what the closing with each window removes, or -1.
 * @param {number[]} removed
 */
function strokeWindow(removed) {
  const gains = removed.map((value, at) => value - (at ? removed[at - 1] : 0));
  const least = MIN_GAIN * max(gains);
  return gains.findLastIndex(
    (value, at) => at + 1 < gains.length && value > Math.max(gains[at + 1], at ? gains[at - 1] : 0, least),
  );
}

/**
 * Return a wide closing of blocks whose light is made even by a fitted surface.
 * @type {(blocks: Grid, window: number) => Grid}
 */
function evenlyClosed(blocks, window) {
  const surface = map(fittedSurface(blocks, 6), (value) => Math.max(value, MIN_LIGHT));
  const even = closed(
    map(blocks, (value, at) => value / surface.data[at]),
    window,
  );
  const lightest = max(blocks.data);
  return map(surface, (value, at) => Math.min(value * even.data[at], lightest));
}

/** Return the mean square difference of two grids. @type {(one: Grid, other: Grid) => number} */
function meanSquare(one, other) {
  let total = 0;
  for (let at = 0; at < one.data.length; at++) total += (one.data[at] - other.data[at]) ** 2;
  return total / one.data.length;
}

/**
 * Return the blocks without what is dark and narrower than a square window.
 * @type {(blocks: Grid, window: number) => Grid}
 */
function closed(blocks, window) {
  return negative(dilated(negative(dilated(blocks, window)), window));
}

/** @param {Grid} blocks */
function negative(blocks) {
  return map(blocks, (value) => -value);
}

/**
 * Return the means of square blocks, at most `most` along the longer side. The last row and column of blocks may be
 * smaller.
 * @type {(grey: Grid, most: number) => Grid}
 */
function blockMeans(grey, most) {
  const size = Math.ceil(Math.max(grey.height, grey.width) / most);
  if (size === 1) return grey;
  const result = grid(Math.ceil(grey.height / size), Math.ceil(grey.width / size));
  for (let y = 0; y < grey.height; y++) {
    const row = Math.floor(y / size) * result.width;
    for (let x = 0; x < grey.width; x++) result.data[row + Math.floor(x / size)] += grey.data[y * grey.width + x];
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
 * Return the maximum over a square window around each block, of a power of two and one blocks, by doubling.
 * @type {(blocks: Grid, window: number) => Grid}
 */
function dilated(blocks, window) {
  const steps = [];
  for (let step = 1; step < window - 1; step *= 2) steps.push(step);
  let result = blocks;
  for (let axis = 0; axis < 2; axis++) {
    const { height, width } = result;
    const reach = (window - 1) / 2;
    const padded = grid(height + 2 * reach, width);
    for (let y = 0; y < padded.height; y++) {
      const row = Math.min(Math.max(y - reach, 0), height - 1) * width;
      padded.data.set(result.data.subarray(row, row + width), y * width);
    }
    let rows = padded.height;
    for (const step of [...steps, 1]) {
      rows -= step;
      for (let at = 0; at < rows * width; at++) {
        padded.data[at] = Math.max(padded.data[at], padded.data[at + step * width]);
      }
    }
    result = transposed(grid(height, width, padded.data.subarray(0, height * width)));
  }
  return result;
}

/** Return the mean over a square window around each block. @type {(blocks: Grid, window: number) => Grid} */
function boxFiltered(blocks, window) {
  const reach = (window - 1) / 2;
  let result = blocks;
  for (let axis = 0; axis < 2; axis++) {
    const { height, width, data } = result;
    const mean = grid(height, width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let total = 0;
        for (let row = y - reach; row <= y + reach; row++) {
          total += data[Math.min(Math.max(row, 0), height - 1) * width + x];
        }
        mean.data[y * width + x] = total / window;
      }
    }
    result = transposed(mean);
  }
  return result;
}
