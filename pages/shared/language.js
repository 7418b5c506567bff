// The language of the page: the browser's at first, or the one in the address; two buttons switch it.

import { fromAddress, toAddress } from "./address.js";
import { byId } from "./dom.js";

/** @typedef {{en: string, zh: string}} Versions */

/** Letters that are written from right to left: beside them, numbers would change places. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufefc]/;
const isolated = (/** @type {string} */ name) => `\u2068${name}\u2069`;

/** What may scroll, so that keys must reach it. */
const SCROLLED = ".scroll, .gallery, .read, pre";

/** The data of the page, as the template has written it. */
export const DATA = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("data")).textContent || "{}");

/** @type {Record<string, Versions>} */
const TEXTS = DATA.texts;

/** @type {"en" | "zh"} */
let language = "en";

/** @type {(() => void)[]} */
const listeners = [];

/**
 * Return a text in the current language, with its values put in.
 * @type {(key: string, values?: Record<string, string | number>) => string}
 */
export function text(key, values = {}) {
  return TEXTS[key][language].replace(/\{(\w+)\}/g, (place, name) => {
    const value = String(values[name] ?? place);
    return RIGHT_TO_LEFT.test(value) ? isolated(value) : value;
  });
}

/**
 * Write a text into the element with this id.
 * @type {(id: string, key: string, values?: Record<string, string | number>) => void}
 */
export function say(id, key, values) {
  byId(id).textContent = text(key, values);
}

/** Call a function after each change of the language. @type {(listener: () => void) => void} */
export function onLanguage(listener) {
  listeners.push(listener);
}

/** Choose the language of the page, and listen to its buttons. */
export function startLanguage() {
  for (const area of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(SCROLLED))) area.tabIndex = 0;
  for (const button of languageButtons()) {
    button.addEventListener("click", () => {
      const chosen = button.dataset.language === "zh" ? "zh" : "en";
      toAddress("lang", chosen);
      show(chosen);
    });
  }
  const asked = fromAddress("lang") || navigator.language;
  show(asked.startsWith("zh") ? "zh" : "en");
}

/** @param {"en" | "zh"} chosen */
function show(chosen) {
  language = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  for (const element of document.querySelectorAll("[data-text]")) {
    const { text: key, values } = /** @type {HTMLElement} */ (element).dataset;
    element.textContent = text(key || "", values ? JSON.parse(values) : {});
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(/** @type {HTMLElement} */ (element).dataset.label || ""));
  }
  for (const button of languageButtons()) {
    button.setAttribute("aria-pressed", String(button.dataset.language === chosen));
  }
  for (const listener of listeners) listener();
}

/** @returns {NodeListOf<HTMLElement>} */
function languageButtons() {
  return document.querySelectorAll("[data-language]");
}
