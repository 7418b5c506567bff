// What is looked at through the lens. It stands in the address.

import { Setting, wholeKind } from "../figures/controls.js";

const MOST = 10_000;

/** Stands for the input whose weight has the largest derivative. */
export const STEEPEST = -1;

export const settings = {
  /** The number of a test image. */
  image: new Setting("lens.image", 0, wholeKind(0, MOST)),
  network: new Setting("lens.network", "new"),
  view: new Setting("lens.view", "forward"),
  eta: new Setting("lens.eta", 1),
  /** The updates that were made, with this image. */
  steps: new Setting("lens.steps", 0, wholeKind(0, 50)),
  /** The selected neuron: its layer, from 1, its number, and one of its inputs, at first the one of steepest slope. */
  layer: new Setting("lens.layer", 1, wholeKind(1, 4)),
  neuron: new Setting("lens.neuron", 0, wholeKind(0, MOST)),
  input: new Setting("lens.input", STEEPEST, wholeKind(0, MOST * MOST)),
};

export const MOST_STEPS = 50;
