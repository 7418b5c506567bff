// A layer of four bits after ten outputs, tried on all ten digits, as in stages/demos/bit_check.py.

import { sigmoid } from "./small_network.js";

/** @typedef {number[][]} Matrix A row for each bit, the highest first, with a number for each digit. */

export const BIT_VALUES = [8, 4, 2, 1];
export const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The output for the correct digit is at least HIGH, every other output at most LOW. */
export const HIGH = 0.99;
export const LOW = 0.01;

/** The bits of the digits. */
export const BITS = BIT_VALUES.map((value) => DIGITS.map((digit) => (digit & value ? 1 : 0)));

/**
 * Return the weighted inputs of the bits for each digit, where its output is HIGH and the others are LOW.
 * @type {(w: Matrix, b: number[]) => number[][]}
 */
export function weightedInputs(w, b) {
  return w.map((weights, bit) =>
    DIGITS.map((digit) =>
      weights.reduce((sum, weight, other) => sum + weight * (other === digit ? HIGH : LOW), b[bit]),
    ),
  );
}

/** Return the outputs of the bits for each digit. @type {(w: Matrix, b: number[]) => number[][]} */
export function bitOutputs(w, b) {
  return weightedInputs(w, b).map((row) => row.map(sigmoid));
}

/**
 * Return the least distance of z from 0 on the right side, for all outputs that are allowed; below 0 if it is wrong.
 * The output of the digit is from HIGH to 1, the others are from 0 to LOW; z is least at ends of these ranges.
 * @type {(w: Matrix, b: number[]) => number[][]}
 */
export function smallestMargins(w, b) {
  return w.map((weights, bit) =>
    DIGITS.map((digit) => {
      const sign = BITS[bit][digit] ? 1 : -1;
      const least = weights.map((weight, other) => {
        const signed = sign * weight;
        return other === digit ? Math.min(signed * HIGH, signed) : Math.min(signed * LOW, 0);
      });
      return least.reduce((sum, value) => sum + value, 0) + sign * b[bit];
    }),
  );
}
