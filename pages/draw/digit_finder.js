// The one digit on a picture, in the shape of the network's images; as in models/images/digit_finder.py.

import { cropToContent, isInMnistFormat, strokeWidth, toMnistFormat } from "./centring.js";
import { foreground, WEAK_THRESHOLD } from "./foreground.js";
import { components, crop, grid, map, max, quantile } from "./grid.js";

/** @import { Component, Grid } from "./grid.js" */

const MAX_SIDE = 256;
const MIN_DIGIT_SIDE = 56;
const MAX_BORDER_GREY = 64;
const MIN_SIZE_RATIO = 0.5;
const MIN_GAP_FRACTION = 0.08;
const MAX_ASPECT_RATIO = 1.7;
const MIN_HEIGHT_IN_STROKES = 3;

/**
 * @typedef {object} FoundDigit
 * @property {Uint8Array} image
 * @property {"none" | "several" | null} problem
 */

/**
 * Find the digit on a grey picture of 0 to 255, and return it as an image of this size.
 * @param {Grid} grey
 * @param {number} height
 * @param {number} width
 * @returns {FoundDigit}
 */
export function findDigit(grey, height, width) {
  const isSmall = grey.height === height && grey.width === width;
  if (isSmall && quantile(border(grey), 0.5) < MAX_BORDER_GREY && isInMnistFormat(grey)) {
    return { image: Uint8Array.from(grey.data), problem: null };
  }
  const strokes = foregroundRegion(grey);
  if (!strokes.data.some((value) => value > 0)) return { image: new Uint8Array(height * width), problem: "none" };
  const image = toMnistFormat(strokes, height, width);
  return { image, problem: problemOf(strokes, grid(height, width, Float32Array.from(image))) };
}

/**
 * Return what keeps a foreground, and the image made of it, from being one digit.
 * @type {(strokes: Grid, image: Grid) => "none" | "several" | null}
 */
function problemOf(strokes, image) {
  const { parts } = components(map(strokes, (value) => (value > WEAK_THRESHOLD ? 1 : 0)));
  const heights = parts.map((part) => part.bottom - part.top);
  const widths = parts.map((part) => part.right - part.left);
  if (areApart(parts)) return "several";
  if (isMark(image)) return "none";
  return max(widths) > MAX_ASPECT_RATIO * max(heights) ? "several" : null;
}

/**
 * Return whether an image shows a dot, a blot or a dash: a shape hardly higher than its stroke is wide.
 * @param {Grid} image
 */
function isMark(image) {
  const shape = cropToContent(map(image, (value) => value / 255));
  return shape.height < MIN_HEIGHT_IN_STROKES * strokeWidth(shape);
}

/**
 * Return whether two components of similar size are apart, side by side or one above the other.
 * @param {Component[]} parts
 */
function areApart(parts) {
  const sizes = parts.map((part) => Math.max(part.bottom - part.top, part.right - part.left));
  const largest = max(sizes);
  const large = parts.filter((_, at) => sizes[at] >= MIN_SIZE_RATIO * largest);
  return [large.map((part) => [part.left, part.right]), large.map((part) => [part.top, part.bottom])].some(
    (spans) => largestGap(spans) > MIN_GAP_FRACTION * largest,
  );
}

/** @param {number[][]} spans */
function largestGap(spans) {
  let end = Number.POSITIVE_INFINITY;
  let gap = 0;
  for (const [first, last] of spans.toSorted((one, other) => one[0] - other[0])) {
    gap = Math.max(gap, first - end);
    end = end === Number.POSITIVE_INFINITY ? last : Math.max(end, last);
  }
  return gap;
}

/** Return the foreground of the region of a picture that has strokes. @type {(grey: Grid) => Grid} */
function foregroundRegion(grey) {
  const factor = downscalingFactor(grey);
  if (factor === 1) return foreground(grey);
  const coarse = foreground(downscaled(grey, factor));
  const filled = (/** @type {boolean} */ byRow) => {
    let [first, last] = [Number.POSITIVE_INFINITY, -1];
    coarse.data.forEach((value, at) => {
      const place = byRow ? Math.floor(at / coarse.width) : at % coarse.width;
      if (value > 0) [first, last] = [Math.min(first, place), Math.max(last, place)];
    });
    return [first, last];
  };
  const [top, bottom] = filled(true);
  const [left, right] = filled(false);
  if (bottom < 0) return foreground(grey);
  const size = Math.max(bottom - top, right - left) + 1;
  if (size >= MIN_DIGIT_SIDE) return coarse;
  const from = (/** @type {number} */ first) => Math.max(0, (first - size) * factor);
  const to = (/** @type {number} */ last, /** @type {number} */ length) => Math.min(length, (last + 1 + size) * factor);
  const region = crop(grey, from(top), to(bottom, grey.height), from(left), to(right, grey.width));
  return foreground(downscaled(region, downscalingFactor(region)));
}

/**
 * Return the smallest factor that brings the longer side to MAX_SIDE, and leaves each side at least a pixel.
 * @param {Grid} grey
 */
function downscalingFactor({ height, width }) {
  return Math.min(Math.ceil(Math.max(height, width) / MAX_SIDE), height, width);
}

/**
 * Return the means of squares of pixels, in whole numbers. Incomplete squares at the far edges are dropped.
 * @type {(grey: Grid, factor: number) => Grid}
 */
function downscaled(grey, factor) {
  const result = grid(Math.floor(grey.height / factor), Math.floor(grey.width / factor));
  for (let y = 0; y < result.height * factor; y++) {
    const row = Math.floor(y / factor) * result.width;
    for (let x = 0; x < result.width * factor; x++) {
      result.data[row + Math.floor(x / factor)] += grey.data[y * grey.width + x];
    }
  }
  const half = Math.floor((factor * factor) / 2);
  return map(result, (total) => Math.floor((total + half) / (factor * factor)));
}

/** Return the outermost pixels. @type {(grey: Grid) => Float32Array} */
function border({ height, width, data }) {
  const found = [];
  for (let x = 0; x < width; x++) found.push(data[x], data[(height - 1) * width + x]);
  for (let y = 0; y < height; y++) found.push(data[y * width], data[y * width + width - 1]);
  return Float32Array.from(found);
}
