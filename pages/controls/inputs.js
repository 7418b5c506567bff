// Sliders, choices and switches that show a setting and change it.

import { byId, make } from "../shared/dom.js";
import { onChange } from "./settings.js";

/**
 * @template T
 * @typedef {import("./settings.js").Setting<T>} Setting
 */

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
    box.value = String(setting.value);
    if (log) range.setAttribute("aria-valuetext", box.value); // not the exponent
  };
  range.addEventListener("input", () => {
    const place = Number(range.value);
    setting.set(log ? Number((10 ** place).toPrecision(3)) : place);
  });
  box.addEventListener("change", () => setting.set(setting.read(box.value) ?? setting.value));
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
  button.setAttribute("aria-label", name);
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
