// What is set in the live figures. It stands in the address, so that a link leads to the same state.
//
// The key of a setting is the name of its figure and its own, such as valley.eta. A setting with its initial value is
// left out of the address.

import { allToAddress, fromAddress } from "../shared/address.js";
import { byId, make } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";

/** The address is written when nothing has changed for this time: browsers limit how often it may be. */
const PAUSE = 250;

/** @type {Map<string, Setting<any>>} */
const settings = new Map();

/** @type {Map<string, (() => void)[]>} */
const listeners = new Map();

let timer = 0;

/** @template T */
export class Setting {
  /**
   * @param {string} key
   * @param {T} initial
   * @param {Kind<T>} kind
   */
  constructor(key, initial, kind) {
    this.key = key;
    this.initial = initial;
    this.kind = kind;
    const text = fromAddress(key);
    this.value = (text === null ? null : this.read(text)) ?? initial;
    settings.set(key, this);
  }

  /** The name of the figure. */
  get figure() {
    return this.key.split(".")[0];
  }

  /**
   * Return a value of this kind, or null.
   * @param {string} text
   */
  read(text) {
    return this.kind.read(text);
  }

  /**
   * Set the value, and tell the figure.
   * @param {T} value
   */
  set(value) {
    this.keep(value);
    tell(this.figure);
  }

  /**
   * Set the value without telling the figure, before another setting of it is set.
   * @param {T} value
   */
  keep(value) {
    if (this.kind.write(value) === this.kind.write(this.value)) return;
    this.value = value;
    clearTimeout(timer);
    timer = setTimeout(writeNow, PAUSE);
  }
}

/**
 * Call a function after each change of a setting of a figure.
 * @param {string} figure
 * @param {() => void} listener
 */
export function onChange(figure, listener) {
  listeners.set(figure, [...(listeners.get(figure) ?? []), listener]);
}

/** Listen to the buttons that set a state. */
export function startSettings() {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest("[data-state]");
    if (button) apply(/** @type {HTMLElement} */ (button).dataset.state ?? "");
  });
}

/** @param {string} state Keys and values in the form of the address. */
function apply(state) {
  const figures = new Set();
  for (const [key, text] of new URLSearchParams(state)) {
    const setting = settings.get(key);
    const value = setting?.read(text);
    if (!setting || value === null || value === undefined) throw new Error(`no such state: ${key}=${text}`);
    setting.keep(value);
    figures.add(setting.figure);
  }
  for (const figure of figures) tell(figure);
}

/** @param {string} figure */
function tell(figure) {
  for (const listener of listeners.get(figure) ?? []) listener();
}

/** Write what is set into the address. */
export function writeNow() {
  allToAddress(
    [...settings.values()].map(({ key, kind, value, initial }) => {
      const text = kind.write(value);
      return [key, text === kind.write(initial) ? null : text];
    }),
  );
}

// Kinds of values that stand in the address: how each is read from text, and written. What is not valid reads as null.

/**
 * @template T
 * @typedef {{read: (text: string) => T | null, write: (value: T) => string, range?: number[], whole?: boolean}} Kind
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
  return { read, write: String, range: [low, high] };
}

/**
 * Return the kind of whole numbers within limits.
 * @param {number} low
 * @param {number} high
 * @returns {Kind<number>}
 */
export function wholeKind(low, high) {
  const { read } = numberKind(low, high);
  return {
    read: (text) => (/^\d+$/.test(text) ? read(text) : null),
    write: String,
    range: [low, high],
    whole: true,
  };
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

// Sliders, choices and switches that show a setting and change it.

/**
 * Say below a box which numbers it takes, if it has another one, which it keeps.
 * @param {HTMLInputElement} box
 * @param {Kind<number> | null} kind Null if the number is right.
 */
export function judge(box, kind) {
  const parent = /** @type {HTMLElement} */ (box.parentElement);
  let said = parent.querySelector(".outside");
  if (!said && !kind) return;
  if (!said) {
    said = make("small", "outside");
    said.setAttribute("role", "alert");
    parent.append(said);
  }
  const [low, high] = kind?.range ?? [];
  said.textContent = kind ? text(kind.whole ? "outside-whole" : "outside", { low, high }) : "";
  box.setAttribute("aria-invalid", String(kind !== null));
}

/**
 * Connect a box with a number to a setting.
 * @param {HTMLInputElement} box
 * @param {Setting<number>} setting
 */
export function startNumber(box, setting) {
  const show = () => {
    box.value = String(setting.value);
    judge(box, null);
  };
  box.addEventListener("change", () => {
    const value = setting.read(box.value);
    if (value === null) judge(box, setting.kind);
    else setting.set(value);
  });
  onChange(setting.figure, show);
  show();
}

/**
 * Connect a slider, and the box with its number, to a setting. A slider of the class `log` has equal factors at equal
 * distances: its ends are exponents of ten.
 * @param {string} id
 * @param {Setting<number>} setting
 */
export function startSlider(id, setting) {
  const range = /** @type {HTMLInputElement} */ (byId(id));
  const box = /** @type {HTMLInputElement} */ (byId(`${id}-value`));
  const log = range.classList.contains("log");
  const show = () => {
    range.value = String(log ? Math.log10(setting.value) : setting.value);
    if (log) range.setAttribute("aria-valuetext", String(setting.value)); // not the exponent
  };
  range.addEventListener("input", () => {
    const place = Number(range.value);
    setting.set(log ? Number((10 ** place).toPrecision(3)) : place);
  });
  startNumber(box, setting);
  onChange(setting.figure, show);
  show();
}

/**
 * Connect a list of choices to a setting.
 * @param {string} id
 * @param {Setting<string>} setting
 * @param {(value: string) => void} before Called before a choice of the reader is set.
 */
export function startSelect(id, setting, before = () => {}) {
  const list = /** @type {HTMLSelectElement} */ (byId(id));
  const show = () => {
    list.value = setting.value;
  };
  list.addEventListener("change", () => {
    before(list.value);
    setting.set(list.value);
  });
  onChange(setting.figure, show);
  show();
}

/**
 * Connect a group of buttons, of which one is chosen, to a setting.
 * @param {string} id
 * @param {Setting<string>} setting
 */
export function startChoice(id, setting) {
  const buttons = /** @type {NodeListOf<HTMLButtonElement>} */ (byId(id).querySelectorAll("[data-value]"));
  const show = () => {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.value === setting.value));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => setting.set(button.dataset.value ?? ""));
  }
  onChange(setting.figure, show);
  show();
}

/**
 * Return a button that shows a bit and switches it when it is pressed.
 * @param {string} name For screen readers.
 * @param {boolean} on
 * @param {() => void} pressed
 */
export function bitButton(name, on, pressed) {
  const button = make("button", "bit", on ? "1" : "0");
  button.type = "button";
  button.setAttribute("aria-label", `${name}: ${on ? 1 : 0}`);
  button.setAttribute("aria-pressed", String(on));
  button.addEventListener("click", pressed);
  return button;
}

/**
 * Return a text of bits with one of them switched.
 * @param {string} bits
 * @param {number} place
 */
export function switched(bits, place) {
  return `${bits.slice(0, place)}${bits[place] === "1" ? "0" : "1"}${bits.slice(place + 1)}`;
}

// Buttons to play steps one after the other, to pause, to go a step forth or back, and to the start.

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
