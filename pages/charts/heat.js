// Heat maps: numbers from 0 to 1 as colours that the colour-blind can tell apart.

import { contextOf, make } from "../shared/dom.js";

/** The colours of viridis at equal distances. */
const VIRIDIS = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/**
 * Return the red, green and blue of a number from 0 to 1.
 * @param {number} share
 */
export function viridis(share) {
  const place = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const below = Math.min(VIRIDIS.length - 2, Math.floor(place));
  return VIRIDIS[below].map((value, part) => value + (place - below) * (VIRIDIS[below + 1][part] - value));
}

/**
 * Return the address of an image whose pixels have the colours of numbers from 0 to 1.
 * @param {number} width
 * @param {number} height
 * @param {(column: number, row: number) => number} share
 */
export function heatMap(width, height, share) {
  const canvas = make("canvas");
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      image.data.set([...viridis(share(column, row)), 255], 4 * (row * width + column));
    }
  }
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas.toDataURL();
}
