// Removal of ruled lines, which run from edge to edge of a picture, and of printed boxes; as in
// models/images/ruled_lines.py.

import { components, crop, grid, map, rint, sum, transposed } from "./grid.js";

/** @import { Grid } from "./grid.js" */

const SLOPES = Array.from({ length: 55 }, (_, place) => -0.27 + place * 0.01);
const MIN_COVERED_FRACTION = 0.8;
const EDGE_FRACTION = 0.02;
const MAX_THICKNESS_FRACTION = 0.03;
const MAX_THIN_PIXELS = 300_000;
const MAX_RUNS_OF_LINE = 1.3;
const MAX_DIGIT_ASPECT = 1.7;
const MIN_DIGIT_FRACTION = 0.5;
const STROKE_END_FRACTION = 0.25;
const BOX_SIDE_FRACTION = 0.15;
const MIN_BOX_CONTENT = 0.1;

/** Return the mask without ruled lines; unchanged if hardly anything else is there. @type {(mask: Grid) => Grid} */
export function removeRuledLines(mask) {
  const turned = transposed(mask);
  const across = ruledLines(mask, EDGE_FRACTION);
  const down = ruledLines(turned, EDGE_FRACTION);
  const [anyAcross, anyDown] = [sum(across.data) > 0, sum(down.data) > 0];
  if ((!anyDown && isStroke(mask, across)) || (!anyAcross && isStroke(turned, down))) return mask;
  const upright = transposed(down);
  const kept = map(mask, (value, at) => (value && !across.data[at] && !upright.data[at] ? 1 : 0));
  return sum(kept.data) > 0.02 * sum(mask.data) ? kept : mask;
}

/**
 * Return whether a single horizontal line is a stroke of the digit that fills the picture.
 * @type {(mask: Grid, line: Grid) => boolean}
 */
function isStroke(mask, line) {
  const { height, width } = mask;
  let runs = 0;
  line.data.forEach((value, at) => {
    if (value && !(at >= width && line.data[at - width])) runs++;
  });
  if (!runs || runs > MAX_RUNS_OF_LINE * width || width > MAX_DIGIT_ASPECT * height) return false;
  const { labels, parts } = components(map(mask, (value, at) => (value && !line.data[at] ? 1 : 0)));
  const tall = parts.flatMap(({ top, bottom }, place) => (bottom - top >= MIN_DIGIT_FRACTION * height ? [place] : []));
  if (tall.length !== 1) return false;
  const { left, right } = parts[tall[0]];
  if (right - left < MIN_DIGIT_FRACTION * width) return false;
  const end = Math.max(1, rint(STROKE_END_FRACTION * width));
  return labels.data.some((label, at) => {
    const x = at % width;
    if (label !== tall[0] + 1 || (x >= end && x < width - end)) return false;
    return line.data[at - width] > 0 || line.data[at + width] > 0;
  });
}

/** Return the mask without the lines of printed boxes that have something in them. @type {(mask: Grid) => Grid} */
export function removeBoxes(mask) {
  const { labels, parts } = components(mask);
  const kept = map(mask, (value) => value);
  parts.forEach(({ top, bottom, left, right }, place) => {
    const own = map(crop(labels, top, bottom, left, right), (label) => (label === place + 1 ? 1 : 0));
    if (!hasFourSides(own)) return;
    const lines = linesOfBothWays(own, BOX_SIDE_FRACTION);
    const inside = map(crop(mask, top, bottom, left, right), (value, at) => (value && !lines.data[at] ? 1 : 0));
    if (!hasFourSides(lines) || sum(inside.data) <= MIN_BOX_CONTENT * sum(lines.data)) return;
    lines.data.forEach((line, at) => {
      if (line) kept.data[(top + Math.floor(at / lines.width)) * mask.width + left + (at % lines.width)] = 0;
    });
  });
  return kept;
}

