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
