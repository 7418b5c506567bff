// The chapter: starts its live figures, each of which finds its own elements, and then the language.

import { startAdder } from "../figures/adder.js";
import { startBatches } from "../figures/batches.js";
import { startBits } from "../figures/bits.js";
import { startChange } from "../figures/change.js";
import { startSettings, writeNow } from "../figures/controls.js";
import { startDecision } from "../figures/decision.js";
import { startPerceptron } from "../figures/perceptron.js";
import { startPlane } from "../figures/plane.js";
import { startScaling } from "../figures/scaling.js";
import { startSigmoid } from "../figures/sigmoid.js";
import { startSteepest } from "../figures/steepest.js";
import { startStills } from "../figures/stills.js";
import { startUniversal } from "../figures/universal.js";
import { startValley } from "../figures/valley.js";
import { startLearn } from "../learning/learn.js";
import { startLens } from "../learning/lens.js";
import { placeFromAddress, startSteps, stepTo } from "../shared/address.js";
import { make } from "../shared/dom.js";
import { onLanguage, startLanguage, text } from "../shared/language.js";
import { startExercises } from "./exercises.js";

const contents = /** @type {HTMLDetailsElement} */ (document.querySelector(".contents"));
const wide = matchMedia("(min-width: 70rem)");

/** Start the table of contents, and go to the place that the address names. */
function startContents() {
  startSteps();
  wide.addEventListener("change", fold);
  fold();
  const place = placeFromAddress();
  if (place) document.getElementById(place)?.scrollIntoView();
  document.addEventListener("click", followLink);
  watch();
}

/** Give each live figure a button that copies a link to it, with what is set in it. */
function startLinks() {
  for (const figure of document.querySelectorAll("article .live")) {
    const place = figure.closest("article")?.id ?? "";
    const button = make("button", "copy");
    button.type = "button";
    onLanguage(() => {
      button.textContent = text("copy-link");
    });
    button.addEventListener("click", async () => {
      writeNow();
      stepTo(place);
      await navigator.clipboard?.writeText(location.href).catch(() => {}); // it stands in the address bar too
      button.textContent = text("copied");
    });
    figure.append(button);
  }
}

/** Follow a link within the page without losing the state in the address. @param {MouseEvent} event */
function followLink(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const place = link?.getAttribute("href") || "";
  if (!place.startsWith("#") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const element = document.getElementById(place.slice(1));
  if (!element) return;
  stepTo(element.id);
  fold();
  element.scrollIntoView();
}

/** Show the contents at the side of a wide page; fold it on a narrow one. */
function fold() {
  contents.open = wide.matches;
}

/** Mark the link of the section and of the demonstration that are read. */
function watch() {
  const links = new Map();
  for (const link of contents.querySelectorAll("a")) links.set(link.hash.slice(1), link);
  const places = [...document.querySelectorAll("section[id], article[id]")];
  let waiting = false;
  const mark = () => {
    waiting = false;
    const here = places.filter((place) => place.getBoundingClientRect().top < innerHeight / 3).at(-1);
    for (const link of contents.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
    for (const item of contents.querySelectorAll(".here")) item.classList.remove("here");
    const link = links.get(here?.id);
    link?.setAttribute("aria-current", "location");
    for (let item = link?.closest("li"); item; item = item.parentElement?.closest("li")) {
      item.classList.add("here");
    }
  };
  const later = () => {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  mark();
}

/** The live figures, by the ids of their sections: the page has those of the demonstrations that it shows. */
const FIGURES = {
  "figure-perceptron": startPerceptron,
  "figure-decision": startDecision,
  "figure-adder": startAdder,
  "figure-universal": startUniversal,
  "figure-sigmoid": startSigmoid,
  "figure-change": startChange,
  "figure-scaling": startScaling,
  "figure-bits": startBits,
  "figure-valley": startValley,
  "figure-plane": startPlane,
  "figure-steepest": startSteepest,
  "figure-batches": startBatches,
  "figure-lens": startLens,
  "figure-learn": startLearn,
};

for (const [id, start] of Object.entries(FIGURES)) if (document.getElementById(id)) start();
startSettings();
startLinks();
startStills();
startExercises();
startLanguage();
startContents();
