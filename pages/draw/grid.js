// A grid of numbers, such as a grey picture or its foreground, by row.

/**
 * @typedef {object} Grid
 * @property {number} height
 * @property {number} width
 * @property {Float32Array} data
 */

/**
 * @param {number} height
 * @param {number} width
 * @param {Float32Array} [data]
 */
export function grid(height, width, data = new Float32Array(height * width)) {
  return { height, width, data };
}

/** @type {(one: Grid, change: (value: number, at: number) => number) => Grid} */
export function map(one, change) {
  const result = grid(one.height, one.width);
  const { data } = one;
  for (let at = 0; at < data.length; at++) result.data[at] = change(data[at], at);
  return result;
}

/**
 * Return the numbers that pass a test; faster than `filter`, which collects them in a list.
 * @type {(values: Float32Array, test: (value: number) => boolean) => Float32Array}
 */
export function chosen(values, test) {
  const result = new Float32Array(values.length);
  let count = 0;
  for (let at = 0; at < values.length; at++) if (test(values[at])) result[count++] = values[at];
  return result.subarray(0, count);
}

/** @param {Grid} one */
export function transposed({ height, width, data }) {
  const result = grid(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) result.data[x * height + y] = data[y * width + x];
  }
  return result;
}

/**
 * Return the part from row `top` to before row `bottom`, and from column `left` to before column `right`.
 * @type {(one: Grid, top: number, bottom: number, left: number, right: number) => Grid}
 */
export function crop(one, top, bottom, left, right) {
  const result = grid(bottom - top, right - left);
  for (let y = top; y < bottom; y++) {
    const start = y * one.width;
    result.data.set(one.data.subarray(start + left, start + right), (y - top) * result.width);
  }
  return result;
}

/**
 * Return a grid with a margin on all sides: 0, or the number at the nearest edge.
 * @type {(one: Grid, margin: number, with_?: "zero" | "edge") => Grid}
 */
export function pad(one, margin, with_ = "zero") {
  const { height, width, data } = one;
  const result = grid(height + 2 * margin, width + 2 * margin);
  for (let y = 0; y < result.height; y++) {
    for (let x = 0; x < result.width; x++) {
      const row = Math.min(Math.max(y - margin, 0), height - 1);
      const column = Math.min(Math.max(x - margin, 0), width - 1);
      const inside = row === y - margin && column === x - margin;
      if (inside || with_ === "edge") result.data[y * result.width + x] = data[row * width + column];
    }
  }
  return result;
}

/** @param {Float32Array | number[]} values */
export function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** @param {Float32Array | number[]} values */
export function max(values) {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > largest) largest = value;
  return largest;
}

/**
 * Return a quantile, such as the median for 0.5, without interpolation.
 * @type {(values: Float32Array, share: number) => number}
 */
export function quantile(values, share) {
  return selected(values.slice(), Math.trunc(share * (values.length - 1)));
}

/**
 * Return the number that would stand at this place if the numbers were sorted (Hoare's quickselect). Moves them.
 * @type {(values: Float32Array, place: number) => number}
 */
function selected(values, place) {
  let [first, last] = [0, values.length - 1];
  while (first < last) {
    const pivot = values[(first + last) >> 1];
    let [low, high] = [first, last];
    while (low <= high) {
      while (values[low] < pivot) low++;
      while (values[high] > pivot) high--;
      if (low <= high) {
        const value = values[low];
        values[low++] = values[high];
        values[high--] = value;
      }
    }
    if (place <= high) last = high;
    else if (place >= low) first = low;
    else break;
  }
  return values[place];
}

/** Round half to even, as Python and NumPy do. @type {(value: number) => number} */
export function rint(value) {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

// Area averaging to scale down, linear interpolation to scale up; as in models/images/resampling.py.

/** Return a grid resampled to a size. @type {(one: Grid, height: number, width: number) => Grid} */
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
 * @type {(one: Grid, height: number, width: number) => Grid}
 */
export function fit(one, height, width) {
  const scale = Math.min(height / one.height, width / one.width);
  return resample(one, Math.max(1, rint(one.height * scale)), Math.max(1, rint(one.width * scale)));
}

/**
 * Return for each new pixel the first old pixel that it takes from, and the share of that one and the next ones.
 * @type {(old: number, fresh: number) => { first: number; shares: number[]; }[]}
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

// Connected components of a mask: pixels that touch at an edge or a corner belong to one; as in
// models/images/components.py.

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
