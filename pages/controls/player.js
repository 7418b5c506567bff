// Buttons to play steps one after the other, to pause, to go a step forth or back, and to the start.

import { byId } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";

/**
 * @typedef {object} Steps
 * @property {() => number} done The number of steps that were made.
 * @property {(steps: number) => void} goTo Show the state after a number of steps.
 * @property {() => number} last The largest number of steps.
 */

export class Player {
  /**
   * @param {string} id The buttons are those of the macro `player`.
   * @param {Steps} steps
   * @param {number} interval Milliseconds between two steps.
   */
  constructor(id, steps, interval = 350) {
    this.steps = steps;
    this.interval = interval;
    this.timer = 0;
    this.button = byId(`${id}-play`);
    this.button.addEventListener("click", () => (this.timer ? this.pause() : this.play()));
    byId(`${id}-step`).addEventListener("click", () => this.by(1));
    byId(`${id}-back`).addEventListener("click", () => this.by(-1));
    byId(`${id}-reset`).addEventListener("click", () => this.by(Number.NEGATIVE_INFINITY));
    onLanguage(() => this.show());
  }

  play() {
    if (this.steps.done() >= this.steps.last()) this.steps.goTo(0);
    this.timer = setInterval(() => {
      this.move(1);
      if (this.steps.done() >= this.steps.last()) this.pause();
    }, this.interval);
    this.show();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    this.show();
  }

  /**
   * Stop, and go some steps forth or back.
   * @param {number} change
   */
  by(change) {
    this.pause();
    this.move(change);
  }

  /** @param {number} change */
  move(change) {
    this.steps.goTo(Math.min(this.steps.last(), Math.max(0, this.steps.done() + change)));
  }

  show() {
    this.button.textContent = text(this.timer ? "player-pause" : "player-play");
  }
}
