// The curves of cost and accuracy, on the training and the test images.

import { Plot } from "../figures/charts.js";
import { byId, make } from "../shared/dom.js";
import { onLanguage, say, text } from "../shared/language.js";
import { paintGrey, pixelCanvas } from "../shared/pictures.js";
import { imageOf, session } from "./session.js";
import { settings } from "./settings.js";

/** @import { Digits } from "./session.js" */

const MOST_POINTS = 300;

/** Start both charts; they are drawn after each report. */
export function startCurves() {
  const charts = /** @type {const} */ (["cost", "accuracy"]).map((name) => ({
    name,
    plot: new Plot(byId(`learn-chart-${name}`), 330, 170),
  }));
  const draw = () => {
    const points = session.report?.points ?? [];
    const [kept, before] = [points, session.before.points].map(thinned);
    const last = Math.max(settings.stop.value, points.at(-1)?.epochs ?? 0);
    byId("learn-before").hidden = before.length === 0;
    for (const { name, plot } of charts) {
      const curves = [0, 1].map((on) => kept.map((point) => [point.epochs, point[name][on]]));
      const shown = curves.map(finite);
      const values = shown.flat().map(([, value]) => value);
      const top = name === "accuracy" ? 1 : Math.max(0.1, Math.min(Math.max(...values), 4 * median(values)));
      plot.clear({ x: [0, last], y: [0, top], xName: text("learn-epochs"), yName: text(`learn-${name}`) });
      if (name === "accuracy" || session.before.cost === session.setup?.cost) {
        plot.curve(finite(before.map((point) => [point.epochs, point[name][1]])), "dashed");
      }
      plot.curve(shown[0], "curve");
      plot.curve(shown[1], "second");
      for (const on of [0, 1]) plot.dots(shown[on].slice(-1), on ? "dot second" : "dot", 3.5);
    }
  };
  onLanguage(draw);
  return draw;
}

/** The points before the training diverged. */
const finite = (/** @type {number[][]} */ curve) => curve.filter(([, value]) => Number.isFinite(value));

/**
 * Return at most some hundreds of the points, the newest among them.
 * @param {import("./worker.js").Point[]} points
 */
function thinned(points) {
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, place) => place % every === 0 || place === points.length - 1);
}

/** @param {number[]} values */
function median(values) {
  return values.length ? [...values].sort((one, other) => one - other)[values.length >> 1] : 1;
}

// The test images that the network reads wrongly, and which digits it takes for which.

const SHOWN = 18;
const PAIRS = 3;

/** The name of the event that asks for a test image to be shown elsewhere; its detail is the number of the image. */
export const LOOK = "look-at-image";

/** Make the places for mistakes, and return a function that shows those of now. @type {(digits: Digits) => () => void} */
export function startMistakes({ height, width, test }) {
  const { labels } = test;
  // The same buttons are kept, so that none goes while it is pressed or has the focus.
  const places = Array.from({ length: SHOWN }, () => {
    const [canvas, words] = [pixelCanvas(height, width), make("span")];
    const place = { canvas, words, image: -1, button: make("button", "mistake", canvas, words) };
    place.button.addEventListener("click", () => {
      document.dispatchEvent(new CustomEvent(LOOK, { detail: place.image }));
    });
    return place;
  });
  byId("learn-mistakes").append(...places.map(({ button }) => button));
  const show = () => {
    const predictions = session.report?.predictions;
    if (!predictions) return;
    const wrong = [...labels.keys()].filter((image) => predictions[image] !== labels[image]);
    places.forEach((place, number) => {
      place.button.hidden = number >= wrong.length;
      if (place.button.hidden) return;
      const image = wrong[number];
      const read = { label: labels[image], answer: predictions[image] };
      place.words.textContent = `${read.label}→${read.answer}`;
      place.button.setAttribute("aria-label", `${place.words.textContent}: ${text("learn-mistake", read)}`);
      if (place.image !== image) paintGrey(place.canvas, imageOf(test, image));
      place.image = image;
    });
    const counts = { wrong: wrong.length, total: labels.length, shown: SHOWN };
    say("learn-wrong", wrong.length > SHOWN ? "learn-wrong-first" : "learn-wrong-all", counts);
    const pairs = frequent(wrong.map((image) => `${labels[image]}→${predictions[image]}`));
    byId("learn-pairs").textContent = pairs.length ? text("learn-often", { pairs: pairs.join(", ") }) : "";
  };
  onLanguage(show);
  return show;
}

/**
 * Return the most frequent of some texts, with their counts, of those that there are several of.
 * @param {string[]} all
 */
function frequent(all) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .sort((one, other) => other[1] - one[1])
    .slice(0, PAIRS)
    .map(([pair, count]) => `${pair} (${count}×)`);
}
