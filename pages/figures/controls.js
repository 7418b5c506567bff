// What is set in the live figures. It stands in the address, so that a link leads to the same state.
//
// The key of a setting is the name of its figure and its own, such as valley.eta. The control with the id valley-eta
// shows the setting and changes it, unless the setting says what kind of value it has. A setting with its initial value is left out of the address.

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
   * @param {Kind<T>} [kind] That of its control unless given.
   */
  constructor(key, initial, kind) {
    this.key = key;
    this.initial = initial;
    const control = kind ? null : document.getElementById(key.replace(".", "-"));
    /** @type {Kind<T>} */
    this.kind = kind ?? kindOf(control);
    const text = fromAddress(key);
    this.value = (text === null ? null : this.kind.read(text)) ?? initial;
    settings.set(key, this);
    if (control) connect(control, this);
  }

  /** The name of the figure. */
  get figure() {
    return this.key.split(".")[0];
  }

  /** Set the value, and tell the figure. @type {(value: T) => void} */
  set(value) {
    this.keep(value);
    tell(this.figure);
  }

  /** Set the value without telling the figure, before another setting of it is set. @type {(value: T) => void} */
  keep(value) {
    if (this.kind.write(value) === this.kind.write(this.value)) return;
    this.value = value;
    clearTimeout(timer);
    timer = setTimeout(writeNow, PAUSE);
  }
}

/**
 * Call a function after each change of a setting of a figure.
 * @type {(figure: string, listener: () => void) => void}
 */
function onChange(figure, listener) {
  listeners.set(figure, [...(listeners.get(figure) ?? []), listener]);
}

/**
 * Call a function after each change of a setting of a figure or of the language.
 * @type {(figure: string, draw: () => void) => void}
 */
export function onShow(figure, draw) {
  onChange(figure, draw);
  onLanguage(draw);
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
    const value = setting?.kind.read(text);
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
export function numberKind(low, high, whole = false) {
  const read = (/** @type {string} */ text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    return value >= low && value <= high && (!whole || /^\d+$/.test(text)) ? value : null;
  };
  return { read, write: String, range: [low, high], whole };
}

/** Return the kind of whole numbers within limits. @param {number} low @param {number} high */
export const wholeKind = (low, high) => numberKind(low, high, true);

/** Return the kind of some given words. @type {(words: readonly string[]) => Kind<string>} */
export function wordKind(words) {
  return { read: (text) => (words.includes(text) ? text : null), write: String };
}

/**
 * Return the kind of texts of zeros and ones, of given lengths.
 * @type {(lengths: readonly number[]) => Kind<string>}
 */
export function bitsKind(lengths) {
  return {
    read: (text) => (/^[01]+$/.test(text) && lengths.includes(text.length) ? text : null),
    write: String,
  };
}

/**
 * Return the kind of lists of numbers with commas between, from `least` to `most` of them, each of a kind.
 * @type {(least: number, most: number, one: Kind<number>) => Kind<number[]>}
 */
export function listKind(least, most, one) {
  const read = (/** @type {string} */ text) => {
    const values = text === "" ? [] : text.split(",").map(one.read);
    if (values.length < least || values.length > most || values.includes(null)) return null;
    return /** @type {number[]} */ (values);
  };
  return { read, write: (values) => values.join(",") };
}

/**
 * Return the kind of the values that a control takes: numbers within its limits, whole ones in steps of one, or words.
 * @type {(control: HTMLElement | null) => Kind<any>}
 */
function kindOf(control) {
  if (control instanceof HTMLInputElement) {
    return numberKind(Number(control.min), Number(control.max), control.step === "1");
  }
  if (control instanceof HTMLSelectElement) return wordKind([...control.options].map(({ value }) => value));
  return wordKind([...(control?.querySelectorAll("button") ?? [])].map(({ value }) => value));
}

// Controls that show a setting and change it.

/**
 * @param {HTMLElement} control A box with a number, a slider beside such a box, a list, or a group of buttons.
 * @param {Setting<any>} setting
 */
function connect(control, setting) {
  if (control instanceof HTMLSelectElement) {
    control.addEventListener("change", () => setting.set(control.value));
    show(() => {
      control.value = setting.value;
    });
  } else if (control instanceof HTMLInputElement) {
    const isSlider = control.type === "range";
    const box = isSlider ? /** @type {HTMLInputElement} */ (byId(`${control.id}-value`)) : control;
    if (isSlider) connectSlider(control, setting);
    connectBox(box, setting.kind, (value) => setting.set(value));
    show(() => {
      box.value = String(setting.value);
      judge(box, null);
    });
  } else {
    const buttons = [...control.querySelectorAll("button")];
    for (const button of buttons) button.addEventListener("click", () => setting.set(button.value));
    show(() => {
      for (const button of buttons) {
        button.setAttribute("aria-pressed", String(button.value === setting.value));
      }
    });
  }

  /** @param {() => void} now */
  function show(now) {
    onChange(setting.figure, now);
    now();
  }
}

/**
 * Connect a slider to a setting. One of the class `log` has equal factors at equal distances: it moves by exponents of ten.
 * @type {(slider: HTMLInputElement, setting: Setting<number>) => void}
 */
function connectSlider(slider, setting) {
  const log = slider.classList.contains("log");
  if (log) {
    const [low, high] = [slider.min, slider.max].map((end) => Math.log10(Number(end)));
    Object.assign(slider, { min: String(low), max: String(high) });
  }
  const show = () => {
    slider.value = String(log ? Math.log10(setting.value) : setting.value);
    if (log) slider.setAttribute("aria-valuetext", String(setting.value)); // not the exponent
  };
  slider.addEventListener("input", () => {
    const place = Number(slider.value);
    const [low, high] = setting.kind.range ?? [];
    setting.set(log ? Math.min(high, Math.max(low, Number((10 ** place).toPrecision(3)))) : place);
  });
  onChange(setting.figure, show);
  show();
}

/**
 * Take numbers from a box, and say below it which it takes if another one is typed.
 * @type {(box: HTMLInputElement, kind: Kind<number>, take: (value: number) => void) => void}
 */
export function connectBox(box, kind, take) {
  box.addEventListener("change", () => {
    const value = kind.read(box.value);
    if (value === null) judge(box, kind);
    else take(value);
  });
}

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
 * Return a button that shows a bit and switches it when it is pressed.
 * @type {(name: string, on: boolean, pressed: () => void) => HTMLButtonElement}
 */
export function bitButton(name, on, pressed) {
  const button = make("button", "bit", on ? "1" : "0");
  button.setAttribute("aria-label", `${name}: ${on ? 1 : 0}`);
  button.setAttribute("aria-pressed", String(on));
  button.addEventListener("click", pressed);
  return button;
}

/** Return a text of bits with one of them switched. @type {(bits: string, place: number) => string} */
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

  /** Stop, and go some steps forth or back. @type {(change: number) => void} */
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
