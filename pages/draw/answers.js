// The answers: a card for each network, with what it says and a bar for each class.

import { make } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";

/** @import { Network, Prediction } from "./network.js" */

/**
 * A card shows the answers of a network, or of their vote.
 * @typedef {{ name: () => string, what: () => string, calibrated: boolean, rejects: boolean, compact?: boolean }} About
 * @typedef {{ about: About, element: HTMLElement, show: (verdict: Verdict, prediction: Prediction | null) => void }} Card
 */

/** @type {(about: About, names: string[]) => Card} */
function card(about, names) {
  const [title, what] = [make("h2"), make("p", "what quiet")];
  const [digit, words] = [make("span", "digit"), make("span", "words")];
  const bars = [...names, ...(about.rejects ? [""] : [])].map(bar);
  const table = make("table", "bars", make("tbody", "", ...bars.map((one) => one.row)));
  const looks = { rejects: about.rejects, named: names.some((name) => name.length > 2), compact: about.compact };
  const element = make("article", "card", title, what, make("p", "said", digit, words), table);
  for (const [look, on] of Object.entries(looks)) element.classList.toggle(look, Boolean(on));
  onLanguage(() => {
    title.textContent = about.name();
    what.textContent = about.what();
    table.setAttribute("aria-label", text("probabilities"));
    if (about.rejects) bars[names.length].label.textContent = text("not-a-digit");
  });
  return {
    about,
    element,
    show(verdict, prediction) {
      element.dataset.kind = verdict.kind;
      digit.textContent = verdict.best === null ? "" : names[verdict.best];
      words.textContent = verdict.words;
      const values = prediction ? [...ofDigits(prediction), prediction.digit === null ? 0 : 1 - prediction.digit] : [];
      bars.forEach(({ row, fill, value }, place) => {
        const probability = values[place] ?? 0;
        fill.style.setProperty("--share", probability.toFixed(4));
        const shown = about.calibrated ? percent(probability) : probability.toFixed(2);
        value.textContent = prediction ? shown : "";
        row.classList.toggle("best", place === verdict.best);
      });
    },
  };
}

/**
 * Return a card for each network, and before them one for their vote if there are several.
 * @param {Network[]} networks
 * @param {string[]} names The names of the classes.
 * @returns {Card[]}
 */
export function cardsFor(networks, names) {
  const cards = networks.map(({ stored: { name, what, accuracy, calibrated, rejects } }) => {
    const about = () =>
      accuracy === null ? what : text("about-network", { what, accuracy: `${(100 * accuracy).toFixed(1)} %` });
    return card({ name: () => name, what: about, calibrated, rejects, compact: networks.length > 1 }, names);
  });
  if (cards.length === 1) return cards;
  const calibrated = networks.every(({ stored }) => stored.calibrated);
  const rejects = networks.some(({ stored }) => stored.rejects);
  const about = { name: () => text("vote"), what: () => text("about-vote"), calibrated, rejects };
  return [card(about, names), ...cards];
}

/** @param {string} name */
function bar(name) {
  const label = make("th", "", name);
  label.scope = "row";
  const fill = make("span", "fill");
  const value = make("td", "value");
  const track = make("td", "track", fill);
  return { row: make("tr", "", label, track, value), label, fill, value };
}

// The answer in words: the rules and words of `nn predict` (stages/predict.py and cli/commands/predict.py).

/** An image that is less probably a digit, by a network with a reject class, has none. */
const MIN_DIGIT_PROBABILITY = 0.2;

/**
 * @typedef {object} Verdict
 * @property {"empty" | "none" | "several" | "overflow" | "unsure" | "sure"} kind
 * @property {number | null} best The class with the highest probability; null without one digit.
 * @property {string} words
 */

/**
 * Return the answer of a network.
 * @param {"empty" | "none" | "several" | null} problem
 * @param {Prediction | null} prediction Null without a digit, or if outputs overflow.
 * @param {boolean} calibrated Without it, no probabilities are shown, and nothing is unsure.
 * @param {{ names: string[], least: number }} settings The names of the classes, and the least probability of "sure".
 * @returns {Verdict}
 */
export function verdictOf(problem, prediction, calibrated, { names, least }) {
  if (problem === "empty") return { kind: problem, best: null, words: "" };
  const kindOfNone = problem ?? "overflow";
  if (problem || !prediction) return { kind: kindOfNone, best: null, words: text(kindOfNone) };
  if ((prediction.digit ?? 1) < MIN_DIGIT_PROBABILITY) return { kind: "none", best: null, words: text("none") };
  const probabilities = ofDigits(prediction);
  const order = Array.from(probabilities.keys()).sort(
    (one, other) => probabilities[other] - probabilities[one] || other - one,
  );
  const best = order[0];
  const unsure = calibrated && probabilities[best] < least;
  const [first, second] = order.slice(0, 2).map((label) => {
    return calibrated ? `${names[label]}, ${percent(probabilities[label])}` : names[label];
  });
  const kind = unsure ? "unsure" : "sure";
  return { kind, best, words: second === undefined ? first : text(kind, { first, second }) };
}

/**
 * Return the probability of each digit; they sum to that of any digit at all.
 * @param {Prediction} prediction
 */
export function ofDigits({ classes, digit }) {
  return classes.map((probability) => probability * (digit ?? 1));
}

/** Format a probability; it never reads 100 %. @type {(probability: number) => string} */
export function percent(probability) {
  const likely = Math.min(probability, 0.999);
  return likely >= 0.001 ? `${(100 * likely).toFixed(1)} %` : "< 0.1 %";
}
