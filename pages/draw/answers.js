// The answers: a card for each network, with what it says and a bar for each class.

import { make } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { ofDigits, percent } from "./verdict.js";

/** @typedef {import("../network/ensemble.js").Prediction} Prediction */
/** @typedef {import("../network/network.js").Network} Network */
/** @typedef {import("./verdict.js").Verdict} Verdict */

/** The card of a network, or of their vote. */
export class Card {
  /**
   * @param {{ name: () => string, what: () => string, calibrated: boolean, rejects: boolean }} about
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
      `card${about.rejects ? " rejects" : ""}${isNamed ? " named" : ""}`,
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

  /**
   * Show an answer.
   * @param {Verdict} verdict
   * @param {Prediction | null} prediction
   */
  show(verdict, prediction) {
    this.element.dataset.kind = verdict.kind;
    this.digit.textContent = verdict.best === null ? "–" : this.names[verdict.best];
    this.words.textContent = verdict.words;
    const values = prediction
      ? [...ofDigits(prediction), prediction.digit === null ? 0 : 1 - prediction.digit]
      : [];
    this.bars.forEach(({ row, fill, value }, place) => {
      const probability = values[place] ?? 0;
      fill.style.transform = `scaleX(${probability.toFixed(4)})`;
      const shown = this.about.calibrated ? percent(probability) : probability.toFixed(2);
      value.textContent = prediction ? shown : "";
      row.classList.toggle("best", place === verdict.best);
    });
  }
}

/**
 * Return a card for each network, and one for their vote if there are several.
 * @param {Network[]} networks
 * @param {string[]} names The names of the classes.
 * @returns {Card[]}
 */
export function cardsFor(networks, names) {
  const cards = networks.map(({ stored: { name, what, accuracy, calibrated, rejects } }) => {
    const about = () =>
      accuracy === null
        ? what
        : text("about-network", { what, accuracy: `${(100 * accuracy).toFixed(1)} %` });
    return new Card({ name: () => name, what: about, calibrated, rejects }, names);
  });
  if (cards.length === 1) return cards;
  const calibrated = networks.every(({ stored }) => stored.calibrated);
  const rejects = networks.some(({ stored }) => stored.rejects);
  const about = { name: () => text("vote"), what: () => text("about-vote"), calibrated, rejects };
  return [...cards, new Card(about, names)];
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