/** Return whether most of each side of a mask is covered by pixels near it. @type {(mask: Grid) => boolean} */
function hasFourSides(mask) {
  return [mask, transposed(mask)].every(({ height, width, data }) => {
    const depth = Math.max(1, rint(BOX_SIDE_FRACTION * height));
    return [0, height - depth].every((first) => {
      let covered = 0;
      for (let x = 0; x < width; x++) {
        let found = false;
        for (let y = first; y < first + depth; y++) found ||= data[y * width + x] > 0;
        covered += found ? 1 : 0;
      }
      return covered / width >= MIN_COVERED_FRACTION;
    });
  });
}

/** Return the pixels of thin horizontal and vertical lines. @type {(mask: Grid, edgeFraction: number) => Grid} */
function linesOfBothWays(mask, edgeFraction) {
  const across = ruledLines(mask, edgeFraction);
  const down = transposed(ruledLines(transposed(mask), edgeFraction));
  return map(across, (line, at) => (line || down.data[at] ? 1 : 0));
}

/**
 * Return the pixels of thin lines that begin and end within a share of the width from the left and right edge.
 * @type {(mask: Grid, edgeFraction: number) => Grid}
 */
function ruledLines(mask, edgeFraction) {
  const { height, width, data } = mask;
  const lines = grid(height, width);
  const edge = Math.max(1, rint(edgeFraction * width));
  const inColumns = (/** @type {number} */ from, /** @type {number} */ to) => {
    for (let y = 0; y < height; y++) for (let x = from; x < to; x++) if (data[y * width + x]) return true;
    return false;
  };
  if (!inColumns(0, edge) || !inColumns(width - edge, width)) return lines;
  const thickest = Math.max(3, rint(MAX_THICKNESS_FRACTION * height));
  const lengths = runLengths(mask);
  const thin = [];
  for (let at = 0; at < data.length; at++) if (data[at] && lengths[at] <= thickest) thin.push(at);
  if (thin.length < MIN_COVERED_FRACTION * width || thin.length > MAX_THIN_PIXELS) return lines;
  const padding = Math.ceil((0.27 * width) / 2);
  for (const slope of SLOPES) {
    const rows = thin.map((at) => {
      const x = at % width;
      return rint(Math.floor(at / width) - slope * (x - width / 2)) + padding;
    });
    const complete = completeRows(rows, thin, height + 2 * padding, width, edge);
    thin.forEach((at, place) => {
      const row = rows[place];
      if (complete[row] || complete[row - 1] || complete[row + 1]) lines.data[at] = 1;
    });
  }
  return lines;
}

/**
 * Return which slanted rows, together with the row below, are covered nearly everywhere and at both ends.
 * @param {number[]} rows The row of each pixel.
 * @param {number[]} pixels
 * @param {number} height
 * @param {number} width
 * @param {number} edge
 */
function completeRows(rows, pixels, height, width, edge) {
  const covered = new Uint8Array((height + 1) * width);
  rows.forEach((row, place) => {
    covered[row * width + (pixels[place] % width)] = 1;
  });
  const complete = new Uint8Array(height);
  for (let row = 0; row < height; row++) {
    let count = 0;
    let left = false;
    let right = false;
    for (let x = 0; x < width; x++) {
      if (!covered[row * width + x] && !covered[(row + 1) * width + x]) continue;
      count++;
      left ||= x < edge;
      right ||= x >= width - edge;
    }
    complete[row] = count > MIN_COVERED_FRACTION * width && left && right ? 1 : 0;
  }
  return complete;
}

/** Return the length of the vertical run of pixels that each pixel belongs to. @type {(mask: Grid) => Int32Array} */
function runLengths({ height, width, data }) {
  const lengths = new Int32Array(height * width);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if (!data[y * width + x]) continue;
      let end = y;
      while (end < height && data[end * width + x]) end++;
      for (let row = y; row < end; row++) lengths[row * width + x] = end - y;
      y = end;
    }
  }
  return lengths;
}
