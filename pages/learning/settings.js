// What is set for the network that learns, and its controls. It stands in the address.

import {
  judge,
  numberKind,
  numbersKind,
  onChange,
  Setting,
  startChoice,
  startNumber,
  startSelect,
  startSlider,
  wholeKind,
  wordKind,
} from "../figures/controls.js";
import { byId, make } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";

/** @typedef {import("./run.js").Setup} Setup */

const MOST_LAYERS = 3;
const MOST_NEURONS = 100;
const MOST_EPOCHS = 1000;
const NEW_LAYER = 20;

const neuronsKind = wholeKind(1, MOST_NEURONS);
const sizes = numbersKind(0, MOST_LAYERS, 1, MOST_NEURONS);

/** @type {import("../figures/controls.js").Kind<number[]>} */
const layersKind = {
  read: (words) => {
    const values = sizes.read(words);
    return values?.every(Number.isInteger) ? values : null;
  },
  write: sizes.write,
};

const ACTIVATIONS = ["sigmoid", "tanh", "relu", "leaky-relu", "softplus"];
const COSTS = ["quadratic", "cross-entropy", "log-likelihood"];
const INITS = ["N(0,1)", "N(0,1/n)", "he"];
const PACES = ["batch", "epoch", "full"];

/** The chapter's network and its training, with the smaller first weights of chapter 3: they learn from every seed. */
export const settings = {
  hidden: new Setting("learn.hidden", [30], layersKind),
  activation: new Setting("learn.activation", "sigmoid", wordKind(ACTIVATIONS)),
  cost: new Setting("learn.cost", "quadratic", wordKind(COSTS)),
  init: new Setting("learn.init", "N(0,1/n)", wordKind(INITS)),
  eta: new Setting("learn.eta", 3, numberKind(0.0001, 1000)),
  batch: new Setting("learn.batch", 10, wholeKind(1, 5000)),
  /** The weight of an L2 penalty: regularization. */
  penalty: new Setting("learn.penalty", 0, numberKind(0, 100)),
  seed: new Setting("learn.seed", 0, wholeKind(0, 2 ** 32 - 1)),
  stop: new Setting("learn.stop", 30, wholeKind(1, MOST_EPOCHS)),
  show: new Setting("learn.show", "weights", wordKind(["weights", "change"])),
  pace: new Setting("learn.pace", "epoch", wordKind(PACES)),
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
  for (const name of /** @type {const} */ (["activation", "cost", "init", "pace"])) {
    startSelect(`learn-${name}`, settings[name]);
  }
  startChoice("learn-show", settings.show);
  startSlider("learn-eta", settings.eta);
  for (const name of /** @type {const} */ (["batch", "penalty", "seed", "stop"]))
    startNumber(/** @type {HTMLInputElement} */ (byId(`learn-${name}`)), settings[name]);
  byId("learn-fewer").addEventListener("click", () =>
    settings.hidden.set(settings.hidden.value.slice(0, -1)),
  );
  byId("learn-more").addEventListener("click", () => {
    const { value } = settings.hidden;
    if (value.length < MOST_LAYERS) settings.hidden.set([...value, value.at(-1) ?? NEW_LAYER]);
  });
  onChange("learn", showLayers);
  onLanguage(showLayers);
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
  box.addEventListener("change", () => {
    const neurons = neuronsKind.read(box.value);
    if (neurons === null) judge(box, neuronsKind);
    else settings.hidden.set(settings.hidden.value.with(layer, neurons));
  });
  return box;
}
