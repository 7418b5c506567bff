// The test images to choose from: the first of each digit.

import { paintDigit, pixelCanvas } from "../learning/pictures.js";
import { byId, make } from "../shared/dom.js";

const CLASSES = 10;

/**
 * Make a button for each image.
 * @param {import("../learning/digits.js").Digits} digits
 * @param {(image: number) => void} choose
 */
export function startImages({ height, width, test }, choose) {
  const pixels = height * width;
  for (let digit = 0; digit < CLASSES; digit++) {
    const image = test.labels.indexOf(digit);
    if (image < 0) continue;
    const canvas = pixelCanvas(height, width);
    paintDigit(canvas, test.bytes.subarray(image * pixels, (image + 1) * pixels));
    const button = make("button", "mistake", canvas, make("span", "", String(digit)));
    button.type = "button";
    button.dataset.image = String(image);
    button.addEventListener("click", () => choose(image));
    byId("lens-images").append(button);
  }
}

/** @param {number} image The one that is looked at. */
export function showChosen(image) {
  for (const button of byId("lens-images").children) {
    const { image: own } = /** @type {HTMLElement} */ (button).dataset;
    button.setAttribute("aria-pressed", String(Number(own) === image));
  }
}
