// The filters of the report: a cell of the confusion matrix, or a class and a confidence, choose the images shown.

import { onLanguage, startLanguage, text } from "../shared/language.js";
import { drawCharts } from "./charts.js";

const label = /** @type {HTMLSelectElement} */ (document.getElementById("label"));
const answer = /** @type {HTMLSelectElement} */ (document.getElementById("answer"));
const confidence = /** @type {HTMLInputElement} */ (document.getElementById("confidence"));
const confidenceShown = /** @type {HTMLElement} */ (document.getElementById("confidence-shown"));
const matrix = /** @type {HTMLElement} */ (document.querySelector(".matrix"));
const images = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".gallery figure"));

/** Show the images that the filters choose. Correct ones are shown only where both classes are chosen and equal. */
function filter() {
  const correct = label.value !== "" && label.value === answer.value;
  let count = 0;
  for (const image of images) {
    const { labelIndex, answerIndex, confidence: sure } = image.dataset;
    const fits =
      (label.value === "" || label.value === labelIndex) &&
      (answer.value === "" || answer.value === answerIndex) &&
      (correct || labelIndex !== answerIndex) &&
      100 * Number(sure) >= Number(confidence.value);
    image.hidden = !fits;
    count += Number(fits);
  }
  confidenceShown.textContent = `${confidence.value} %`;
  const status = /** @type {HTMLElement} */ (document.getElementById("count"));
  status.textContent = text(correct ? "count-correct" : "count-mistakes", { count });
}

/** Show all mistakes again. */
function showAll() {
  label.value = answer.value = "";
  confidence.value = "0";
  filter();
}

for (const input of [label, answer, confidence]) input.addEventListener("input", filter);
document.getElementById("all")?.addEventListener("click", showAll);
matrix.addEventListener("click", (event) => {
  const cell = /** @type {HTMLElement} */ (event.target).closest("button");
  if (!cell) return;
  label.value = cell.dataset.labelIndex || "";
  answer.value = cell.dataset.answerIndex || "";
  confidence.value = "0";
  filter();
  document.getElementById("images")?.scrollIntoView({ behavior: "smooth", block: "nearest" });
});
const shown = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-cells]"));
for (const button of shown) {
  button.addEventListener("click", () => {
    matrix.dataset.shown = button.dataset.cells;
    for (const other of shown) other.setAttribute("aria-pressed", String(other === button));
  });
}
onLanguage(filter);
onLanguage(drawCharts);
startLanguage();
