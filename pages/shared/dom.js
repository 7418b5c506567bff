// Elements of the document, found and made. Texts are always text, never HTML.

/**
 * Return the element with this id.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 */
export function byId(id) {
  return /** @type {T} */ (document.getElementById(id));
}

/**
 * Make an element with a class and children; a child that is a string becomes text. A button submits nothing.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {(Node | string)[]} children
 */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (element instanceof HTMLButtonElement) element.type = "button";
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/**
 * Make a row of a table. A cell is a text, or a class and what is in the cell.
 * @param {string} className
 * @param {(string | [string, Node | string])[]} cells
 */
export function row(className, ...cells) {
  return make(
    "tr",
    className,
    ...cells.map((cell) => (typeof cell === "string" ? make("td", "", cell) : make("td", ...cell))),
  );
}

/**
 * Return the drawing context of a canvas.
 * @param {HTMLCanvasElement} canvas
 */
export function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/**
 * Let the browser save a file, as a download.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// The colours of numbers: one for those below 0, one for those above, and the background's for 0.

const STEPS = 255;

/**
 * Return colours for numbers from -1 to 1, in 511 steps, as the pixels of an image in one number each.
 * @param {string} negative A colour variable of the styles.
 * @param {string} zero
 * @param {string} positive
 */
export function signedColours(negative, zero, positive) {
  const [low, middle, high] = [negative, zero, positive].map(channels);
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

/**
 * Return the colour of a number; 0 has the one in the middle.
 * @param {Uint32Array} colours
 * @param {number} value
 */
export function colourOf(colours, value) {
  return colours[STEPS + Math.round(STEPS * Math.min(Math.max(value, -1), 1))];
}

/** @param {string} name */
function channels(name) {
  const colour = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
