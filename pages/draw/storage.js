// What outlasts a visit: a link with the drawing, and what the browser keeps.

import { grid } from "./grid.js";

/** @import { State, Stroke } from "./drawing.js" */

// A drawing as a part of the page's address, so that a link shows it.

const MOST_NUMBERS = 20_000;

/**
 * Return strokes as text: for each its width and its points in tenths, to the base of 36.
 * @param {Stroke[]} strokes
 */
export function shared(strokes) {
  const whole = (/** @type {number} */ value) => Math.round(10 * value).toString(36);
  return strokes.map(({ width, points }) => [width, ...points].map(whole).join(".")).join("_");
}

/**
 * Return the strokes of a link; none if they are not as this page writes them.
 * @type {(text: string | null) => Stroke[]}
 */
export function fromLink(text) {
  const strokes = (text || "").split("_").map((one) => one.split(".").map((part) => Number.parseInt(part, 36) / 10));
  const fits = (/** @type {number[]} */ one) => one.length > 2 && one.length % 2 === 1 && one.every(Number.isFinite);
  if (!text || text.length > 4 * MOST_NUMBERS || !strokes.every(fits)) return [];
  return strokes.map(([width, ...points]) => ({ width: Math.min(Math.max(width, 1), 60), points }));
}

// The drawing and the collection, kept by the browser over a reload. Pages opened as files share one storage, so the key
// has the path. A browser may refuse to store: then nothing is kept.

const KEY = `nn draw ${location.pathname}`;

const toText = (/** @type {ArrayLike<number>} */ bytes) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const toBytes = (/** @type {string} */ text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/**
 * Keep a state; return whether the browser did.
 * @param {State} state
 * @param {string} about The image size and the classes: another page at the same place does not read it.
 */
export function keep({ strokes, picture, collected }, about) {
  const below = picture && { ...picture, data: toText(picture.data) };
  const labelled = collected.map((one) => ({ ...one, picture: toText(one.picture) }));
  try {
    localStorage.setItem(KEY, JSON.stringify({ about, strokes, picture: below, collected: labelled }));
    return true;
  } catch {
    return false;
  }
}

/**
 * Return the state that was kept, or null.
 * @param {string} about
 */
export function kept(about) {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (found?.about !== about) return null;
    const { strokes, picture, collected } = found;
    return {
      strokes,
      picture: picture && grid(picture.height, picture.width, Float32Array.from(toBytes(picture.data))),
      collected: collected.map((/** @type {{ picture: string }} */ one) => ({
        ...one,
        picture: toBytes(one.picture),
      })),
    };
  } catch {
    return null;
  }
}
