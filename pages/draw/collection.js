// Labelled drawings, and the file that `nn fetch --from drawings.json` reads (stages/datasets/drawings.py).

import { make, save } from "../shared/dom.js";
import { text } from "../shared/language.js";
import { digitCanvas } from "../shared/pictures.js";
import { grid } from "./grid.js";

/** @import { Drawing, Stroke } from "./drawing.js" */
/** @import { Grid } from "./grid.js" */

export class Collection {
  /**
   * @param {Drawing} drawing
   * @param {number[]} image Height and width of the pictures.
   * @param {string[]} names
   * @param {{ list: HTMLElement, count: HTMLElement, save: HTMLButtonElement, writer: HTMLInputElement }} elements
   * @param {() => void} removed Called when a drawing has been taken away.
   */
  constructor(drawing, image, names, elements, removed) {
    this.drawing = drawing;
    this.image = image;
    this.names = names;
    this.elements = elements;
    this.removed = removed;
    /** @type {unknown} The drawings that are in a file, and those that are shown. */
    this.saved = null;
    /** @type {unknown} */
    this.listed = null;
    elements.save.addEventListener("click", () => this.save());
  }

  get drawings() {
    return this.drawing.state.collected;
  }

  get isSaved() {
    return !this.drawings.length || this.saved === this.drawings;
  }

  /** Show the drawings if others are shown. */
  update() {
    if (this.listed !== this.drawings) this.list();
  }

  /** Show the drawings; each is a button that takes it away. */
  list() {
    const { list, count, save } = this.elements;
    this.listed = this.drawings;
    const [height, width] = this.image;
    list.replaceChildren(
      ...this.drawings.map((drawing) => {
        const canvas = digitCanvas(height, width, drawing.picture);
        const button = make("button", "sample", canvas, make("span", "", this.names[drawing.label]));
        button.setAttribute("aria-label", text("remove", { name: this.names[drawing.label] }));
        button.title = text("remove", { name: this.names[drawing.label] });
        button.addEventListener("click", () => {
          this.drawing.remove(drawing);
          this.removed();
        });
        return button;
      }),
    );
    count.textContent = this.drawings.length ? text("collected", { count: this.drawings.length }) : "";
    save.disabled = !this.drawings.length;
  }

  save() {
    const name = this.writer.replace(/[^\p{L}\p{N} -]/gu, "");
    save(new Blob([this.asJson()], { type: "application/json" }), `${name ? `${name}-` : ""}drawings.json`);
    this.saved = this.drawings;
  }

  get writer() {
    return this.elements.writer.value.trim();
  }

  /** Return the file: JSON with a drawing on each line. Places are in tenths, so that all numbers are whole. */
  asJson() {
    const tenths = (/** @type {number} */ value) => Math.round(10 * value);
    const lines = this.drawings.map(({ label, picture, strokes }) =>
      JSON.stringify({
        label,
        picture: btoa(String.fromCharCode(...picture)),
        strokes: strokes.map(({ width, points }) => ({ width: tenths(width), points: points.map(tenths) })),
      }),
    );
    const head = JSON.stringify({
      kind: "drawings",
      format: 1,
      image: this.image,
      classes: this.names.length,
      ...(this.writer ? { writer: this.writer } : {}),
    });
    return `${head.slice(0, -1)},"drawings":[\n${lines.join(",\n")}\n]}\n`;
  }
}

// Test images to start from: a row of buttons, each with an image.

/**
 * An image of a data set, as stages/drawing/samples.py writes it.
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
