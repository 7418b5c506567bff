// Distortions of the image that the networks see: turned, shifted, noisy.

import { byId } from "../shared/dom.js";
import { normalNumbers, randomNumbers } from "../shared/random.js";

/**
 * @typedef {object} Distortion
 * @property {number} turn In degrees, clockwise.
 * @property {number} right In pixels.
 * @property {number} down
 * @property {number} noise Standard deviation, as a share of full ink.
 */

/**
 * Write an image into `out`, distorted; without any distortion it is the same image.
 * @param {Uint8Array} image
 * @param {number[]} size Height and width.
 * @param {Distortion} distortion
 * @param {Uint8Array} out
 */
export function distort(image, [height, width], { turn, right, down, noise }, out) {
  const angle = (turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  const random = normalNumbers(randomNumbers(1)); // the same ones each time
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = [x - right - middleX, y - down - middleY];
      const column = middleX + cos * fromX + sin * fromY;
      const row = middleY - sin * fromX + cos * fromY;
      const value = interpolated(image, height, width, row, column) + (noise ? 255 * noise * random() : 0);
      out[y * width + x] = Math.min(Math.max(Math.round(value), 0), 255);
    }
  }
}

/**
 * Return the value at a place between pixels; outside the image it is 0.
 * @type {(image: Uint8Array, height: number, width: number, row: number, column: number) => number}
 */
function interpolated(image, height, width, row, column) {
  const [top, left] = [Math.floor(row), Math.floor(column)];
  let value = 0;
  for (let y = Math.max(top, 0); y <= Math.min(top + 1, height - 1); y++) {
    for (let x = Math.max(left, 0); x <= Math.min(left + 1, width - 1); x++) {
      value += (1 - Math.abs(row - y)) * (1 - Math.abs(column - x)) * image[y * width + x];
    }
  }
  return value;
}

// The sliders of the page: the brush, and the distortions of the image that the networks see.

const brush = /** @type {HTMLInputElement} */ (byId("brush"));
const distortions = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-distortion]"));

/** Return the diameter of the brush. */
export const brushWidth = () => Number(brush.value);

/** @returns {Distortion} */
export function chosenDistortion() {
  const value = (/** @type {string} */ name) => Number(/** @type {HTMLInputElement} */ (byId(name)).value);
  return { turn: value("turn"), right: value("right"), down: value("down"), noise: value("noise") / 100 };
}

/** Set all distortions to 0. */
export function restoreDistortion() {
  for (const slider of distortions) slider.value = "0";
  showValues();
}

/**
 * Show the value of each slider beside it, and tell when a distortion changes.
 * @param {() => void} changed
 */
export function startSliders(changed) {
  brush.addEventListener("input", showValues);
  for (const slider of distortions) {
    slider.addEventListener("input", () => {
      showValues();
      changed();
    });
  }
  showValues();
}

function showValues() {
  for (const slider of distortions) {
    byId(`${slider.id}-value`).textContent = `${slider.value} ${slider.dataset.distortion}`;
  }
  byId("brush-value").textContent = brush.value;
}
