// What is set in the live figures. It stands in the address, so that a link leads to the same state.
//
// The key of a setting is the name of its figure and its own, such as valley.eta. A setting with its initial value is
// left out of the address.

import { allToAddress, fromAddress } from "../shared/address.js";

/**
 * @template T
 * @typedef {import("./kinds.js").Kind<T>} Kind
 */

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
    timer = setTimeout(write, PAUSE);
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

function write() {
  allToAddress(
    [...settings.values()].map(({ key, kind, value, initial }) => {
      const text = kind.write(value);
      return [key, text === kind.write(initial) ? null : text];
    }),
  );
}
