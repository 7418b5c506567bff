// Test images to start from: a row of buttons, each with an image.

import { grid } from "../images/grid.js";
import { make } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { canvasOf } from "./paper.js";

/** @typedef {import("../images/grid.js").Grid} Grid */

/**
 * An image of a data set, as stages/pages/draw.py writes it.
 * @typedef {object} Sample
 * @property {number} label
 * @property {number} index
 * @property {string} image Its bytes in base64.
 */

/**
 * Return a button for each sample, which shows its image on the paper.
 * @param {Sample[]} samples
 * @param {number[]} size Height and width of the images.
 * @param {string[]} names The names of the classes.
 * @param {(picture: Grid) => void} show
 * @returns {HTMLButtonElement[]}
 */
export function sampleButtons(samples, [height, width], names, show) {
  return samples.map(({ label, index, image }) => {
    const grey = Float32Array.from(atob(image), (letter) => letter.charCodeAt(0));
    const dark = canvasOf(
      grid(
        height,
        width,
        grey.map((value) => 255 - value),
      ),
    );
    const button = make("button", "sample", dark);
    button.type = "button";
    button.title = text("sample", { name: names[label], index });
    button.setAttribute("aria-label", button.title);
    button.addEventListener("click", () => show(grid(height, width, grey.slice())));
    return button;
  });
}
