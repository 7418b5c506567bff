// The live figure of the ball in the valley: gradient descent in one and two variables, step by step.

import { Handle } from "../charts/handle.js";
import { Plot } from "../charts/plot.js";
import { written } from "../charts/scale.js";
import { startSelect, startSlider } from "../controls/inputs.js";
import { numberKind, numbersKind, wholeKind, wordKind } from "../controls/kinds.js";
import { Player } from "../controls/player.js";
import { onChange, Setting } from "../controls/settings.js";
import { byId, make } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { outcome } from "./outcome.js";
import { drawCosts, drawTerrain, LOOKS } from "./terrain.js";
import { descend, TEST_FUNCTIONS } from "./test_functions.js";

const MOST_STEPS = 200;
const MOST_KEPT = LOOKS.length - 1;

const chosen = new Setting("valley.function", "bowl", wordKind(Object.keys(TEST_FUNCTIONS)));
const eta = new Setting("valley.eta", 0.3, numberKind(0.001, 2));
const start = new Setting("valley.start", /** @type {number[]} */ ([]), numbersKind(0, 2, -100, 100));
const steps = new Setting("valley.steps", 0, wholeKind(0, MOST_STEPS));
const kept = new Setting("valley.kept", /** @type {number[]} */ ([]), numbersKind(0, MOST_KEPT, 0.001, 2));

/** Start the figure. */
export function startValley() {
  const terrain = new Plot(byId("valley-plot"), 400, 380);
  const costs = new Plot(byId("valley-costs"), 400, 300);
  const ball = new Handle(terrain, "valley-ball", 0.05, moveBall);
  ball.followClicks();
  const player = new Player("valley", {
    done: () => path().length - 1,
    goTo: (step) => steps.set(step),
    last: () => pathOf(eta.value, MOST_STEPS).length - 1,
  });
  startSelect("valley-function", chosen, suit);
  startSlider("valley-eta", eta);
  const etas = [0, 1, 2].map((place) => byId(`valley-eta-${place}`));
  for (const [place, button] of etas.entries()) {
    button.addEventListener("click", () => {
      player.pause();
      steps.keep(0);
      eta.set(valley().etas[place]);
    });
  }
  byId("valley-keep").addEventListener("click", () => {
    const others = kept.value.filter((rate) => rate !== eta.value);
    kept.set([...others, eta.value].slice(-MOST_KEPT));
  });
  byId("valley-forget").addEventListener("click", () => kept.set([]));
  const draw = () => {
    const paths = [path(), ...kept.value.map((rate) => pathOf(rate, steps.value))];
    drawTerrain(terrain, valley(), paths, eta.value);
    drawCosts(costs, valley(), paths, text("valley-step"));
    ball.show(paths[0][paths[0].length - 1].length === 2 ? last() : [last()[0], valley().value(last())]);
    for (const [place, button] of etas.entries()) {
      button.textContent = text(`valley-eta-kind-${place}`, { eta: valley().etas[place] });
    }
    byId("valley-legend").replaceChildren(...legend());
    byId("valley-forget").hidden = kept.value.length === 0;
    say();
  };
  onChange("valley", draw);
  onLanguage(draw);
}

const valley = () => TEST_FUNCTIONS[chosen.value];

/** The start that the reader has chosen, or that of the function. */
function startOf() {
  return start.value.length === valley().start.length ? start.value : valley().start;
}

/**
 * @param {number} rate
 * @param {number} most
 */
const pathOf = (rate, most) => descend(valley(), startOf(), rate, most);
const path = () => pathOf(eta.value, steps.value);
const last = () => /** @type {number[]} */ (path().at(-1));

/**
 * Put the ball somewhere else: a new path starts there.
 * @param {number[]} point
 */
function moveBall(point) {
  const { reach } = valley();
  const inside = point.map((value) => Math.round(100 * Math.min(reach, Math.max(-reach, value))) / 100);
  steps.keep(0);
  start.set(inside.slice(0, valley().start.length));
}

/**
 * Let the other settings suit a function that the reader chooses.
 * @param {string} name
 */
function suit(name) {
  eta.keep(TEST_FUNCTIONS[name].etas[1]);
  start.keep([]);
  steps.keep(0);
  kept.keep([]);
}

function legend() {
  return [eta.value, ...kept.value].map((rate, place) =>
    make("span", LOOKS[place].name, `η = ${written(rate)}`),
  );
}

function say() {
  const v = last();
  const gradient = valley().gradient(v);
  const vector = (/** @type {number[]} */ values) => {
    const all = values.map((value) => written(value + 0, 4)).join(", ");
    return values.length > 1 ? `(${all})` : all;
  };
  const values = {
    step: path().length - 1,
    v: vector(v),
    cost: written(valley().value(v)),
    gradient: vector(gradient),
    by: vector(gradient.map((slope) => -eta.value * slope)),
  };
  const verdict = path().length > 1 ? text(`valley-${outcome(valley(), path())}`) : text("valley-at-start");
  byId("valley-said").textContent = `${text("valley-said", values)} ${verdict}`;
}
