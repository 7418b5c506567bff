// Labelled drawings, and the file that `nn fetch --from drawings.json` reads (stages/datasets/drawings.py).

import { byId, make, save } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { digitCanvas } from "../shared/pictures.js";
import { grid } from "./grid.js";

/** @import { Drawing, Stroke } from "./drawing.js" */
/** @import { Grid } from "./grid.js" */

/**
 * Start the list of labelled drawings.
 * @param {Drawing} drawing
 * @param {number[]} image Height and width of the pictures.
 * @param {string[]} names
 * @param {() => void} removed Called when a drawing has been taken away.
 */
export function startCollection(drawing, image, names, removed) {
  /** @type {[unknown, unknown]} The drawings that are in a file, and those that are shown. */
  let [saved, listed] = [null, null];
  const button = /** @type {HTMLButtonElement} */ (byId("save"));
  const drawings = () => drawing.state.collected;
  const writer = () => /** @type {HTMLInputElement} */ (byId("writer")).value.trim();
  button.addEventListener("click", () => {
    const name = writer().replace(/[^\p{L}\p{N} -]/gu, "");
    save(new Blob([asJson()], { type: "application/json" }), `${name ? `${name}-` : ""}drawings.json`);
    saved = drawings();
  });
  return { list, update, isSaved: () => !drawings().length || saved === drawings() };

  /** Show the drawings if others are shown. */
  function update() {
    if (listed !== drawings()) list();
  }

  /** Show the drawings; each is a button that takes it away. */
  function list() {
    listed = drawings();
    byId("drawings").replaceChildren(
      ...drawings().map((one) => {
        const canvas = digitCanvas(image[0], image[1], one.picture);
        const sample = make("button", "sample", canvas, make("span", "", names[one.label]));
        sample.title = text("remove", { name: names[one.label] });
        sample.setAttribute("aria-label", sample.title);
        sample.addEventListener("click", () => {
          drawing.remove(one);
          removed();
        });
        return sample;
      }),
    );
    const count = drawings().length;
    byId("collected").textContent = count ? text("collected", { count }) : "";
    button.disabled = !count;
  }

  /** Return the file: JSON with a drawing on each line. Places are in tenths, so that all numbers are whole. */
  function asJson() {
    const tenths = (/** @type {number} */ value) => Math.round(10 * value);
    const lines = drawings().map(({ label, picture, strokes }) =>
      JSON.stringify({
        label,
        picture: btoa(String.fromCharCode(...picture)),
        strokes: strokes.map(({ width, points }) => ({ width: tenths(width), points: points.map(tenths) })),
      }),
    );
    const head = { kind: "drawings", format: 1, image, classes: names.length };
    const named = JSON.stringify(writer() ? { ...head, writer: writer() } : head);
    return `${named.slice(0, -1)},"drawings":[\n${lines.join(",\n")}\n]}\n`;
  }
}

// Test images to start from: a row of buttons, each with an image.

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
 */
export function sampleButtons(samples, [height, width], names, show) {
  return samples.map(({ label, index, image }) => {
    const grey = Float32Array.from(atob(image), (letter) => letter.charCodeAt(0));
    const button = make("button", "sample", digitCanvas(height, width, grey));
    button.title = text("sample", { name: names[label], index });
    button.setAttribute("aria-label", button.title);
    button.addEventListener("click", () => show(grid(height, width, grey.slice())));
    return button;
  });
}
