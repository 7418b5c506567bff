// Backpropagation under a lens: one image in one network, and every number of a neuron or a weight.

import { onShow, Player } from "../figures/controls.js";
import { byId, make } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { digitCanvas } from "../shared/pictures.js";
import { Cells } from "./cells.js";
import { Diagram } from "./lens_drawing.js";
import { LensNetwork } from "./lens_network.js";
import { showNumbers } from "./lens_numbers.js";
import { MOST_STEPS, STEEPEST, settings } from "./lens_settings.js";
import { LOOK } from "./results.js";
import { largest, randomParameters } from "./run.js";
import { digits, onReport, session } from "./session.js";

/** @import { Place } from "./lens_numbers.js" */
/** @import { Digits } from "./session.js" */

const HIDDEN = 15;
const CLASSES = 10;

/** Start the figure. */
export function startLens() {
  digits().then(
    (all) => new Lens(all),
    (error) => {
      say("lens-said", "learn-unsupported", { error: String(error) });
    },
  );
}

class Lens {
  /** @param {Digits} all */
  constructor(all) {
    this.all = all;
    this.size = [all.height, all.width];
    this.count = all.test.labels.length;
    /** @type {LensNetwork | null} */
    this.lens = null;
    this.made = "";
    /** @type {{layer: number, neuron: number} | null} The neuron at the pointer. */
    this.pointed = null;
    this.initial = randomParameters([all.height * all.width, HIDDEN, CLASSES], "N(0,1/n)", 0);
    this.diagram = new Diagram(
      byId("lens-drawing"),
      (layer, neuron) => this.point(layer, neuron),
      () => this.pick(),
      () => this.leave(),
    );
    this.cells = new Cells(this.size, (input) => {
      if (input !== settings.input.value) settings.input.set(input);
    });
    byId("lens-drawing").addEventListener("keydown", (event) => this.move(event));
    startImages(all, (image) => this.choose(image));
    this.player = new Player("lens", {
      done: () => settings.steps.value,
      goTo: (steps) => settings.steps.set(steps),
      last: () => MOST_STEPS,
    });
    document.addEventListener(LOOK, (event) => this.lookAt(/** @type {CustomEvent} */ (event).detail));
    let inView = false;
    new IntersectionObserver((entries) => {
      inView = entries[entries.length - 1].isIntersecting;
    }).observe(byId("lens-drawing"));
    onReport(({ running }) => {
      if (settings.network.value === "learned" && (inView || !running)) this.show();
    });
    onShow("lens", () => this.show());
    this.show();
  }

  /** @param {number} number */
  image(number) {
    const pixels = this.all.height * this.all.width;
    return this.all.test.bytes.subarray(number * pixels, (number + 1) * pixels);
  }

  /** @param {number} image */
  choose(image) {
    settings.steps.keep(0);
    settings.image.set(image);
  }

  /** Show an image in the network that has learned, and come into view. @type {(image: number) => void} */
  lookAt(image) {
    settings.network.keep("learned");
    this.choose(image);
    byId("figure-lens").scrollIntoView({ block: "start" });
    byId("lens-drawing").focus({ preventScroll: true });
  }

  /** Make the network again if the image, the steps or the weights are others. */
  make() {
    const number = Math.min(settings.image.value, this.count - 1);
    const report = settings.network.value === "learned" ? session.report : null;
    const eta = settings.steps.value ? settings.eta.value : 0;
    const made = JSON.stringify([number, settings.steps.value, eta, report?.id ?? 0, report?.epochs ?? 0]);
    if (made === this.made && this.lens) return this.lens;
    this.made = made;
    const { activation, cost } = (report && session.setup) || { activation: "sigmoid", cost: "quadratic" };
    const image = this.image(number);
    const x = Float64Array.from(image, (byte) => byte / 255);
    const parameters = report?.parameters ?? this.initial;
    this.lens = new LensNetwork(parameters, activation, cost, x, this.all.test.labels[number]);
    if (settings.steps.value) this.lens.update(settings.eta.value, settings.steps.value);
    this.diagram.take(this.lens, image, this.size);
    return this.lens;
  }

  /**
   * Return what is selected, or is at the pointer, within the network.
   * @param {LensNetwork} lens
   */
  place(lens) {
    const { layer, neuron } = this.pointed ?? {
      layer: settings.layer.value - 1,
      neuron: settings.neuron.value,
    };
    const inside = Math.min(layer, lens.layers.length - 1);
    const { b, inputs } = lens.layers[inside];
    const { value } = settings.input;
    return {
      layer: inside,
      neuron: Math.min(neuron, b.length - 1),
      input: value === STEEPEST ? largest(inputs.map(Math.abs)) : Math.min(value, inputs.length - 1),
    };
  }

  /** @type {(layer: number, neuron: number) => void} */
  point(layer, neuron) {
    if (this.pointed?.layer === layer && this.pointed.neuron === neuron) return;
    this.pointed = { layer, neuron };
    this.show();
  }

  pick() {
    if (!this.pointed) return;
    settings.layer.keep(this.pointed.layer + 1);
    settings.neuron.set(this.pointed.neuron);
  }

  leave() {
    if (!this.pointed) return;
    this.pointed = null;
    this.show();
  }

  /** Move to another neuron by the arrow keys. @type {(event: KeyboardEvent) => void} */
  move(event) {
    const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const step = /** @type {Record<string, number[]>} */ (steps)[event.key];
    if (!step || !this.lens) return;
    event.preventDefault();
    this.pointed = null;
    const now = this.place(this.lens);
    const layer = Math.min(Math.max(now.layer + step[0], 0), this.lens.layers.length - 1);
    const neurons = this.lens.layers[layer].b.length;
    settings.layer.keep(layer + 1);
    settings.neuron.set(Math.min(Math.max(now.neuron + step[1], 0), neurons - 1));
  }

  show() {
    const lens = this.make();
    const place = this.place(lens);
    this.diagram.draw(place, settings.view.value === "backward");
    this.cells.paint(lens.layers[place.layer], place.layer === 0, place.neuron, place.input);
    showNumbers(lens, place, this.all.width);
    showChosen(settings.image.value);
    say("lens-steps", "lens-made", { steps: settings.steps.value });
  }
}

// The test images to choose from: the first of each digit.

/**
 * Make a button for each image.
 * @type {(digits: import("./session.js").Digits, choose: (image: number) => void) => void}
 */
function startImages({ height, width, test }, choose) {
  const pixels = height * width;
  for (let digit = 0; digit < CLASSES; digit++) {
    const image = test.labels.indexOf(digit);
    if (image < 0) continue;
    const canvas = digitCanvas(height, width, test.bytes.subarray(image * pixels, (image + 1) * pixels));
    const button = make("button", "mistake", canvas, make("span", "", String(digit)));
    button.dataset.image = String(image);
    button.addEventListener("click", () => choose(image));
    byId("lens-images").append(button);
  }
}

/** @param {number} image The one that is looked at. */
function showChosen(image) {
  for (const button of byId("lens-images").children) {
    const { image: own } = /** @type {HTMLElement} */ (button).dataset;
    button.setAttribute("aria-pressed", String(Number(own) === image));
  }
}
