// Kinds of values that stand in the address: how each is read from text, and written. What is not valid reads as null.

/**
 * @template T
 * @typedef {{read: (text: string) => T | null, write: (value: T) => string}} Kind
 */

/**
 * Return the kind of numbers within limits.
 * @param {number} low
 * @param {number} high
 * @returns {Kind<number>}
 */
export function numberKind(low, high) {
  const read = (/** @type {string} */ text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return value >= low && value <= high ? value : null;
  };
  return { read, write: String };
}

/**
 * Return the kind of whole numbers within limits.
 * @param {number} low
 * @param {number} high
 * @returns {Kind<number>}
 */
export function wholeKind(low, high) {
  const { read } = numberKind(low, high);
  return { read: (text) => (/^\d+$/.test(text) ? read(text) : null), write: String };
}

/**
 * Return the kind of some given words.
 * @param {readonly string[]} words
 * @returns {Kind<string>}
 */
export function wordKind(words) {
  return { read: (text) => (words.includes(text) ? text : null), write: String };
}

/**
 * Return the kind of texts of zeros and ones, of given lengths.
 * @param {readonly number[]} lengths
 * @returns {Kind<string>}
 */
export function bitsKind(lengths) {
  return {
    read: (text) => (/^[01]+$/.test(text) && lengths.includes(text.length) ? text : null),
    write: String,
  };
}

/**
 * Return the kind of lists of numbers with commas between, from `least` to `most` of them, each within limits.
 * @param {number} least
 * @param {number} most
 * @param {number} low
 * @param {number} high
 * @returns {Kind<number[]>}
 */
export function numbersKind(least, most, low, high) {
  const one = numberKind(low, high);
  const read = (/** @type {string} */ text) => {
    const values = text === "" ? [] : text.split(",").map(one.read);
    if (values.length < least || values.length > most || values.includes(null)) return null;
    return /** @type {number[]} */ (values);
  };
  return { read, write: (values) => values.join(",") };
}
