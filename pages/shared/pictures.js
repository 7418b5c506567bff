// Pictures of digits and of weights, one pixel of a canvas for each, which the browser enlarges.

import { contextOf, make } from "./dom.js";

/** Weights have their full colour at this many times their root mean square. */
const CONTRAST = 3;

/** Return an empty canvas of this many pixels. @type {(height: number, width: number) => HTMLCanvasElement} */
export function pixelCanvas(height, width) {
  const canvas = make("canvas", "pixels");
  [canvas.width, canvas.height] = [width, height];
  return canvas;
}

/**
 * Paint grey values on a canvas of their size: 0 is black, or white on request, as in a data set.
 * @type {(canvas: HTMLCanvasElement, data: ArrayLike<number>, inverted?: boolean) => void}
 */
export function paintGrey(canvas, data, inverted = true) {
  const pixels = new ImageData(canvas.width, canvas.height);
  for (let at = 0; at < data.length; at++) {
    pixels.data.fill(inverted ? 255 - data[at] : data[at], 4 * at, 4 * at + 3);
    pixels.data[4 * at + 3] = 255;
  }
  contextOf(canvas).putImageData(pixels, 0, 0);
}

/**
 * Return a canvas with an image of a data set.
 * @type {(height: number, width: number, image: ArrayLike<number>) => HTMLCanvasElement}
 */
export function digitCanvas(height, width, image) {
  const canvas = pixelCanvas(height, width);
  paintGrey(canvas, image);
  return canvas;
}

/**
 * Paint numbers in signed colours.
 * @param {HTMLCanvasElement} canvas
 * @param {(place: number) => number} value From -1 to 1, by row and then by column.
 * @param {Uint32Array} colours
 */
export function paintSigned(canvas, value, colours = signedColours()) {
  const pixels = new ImageData(canvas.width, canvas.height);
  const all = new Uint32Array(pixels.data.buffer);
  for (let place = 0; place < all.length; place++) {
    all[place] = colours[STEPS + Math.round(STEPS * Math.min(Math.max(value(place), -1), 1))];
  }
  contextOf(canvas).putImageData(pixels, 0, 0);
}

/** Return the number at which a weight has its full colour. @type {(weights: Float32Array | Float64Array) => number} */
export function reachOf(weights) {
  let sum = 0;
  for (const weight of weights) sum += weight * weight;
  return CONTRAST * Math.sqrt(sum / weights.length) || 1;
}

// The colours of numbers: one for those below 0, one for those above, and the background's for 0.

const STEPS = 255;

/**
 * Return colours for numbers from -1 to 1, in 511 steps, as the pixels of an image in one number each.
 * @param {string} zero A colour variable of the styles.
 */
export function signedColours(zero = "--zero") {
  const [low, middle, high] = ["--below", zero, "--above"].map(channels);
  const bytes = new Uint8ClampedArray(4 * (2 * STEPS + 1));
  for (let step = -STEPS; step <= STEPS; step++) {
    const end = step < 0 ? low : high;
    const share = Math.abs(step) / STEPS;
    for (let at = 0; at < 3; at++) {
      bytes[4 * (step + STEPS) + at] = middle[at] + share * (end[at] - middle[at]);
    }
    bytes[4 * (step + STEPS) + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
}

/** @param {string} name */
function channels(name) {
  const colour = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
