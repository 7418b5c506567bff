// The sliders of the page: the brush, and the distortions of the image that the networks see.

import { byId } from "../shared/dom.js";

/** @typedef {import("./distortion.js").Distortion} Distortion */

const brush = /** @type {HTMLInputElement} */ (byId("brush"));
const distortions = /** @type {NodeListOf<HTMLInputElement>} */ (
  document.querySelectorAll("[data-distortion]")
);

/** Return the diameter of the brush. */
export const brushWidth = () => Number(brush.value);

/** @returns {Distortion} */
export function chosenDistortion() {
  const value = (/** @type {string} */ name) => Number(/** @type {HTMLInputElement} */ (byId(name)).value);
  return { turn: value("turn"), right: value("right"), down: value("down"), noise: value("noise") / 100 };
}

/** Set all distortions to 0. */
export function restoreDistortion() {
  for (const slider of distortions) slider.value = "0";
  showValues();
}

/**
 * Show the value of each slider beside it, and tell when a distortion changes.
 * @param {() => void} changed
 */
export function startSliders(changed) {
  brush.addEventListener("input", showValues);
  for (const slider of distortions) {
    slider.addEventListener("input", () => {
      showValues();
      changed();
    });
  }
  showValues();
}

function showValues() {
  for (const slider of distortions) {
    byId(`${slider.id}-value`).textContent = `${slider.value} ${slider.dataset.distortion}`;
  }
  byId("brush-value").textContent = brush.value;
}
