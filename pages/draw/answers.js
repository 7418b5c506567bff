// The answers: a card for each network, with what it says and a bar for each class.

import { make } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";

/** @import { Network, Prediction } from "./network.js" */

/** The card of a network, or of their vote. */
class Card {
  /**
   * @param {{ name: () => string, what: () => string, calibrated: boolean, rejects: boolean, compact?: boolean }} about
   * @param {string[]} names The names of the classes.
   */
  constructor(about, names) {
    this.about = about;
    this.names = names;
    this.title = make("h2");
    this.what = make("p", "what quiet");
    this.digit = make("span", "digit");
    this.words = make("span", "words");
    this.bars = names.map((name) => bar(name));
    if (about.rejects) this.bars.push(bar(""));
    this.table = make("table", "bars", make("tbody", "", ...this.bars.map((one) => one.row)));
    const isNamed = names.some((name) => name.length > 2);
    const said = make("p", "said", this.digit, this.words);
    this.element = make(
      "article",
      `card${about.rejects ? " rejects" : ""}${isNamed ? " named" : ""}${about.compact ? " compact" : ""}`,
      this.title,
      this.what,
      said,
      this.table,
    );
    onLanguage(() => this.name());
  }

  name() {
    this.title.textContent = this.about.name();
    this.what.textContent = this.about.what();
    this.table.setAttribute("aria-label", text("probabilities"));
    if (this.about.rejects) this.bars[this.names.length].label.textContent = text("not-a-digit");
  }

  /** Show an answer. @type {(verdict: Verdict, prediction: Prediction | null) => void} */
  show(verdict, prediction) {
    this.element.dataset.kind = verdict.kind;
    this.digit.textContent = verdict.best === null ? "" : this.names[verdict.best];
    this.words.textContent = verdict.words;
    const values = prediction ? [...ofDigits(prediction), prediction.digit === null ? 0 : 1 - prediction.digit] : [];
    this.bars.forEach(({ row, fill, value }, place) => {
      const probability = values[place] ?? 0;
      fill.style.setProperty("--share", probability.toFixed(4));
      const shown = this.about.calibrated ? percent(probability) : probability.toFixed(2);
      value.textContent = prediction ? shown : "";
      row.classList.toggle("best", place === verdict.best);
    });
  }
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
    return new Card({ name: () => name, what: about, calibrated, rejects, compact: networks.length > 1 }, names);
  });
  if (cards.length === 1) return cards;
  const calibrated = networks.every(({ stored }) => stored.calibrated);
  const rejects = networks.some(({ stored }) => stored.rejects);
  const about = { name: () => text("vote"), what: () => text("about-vote"), calibrated, rejects };
  return [new Card(about, names), ...cards];
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
