// Pictures of digits and of weights, one pixel of a canvas for each, which the browser enlarges.

import { colourOf, contextOf, make } from "../shared/dom.js";

/** Weights have their full colour at this many times their root mean square. */
const CONTRAST = 3;

/**
 * Return an empty canvas of this many pixels.
 * @param {number} height
 * @param {number} width
 * @param {string} className
 */
export function pixelCanvas(height, width, className = "pixels") {
  const canvas = make("canvas", className);
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/**
 * Paint an image of grey values, dark on white.
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} image
 */
export function paintDigit(canvas, image) {
  const pixels = new ImageData(canvas.width, canvas.height);
  image.forEach((value, place) => {
    pixels.data.fill(255 - value, 4 * place, 4 * place + 3);
    pixels.data[4 * place + 3] = 255;
  });
  contextOf(canvas).putImageData(pixels, 0, 0);
}

/**
 * Paint numbers in signed colours.
 * @param {HTMLCanvasElement} canvas
 * @param {(place: number) => number} value From -1 to 1, by row and then by column.
 * @param {Uint32Array} colours
 */
export function paintSigned(canvas, value, colours) {
  const pixels = new ImageData(canvas.width, canvas.height);
  const all = new Uint32Array(pixels.data.buffer);
  for (let place = 0; place < all.length; place++) all[place] = colourOf(colours, value(place));
  contextOf(canvas).putImageData(pixels, 0, 0);
}

/**
 * Return the number at which a weight has its full colour.
 * @param {Float64Array} weights
 */
export function reachOf(weights) {
  let sum = 0;
  for (const weight of weights) sum += weight * weight;
  return CONTRAST * Math.sqrt(sum / weights.length) || 1;
}
