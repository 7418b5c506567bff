// Area averaging to scale down, linear interpolation to scale up; as in models/images/resampling.py.

import { grid, rint } from "./grid.js";

/** @typedef {import("./grid.js").Grid} Grid */

/**
 * Return a grid resampled to a size.
 * @param {Grid} one
 * @param {number} height
 * @param {number} width
 * @returns {Grid}
 */
export function resample(one, height, width) {
  const vertical = weights(one.height, height);
  const horizontal = weights(one.width, width);
  const rows = grid(height, one.width);
  for (let y = 0; y < height; y++) {
    const { first, shares } = vertical[y];
    for (let k = 0; k < shares.length; k++) {
      const from = (first + k) * one.width;
      for (let x = 0; x < one.width; x++) rows.data[y * one.width + x] += shares[k] * one.data[from + x];
    }
  }
  const result = grid(height, width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const { first, shares } = horizontal[x];
      let value = 0;
      for (let k = 0; k < shares.length; k++) value += shares[k] * rows.data[y * one.width + first + k];
      result.data[y * width + x] = value;
    }
  }
  return result;
}

/**
 * Return a grid scaled to fit exactly into a size, with its aspect ratio.
 * @param {Grid} one
 * @param {number} height
 * @param {number} width
 */
export function fit(one, height, width) {
  const scale = Math.min(height / one.height, width / one.width);
  return resample(one, Math.max(1, rint(one.height * scale)), Math.max(1, rint(one.width * scale)));
}

/**
 * Return for each new pixel the first old pixel that it takes from, and the share of that one and the next ones.
 * @param {number} old
 * @param {number} fresh
 * @returns {{ first: number, shares: number[] }[]}
 */
function weights(old, fresh) {
  const result = [];
  for (let place = 0; place < fresh; place++) {
    /** @type {number[]} */
    const shares = [];
    let first = -1;
    const start = (place * old) / fresh;
    const end = ((place + 1) * old) / fresh;
    const centre = Math.min(Math.max(((place + 0.5) * old) / fresh - 0.5, 0), old - 1);
    const from = Math.floor(fresh < old ? start : centre);
    for (let pixel = from; pixel < old; pixel++) {
      const share =
        fresh < old
          ? Math.max(0, Math.min(end, pixel + 1) - Math.max(start, pixel))
          : Math.max(0, 1 - Math.abs(centre - pixel));
      if (share === 0) break;
      if (first < 0) first = pixel;
      shares.push(share);
    }
    const total = shares.reduce((one, other) => one + other, 0);
    result.push({ first, shares: shares.map((share) => share / total) });
  }
  return result;
}
