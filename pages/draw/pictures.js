// Pictures from files, read as grey values: 0 black, 255 white; as in stages/classifiers/pictures.py.

import { grid } from "../images/grid.js";
import { contextOf } from "../shared/dom.js";

/** @typedef {import("../images/grid.js").Grid} Grid */

const MOST_BYTES = 2 ** 24;
const MOST_SIDE = 4096;
const MOST_PIXELS = 12_500_000;
const SIDE = 1600;

/** A file that is no picture, or too large; the key of a text says which. */
export class Unreadable extends Error {}

/**
 * Decode a picture on a white background, and reduce it by a whole factor to at most 1,600 pixels a side.
 * @param {Blob} file
 * @returns {Promise<Grid>}
 */
export async function greyPicture(file) {
  if (file.size > MOST_BYTES) throw new Unreadable("too-large");
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" }).catch(() => {
    throw new Unreadable("no-picture");
  });
  const { width, height } = bitmap;
  if (Math.max(width, height) > MOST_SIDE || width * height > MOST_PIXELS) throw new Unreadable("too-large");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = contextOf(canvas);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return reduced(luminance(context.getImageData(0, 0, width, height)));
}

/**
 * Return the brightness of pixels, with the weights that Pillow has.
 * @param {ImageData} pixels
 * @returns {Grid}
 */
function luminance({ width, height, data }) {
  const grey = grid(height, width);
  for (let at = 0, from = 0; at < grey.data.length; at++, from += 4) {
    grey.data[at] = (19595 * data[from] + 38470 * data[from + 1] + 7471 * data[from + 2] + 32768) >> 16;
  }
  return grey;
}

/**
 * @param {Grid} grey
 * @returns {Grid}
 */
function reduced(grey) {
  const factor = Math.ceil(Math.max(grey.height, grey.width) / SIDE);
  if (factor === 1) return grey;
  const result = grid(Math.ceil(grey.height / factor), Math.ceil(grey.width / factor));
  for (let y = 0; y < result.height; y++) {
    for (let x = 0; x < result.width; x++) {
      let [total, count] = [0, 0];
      for (let row = y * factor; row < Math.min(grey.height, (y + 1) * factor); row++) {
        for (let column = x * factor; column < Math.min(grey.width, (x + 1) * factor); column++, count++) {
          total += grey.data[row * grey.width + column];
        }
      }
      result.data[y * result.width + x] = Math.floor((total + count / 2) / count);
    }
  }
  return result;
}
