// The digits of the page: training and test images with their labels; stages/chapter/page_digits.py writes them.

import { DATA } from "../shared/language.js";

/** @typedef {{bytes: Uint8Array, labels: Uint8Array}} LabelledBytes Images one after the other, and their labels. */

/**
 * @typedef {object} Digits
 * @property {number} height
 * @property {number} width
 * @property {LabelledBytes} train
 * @property {LabelledBytes} test
 */

/** @type {Promise<Digits> | null} */
let unpacked = null;

/** Return the digits, unpacked once. */
export function digits() {
  unpacked ??= unpack();
  return unpacked;
}

/** @returns {Promise<Digits>} */
async function unpack() {
  const { height, width, train, test, bytes } = DATA.digits;
  const letters = atob(bytes);
  const packed = new Uint8Array(letters.length); // by a loop: Uint8Array.from takes ten times as long
  for (let at = 0; at < packed.length; at++) packed[at] = letters.charCodeAt(at);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const all = new Uint8Array(await new Response(stream).arrayBuffer());
  let done = 0;
  const next = (/** @type {number} */ count) => {
    done += count;
    return all.slice(done - count, done);
  };
  const images = [train, test].map((count) => next(count * height * width));
  const labels = [train, test].map((count) => next(count));
  return {
    height,
    width,
    train: { bytes: images[0], labels: labels[0] },
    test: { bytes: images[1], labels: labels[1] },
  };
}
