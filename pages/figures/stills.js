// Figures that do not change: the panels of a demonstration's figure (stages/figures/figure.py), in the page's own style.

import { make } from "../shared/dom.js";
import { DATA, onLanguage } from "../shared/language.js";
import { Plot, svg } from "./charts.js";

/**
 * A text, or its versions in two languages.
 * @typedef {string | {en: string, zh: string}} Words
 * @typedef {{x: number[], y: (number | null)[], label?: Words, style: string}} Curve
 * @typedef {{x: number, y: number, text: Words, style: string}} Note
 * @typedef {object} Panel
 * @property {Words} [title]
 * @property {Words} [x_label]
 * @property {Words} [y_label]
 * @property {Curve[]} [curves]
 * @property {Note[]} [notes]
 * @property {string[]} [pictures]
 * @property {Words[]} [captions]
 * @property {number[]} [shape]
 * @property {number[]} [x_range]
 * @property {number[]} [y_range]
 * @property {boolean} [log_x]
 * @property {boolean} [log_y]
 * @property {boolean} [bare]
 * @property {number[]} [ticks]
 */

const LOOKS = ["curve", "second", "third", "fourth", "fifth"];
const NAMES = ["one", "two", "three", "four", "five"];
/** The styles that have a colour of their own, and take none of those in turn. */
const GREY = { thin: "thin", hollow: "hollow", filled: "filled", ring: "hollow" };
const LINE = 14;
/** The width of a letter of 12 pixels: Chinese characters are as wide as they are high. */
const widthOf = (/** @type {string} */ line) =>
  [...line].reduce((sum, letter) => sum + (letter > "\u2e80" ? 12.5 : 7), 0);

/** Draw all of them, and again in another language. */
export function startStills() {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-still]"))) {
    onLanguage(() => place.replaceChildren(...DATA.stills[place.dataset.still ?? ""].map(drawn)));
  }
}

/** @param {Words} words */
function say(words = "") {
  return typeof words === "string" ? words : words[document.documentElement.lang === "en" ? "en" : "zh"];
}

/** @param {Panel} panel */
function drawn(panel) {
  const figure = make("figure", panel.bare && panel.notes ? "still wide" : "still");
  figure.append(make("figcaption", "", say(panel.title)));
  const { curves = [], pictures = [] } = panel;
  if (curves.length || panel.notes) figure.append(plotted(panel));
  else {
    pictures.forEach((address, place) => {
      const image = make("img", "pixels");
      Object.assign(image, { src: address, alt: say(panel.captions?.[place]) });
      figure.append(image);
    });
  }
  if (!curves.length && panel.x_label) figure.append(make("p", "quiet", say(panel.x_label)));
  const looks = looksOf(curves);
  const named = curves.map(({ label }, place) => (label ? make("span", looks[place].name, say(label)) : ""));
  if (named.some((one) => one !== "")) figure.append(make("p", "legend", ...named));
  return figure;
}

/** @param {Curve[]} curves */
function looksOf(curves) {
  let next = 0;
  return curves.map(({ style }) => {
    const grey = /** @type {Record<string, string>} */ (GREY)[style];
    if (grey) return { look: grey, name: "quiet" };
    const place = next++ % LOOKS.length;
    return { look: LOOKS[place], name: NAMES[place] };
  });
}

/** @param {Panel} panel */
function plotted({ curves = [], notes = [], pictures = [], shape = [1, 1], ...panel }) {
  const place = make("div");
  const xs = [...curves.flatMap(({ x }) => x), ...notes.map(({ x }) => x)];
  const ys = [...curves.flatMap(({ y }) => y), ...notes.map(({ y }) => y)].filter((y) => y !== null);
  const size = pictures.length ? [0, shape[1], shape[0], 0] : null;
  const x = size ? size.slice(0, 2) : (panel.x_range ?? reach(xs, panel.log_x));
  const y = size ? size.slice(2) : (panel.y_range ?? reach(ys, panel.log_y));
  const wide = panel.bare || size;
  const across = innerWidth < 500 && !size ? 420 : 640;
  const plot = new Plot(place, wide ? across : 340, size ? (560 * shape[0]) / shape[1] + 52 : wide ? 420 : 260);
  const names = { xName: say(panel.x_label), yName: say(panel.y_label) };
  const ticks = panel.ticks ? { xTicks: panel.ticks, yTicks: panel.ticks } : {};
  plot.clear({ x, y, ...names, ...ticks, logX: panel.log_x, logY: panel.log_y });
  if (wide) plot.axes.replaceChildren();
  if (wide && !size) plot.trim(LINE);
  if (size) plot.background(pictures[0]);
  const looks = looksOf(curves);
  for (const [number, curve] of curves.entries()) drawCurve(plot, curve, looks[number].look);
  for (const note of notes) drawNote(plot, note);
  return place;
}

/** Return the range of an axis, with a margin. @type {(values: number[], log?: boolean) => number[]} */
function reach(values, log) {
  const above = log ? values.filter((value) => value > 0) : values;
  const [low, high] = [Math.min(...above), Math.max(...above)];
  if (log) return [low / 1.3, high * 1.3];
  const margin = high > low ? 0.06 * (high - low) : 1;
  return [low - margin, high + margin];
}

/** @type {(plot: Plot, curve: Curve, look: string) => void} */
function drawCurve(plot, { x, y, style }, look) {
  const points = x.map((value, place) => [value, y[place] ?? Number.NaN]).filter(([, value]) => Number.isFinite(value));
  if (style === "area") plot.area(points);
  else if (style === "dashed") plot.curve(points, `${look} dashed`);
  else if (["line", "thin", "marked", "interval"].includes(style)) plot.curve(points, look);
  if (["points", "marked", "diamond", "filled", "hollow", "ring"].includes(style)) {
    plot.dots(points, look === "hollow" ? look : `dot ${look}`, style === "filled" || style === "hollow" ? 6 : 3.5);
  }
}

/** A text, or a neuron that is on or off, with a text in it. @type {(plot: Plot, note: Note) => void} */
function drawNote(plot, { x, y, text, style }) {
  const lines = say(text).split("\n");
  const [left, top] = [plot.toX(x), plot.toY(y)];
  const group = svg("g", {
    transform: `translate(${left} ${top})`,
    class: style === "text" ? "note" : `unit ${style}`,
  });
  if (style !== "text") {
    const width = Math.max(...lines.map(widthOf)) + 14;
    const height = LINE * lines.length + 8;
    group.append(svg("rect", { x: -width / 2, y: -height / 2, width, height, rx: 10 }));
  }
  lines.forEach((line, place) => {
    const down = (place - (lines.length - 1) / 2) * LINE + 4;
    group.append(svg("text", { y: down, "text-anchor": "middle" }, line));
  });
  plot.notes.append(group);
}
