// Backpropagation under a lens: one image in one network, and every number of a neuron or a weight.

import { onShow, Player } from "../figures/controls.js";
import { byId, make, onArrow } from "../shared/dom.js";
import { say } from "../shared/language.js";
import { digitCanvas } from "../shared/pictures.js";
import { startCells } from "./cells.js";
import { drawDiagram, startDiagram } from "./lens_drawing.js";
import { LensNetwork } from "./lens_network.js";
import { showNumbers } from "./lens_numbers.js";
import { MOST_STEPS, STEEPEST, settings } from "./lens_settings.js";
import { LOOK } from "./results.js";
import { largest, randomParameters } from "./run.js";
import { digits, imageOf, onReport, session } from "./session.js";

/** @import { Place } from "./lens_numbers.js" */
/** @import { Digits } from "./session.js" */

const HIDDEN = 15;
const CLASSES = 10;

/** Start the figure. */
export async function startLens() {
  try {
    show(await digits());
  } catch (error) {
    say("lens-said", "learn-unsupported", { error: String(error) });
  }
}

/** @param {Digits} all */
function show(all) {
  const size = [all.height, all.width];
  const initial = randomParameters([all.height * all.width, HIDDEN, CLASSES], "N(0,1/n)", 0);
  const drawing = byId("lens-drawing");
  /** @type {{layer: number, neuron: number} | null} The neuron at the pointer. */
  let pointed = null;
  const diagram = startDiagram(drawing, point, () => {
    if (!pointed) return;
    settings.layer.keep(pointed.layer + 1);
    settings.neuron.set(pointed.neuron);
  });
  const paintCells = startCells((input) => {
    if (input !== settings.input.value) settings.input.set(input);
  });
  /** @type {LensNetwork} */
  let lens;
  let [made, address] = ["", ""];
  new Player("lens", {
    done: () => settings.steps.value,
    goTo: (steps) => settings.steps.set(steps),
    last: () => MOST_STEPS,
  });
  const buttons = imageButtons(all, choose);
  drawing.addEventListener("keydown", (event) => onArrow(event, move));
  document.addEventListener(LOOK, (event) => lookAt(/** @type {CustomEvent} */ (event).detail));
  let inView = false;
  new IntersectionObserver((entries) => {
    inView = entries[entries.length - 1].isIntersecting;
  }).observe(drawing);
  onReport(({ running }) => {
    if (settings.network.value === "learned" && (inView || !running)) draw();
  });
  onShow("lens", draw);
  draw();

  /** @param {number} image */
  function choose(image) {
    settings.steps.keep(0);
    settings.image.set(image);
  }

  /** Show an image in the network that has learned, and come into view. @param {number} image */
  function lookAt(image) {
    settings.network.keep("learned");
    choose(image);
    byId("figure-lens").scrollIntoView({ block: "start" });
    drawing.focus({ preventScroll: true });
  }

  /** Return the network for the image, the steps and the weights, and what it was made of. @returns {[LensNetwork, string]} */
  function network() {
    const number = Math.min(settings.image.value, all.test.labels.length - 1);
    const report = settings.network.value === "learned" ? session.report : null;
    const eta = settings.steps.value ? settings.eta.value : 0;
    const wanted = JSON.stringify([number, settings.steps.value, eta, report?.id ?? 0, report?.epochs ?? 0]);
    if (wanted === made) return [lens, made];
    const { activation, cost } = (report && session.setup) || { activation: "sigmoid", cost: "quadratic" };
    const image = imageOf(all.test, number);
    const x = Float64Array.from(image, (byte) => byte / 255);
    const fresh = new LensNetwork(report?.parameters ?? initial, activation, cost, x, all.test.labels[number]);
    if (settings.steps.value) fresh.update(settings.eta.value, settings.steps.value);
    address = digitCanvas(all.height, all.width, image).toDataURL();
    return [fresh, wanted];
  }

  /** Return what is selected, or is at the pointer, within the network. @returns {Place} */
  function place() {
    const { layer, neuron } = pointed ?? { layer: settings.layer.value - 1, neuron: settings.neuron.value };
    const inside = Math.min(layer, lens.layers.length - 1);
    const { b, inputs } = lens.layers[inside];
    const { value } = settings.input;
    const input = value === STEEPEST ? largest(inputs.map(Math.abs)) : Math.min(value, inputs.length - 1);
    return { layer: inside, neuron: Math.min(neuron, b.length - 1), input };
  }

  /** Look at a neuron, or at the selected one again. @param {{layer: number, neuron: number} | null} at */
  function point(at) {
    if (pointed?.layer === at?.layer && pointed?.neuron === at?.neuron) return;
    pointed = at;
    draw();
  }

  /** Select a neuron of the next layer, or the next neuron. @param {number} right @param {number} down */
  function move(right, down) {
    pointed = null;
    const now = place();
    const layer = Math.min(Math.max(now.layer + right, 0), lens.layers.length - 1);
    const neurons = lens.layers[layer].b.length;
    settings.layer.keep(layer + 1);
    settings.neuron.set(Math.min(Math.max(now.neuron + down, 0), neurons - 1));
  }

  function draw() {
    [lens, made] = network();
    const at = place();
    drawDiagram(diagram, lens, { address, size }, at, settings.view.value === "backward");
    paintCells(lens.layers[at.layer], at.layer === 0 ? all.width : null, at.neuron, at.input);
    showNumbers(lens, at, all.width);
    for (const [image, button] of buttons) {
      button.setAttribute("aria-pressed", String(image === settings.image.value));
    }
    say("lens-steps", "lens-made", { steps: settings.steps.value });
  }
}

/**
 * Make a button for the first test image of each digit.
 * @type {(digits: Digits, choose: (image: number) => void) => Map<number, HTMLElement>}
 */
function imageButtons({ height, width, test }, choose) {
  const buttons = new Map();
  for (let digit = 0; digit < CLASSES; digit++) {
    const image = test.labels.indexOf(digit);
    if (image < 0) continue;
    const canvas = digitCanvas(height, width, imageOf(test, image));
    const button = make("button", "mistake", canvas, make("span", "", String(digit)));
    button.addEventListener("click", () => choose(image));
    byId("lens-images").append(button);
    buttons.set(image, button);
  }
  return buttons;
}
