// Random numbers that are the same for the same seed, in every browser.

/**
 * Return a function that draws numbers from 0 to 1 (Mulberry32 by Tommy Ettinger).
 * @param {number} seed A whole number.
 */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Return a function that draws numbers from N(0, 1) (Box and Muller).
 * @param {() => number} random Draws numbers from 0 to 1.
 */
export function normalNumbers(random) {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * Shuffle a list in place (Fisher and Yates).
 * @template {{ length: number, [place: number]: any }} T
 * @param {T} list
 * @param {() => number} random
 * @returns {T}
 */
export function shuffled(list, random) {
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [list[last], list[other]] = [list[other], list[last]];
  }
  return list;
}
