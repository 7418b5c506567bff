// What is set for the network that learns, and its controls. It stands in the address.

import { connectBox, judge, listKind, onShow, Setting, wholeKind } from "../figures/controls.js";
import { byId, make } from "../shared/dom.js";
import { text } from "../shared/language.js";

/** @import { Setup } from "./run.js" */

const MOST_LAYERS = 3;
const MOST_NEURONS = 100;
const MOST_EPOCHS = 1000;
const NEW_LAYER = 20;

const neuronsKind = wholeKind(1, MOST_NEURONS);

/** The chapter's network and its training, with the smaller first weights of chapter 3: they learn from every seed. */
export const settings = {
  hidden: new Setting("learn.hidden", [30], listKind(0, MOST_LAYERS, neuronsKind)),
  activation: new Setting("learn.activation", "sigmoid"),
  cost: new Setting("learn.cost", "quadratic"),
  init: new Setting("learn.init", "N(0,1/n)"),
  eta: new Setting("learn.eta", 3),
  batch: new Setting("learn.batch", 10),
  /** The weight of an L2 penalty: regularization. */
  penalty: new Setting("learn.penalty", 0),
  seed: new Setting("learn.seed", 0),
  stop: new Setting("learn.stop", 30),
  show: new Setting("learn.show", "weights"),
  pace: new Setting("learn.pace", "epoch"),
  /** The epoch that the run has reached: a link leads to it. */
  at: new Setting("learn.at", 0, wholeKind(0, MOST_EPOCHS)),
};

/** Return what defines a run. */
export function chosenSetup() {
  const { hidden, activation, cost, init, eta, batch, penalty, seed } = settings;
  return {
    hidden: hidden.value,
    activation: activation.value,
    cost: cost.value,
    init: init.value,
    eta: eta.value,
    batch: batch.value,
    penalty: penalty.value,
    seed: seed.value,
  };
}

/** Connect the controls. */
export function startControls() {
  byId("learn-fewer").addEventListener("click", () => settings.hidden.set(settings.hidden.value.slice(0, -1)));
  byId("learn-more").addEventListener("click", () => {
    const { value } = settings.hidden;
    if (value.length < MOST_LAYERS) settings.hidden.set([...value, value.at(-1) ?? NEW_LAYER]);
  });
  onShow("learn", showLayers);
}

/** Show a box with the number of neurons for each hidden layer. */
function showLayers() {
  const { value } = settings.hidden;
  const place = byId("learn-sizes");
  while (place.children.length > value.length) place.lastElementChild?.remove();
  while (place.children.length < value.length) place.append(layerBox(place.children.length));
  value.forEach((neurons, layer) => {
    const box = /** @type {HTMLInputElement} */ (place.children[layer]);
    box.value = String(neurons);
    judge(box, null);
    box.setAttribute("aria-label", text("learn-neurons-of", { layer: layer + 1 }));
  });
  byId("learn-sizes-field").hidden = value.length === 0;
  byId("learn-count").textContent = String(value.length);
  /** @type {HTMLButtonElement} */ (byId("learn-fewer")).disabled = value.length === 0;
  /** @type {HTMLButtonElement} */ (byId("learn-more")).disabled = value.length === MOST_LAYERS;
}

/** @param {number} layer */
function layerBox(layer) {
  const box = make("input", "size");
  Object.assign(box, { type: "number", min: "1", max: String(MOST_NEURONS), step: "1" });
  connectBox(box, neuronsKind, (neurons) => settings.hidden.set(settings.hidden.value.with(layer, neurons)));
  return box;
}
