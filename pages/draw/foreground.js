// The foreground of a picture: 1 inside a stroke, 0 on the background; as in models/images/foreground.py.

import { foregroundDensity } from "./background.js";
import { chosen, components, grid, map, pad, quantile, sum } from "./grid.js";
import { removeBoxes, removeRuledLines } from "./ruled_lines.js";

/** @import { Grid } from "./grid.js" */

const MIN_STROKE_DENSITY = 0.1;
const MIN_SIGNAL_TO_NOISE = 5;
const CLEAR_SIGNAL_TO_NOISE = 10;
const MAX_SMOOTHINGS = 3;
const HISTOGRAM_BINS = 128;
export const WEAK_THRESHOLD = Math.fround(0.2);
const STRONG_THRESHOLD = Math.fround(0.55);
const MIN_COMPONENT_FRACTION = 0.15;
const MAX_RUNS = 200_000;

/**
 * Return the foreground of a grey picture of 0 to 255, from 0 to 1. Without strokes, or on a texture, all
 * values are 0.
 * @param {Grid} grey
 */
export function foreground(grey) {
  let density = foregroundDensity(map(grey, (value) => value / 255));
  let noise = noiseLevel(density);
  let full = strokeDensity(density, noise);
  for (let round = 0; round < MAX_SMOOTHINGS && full <= CLEAR_SIGNAL_TO_NOISE * noise; round++) {
    density = smoothed(density);
    noise = noiseLevel(density);
    full = strokeDensity(density, noise);
  }
  if (full === 0) return grid(grey.height, grey.width);
  const least = Math.min(0.5, Math.max(1 / 255, (2 * noise) / full));
  const [floor, range] = [Math.fround(least), Math.fround(1 - least)]; // in single precision, step by step, as NumPy
  density = map(density, (value) => {
    const above = Math.fround(Math.fround(value / full) - floor);
    return Math.min(Math.max(above / range, 0), 1);
  });
  const weak = map(density, (value) => (value > WEAK_THRESHOLD ? 1 : 0));
  if (runCount(weak) > MAX_RUNS) return grid(grey.height, grey.width);
  const mask = dilated(removeSpecks(removeRuledLines(removeBoxes(weak)), density));
  return map(density, (value, at) => value * mask.data[at]);
}

/** Return the number of horizontal runs of pixels that begin behind the first column. @type {(mask: Grid) => number} */
function runCount({ width, data }) {
  let count = 0;
  for (let at = 1; at < data.length; at++) if (data[at] && !data[at - 1] && at % width) count++;
  return count;
}

/**
 * Estimate the standard deviation of the background's density from its negative values.
 * @param {Grid} density
 */
function noiseLevel(density) {
  const negative = chosen(density.data, (value) => value < 0);
  return negative.length ? -1.48 * quantile(negative, 0.5) : 0;
}

/**
 * Return the density in the middle of a stroke, or 0 where no stroke exceeds the noise; by Otsu's threshold.
 * @type {(density: Grid, noise: number) => number}
 */
function strokeDensity(density, noise) {
  const minimum = Math.max(MIN_STROKE_DENSITY, MIN_SIGNAL_TO_NOISE * noise);
  const positive = chosen(density.data, (value) => value > 0);
  const counts = new Float64Array(HISTOGRAM_BINS);
  for (const value of positive) counts[Math.trunc(Math.min(value, 1 - 1 / HISTOGRAM_BINS) * HISTOGRAM_BINS)]++;
  const total = positive.length;
  const all = sum(Array.from(counts, (count, bin) => count * (bin + 0.5)));
  let [below, sums, largest, best] = [0, 0, -1, 0];
  for (let bin = 0; bin < HISTOGRAM_BINS; bin++) {
    below += counts[bin];
    sums += counts[bin] * (bin + 0.5);
    const variance = ((all * below) / Math.max(total, 1) - sums) ** 2 / Math.max(below * (total - below), 1);
    if (variance > largest) [largest, best] = [variance, bin];
  }
  const least = Math.max((best + 1) / HISTOGRAM_BINS, minimum / 2);
  const strokes = chosen(positive, (value) => value > least);
  const full = strokes.length ? quantile(strokes, 0.75) : 0;
  return full > minimum ? full : 0;
}

/**
 * Remove the components of a mask that are faint throughout or tiny compared with the tallest one.
 * @type {(mask: Grid, density: Grid) => Grid}
 */
function removeSpecks(mask, density) {
  const { labels, parts } = components(mask);
  const strong = new Uint8Array(parts.length + 1);
  density.data.forEach((value, at) => {
    if (value > STRONG_THRESHOLD) strong[labels.data[at]] = 1;
  });
  const tallest = parts.reduce((most, part, at) => (strong[at + 1] ? Math.max(most, part.bottom - part.top) : most), 0);
  const least = Math.max(2, MIN_COMPONENT_FRACTION * tallest);
  const keep = parts.map(
    ({ top, bottom, left, right }, at) => strong[at + 1] && Math.max(bottom - top, right - left) >= least,
  );
  return map(labels, (label) => (label && keep[label - 1] ? 1 : 0));
}

/** Smooth with the binomial filter 1 : 2 : 1 along both axes. @type {(density: Grid) => Grid} */
function smoothed(density) {
  const { height, width } = density;
  const padded = pad(density, 1, "edge");
  const rows = grid(height, width + 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width + 2; x++) {
      const at = y * padded.width + x;
      const { data } = padded;
      rows.data[at] = 0.25 * data[at] + 0.5 * data[at + padded.width] + 0.25 * data[at + 2 * padded.width];
    }
  }
  const result = grid(height, width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * rows.width + x;
      result.data[y * width + x] = 0.25 * rows.data[at] + 0.5 * rows.data[at + 1] + 0.25 * rows.data[at + 2];
    }
  }
  return result;
}

/** Dilate a mask by one pixel, so that it covers the soft edges of strokes. @type {(mask: Grid) => Grid} */
function dilated(mask) {
  const { height, width, data } = mask;
  const result = grid(height, width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!data[y * width + x]) continue;
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          result.data[row * width + column] = 1;
        }
      }
    }
  }
  return result;
}
