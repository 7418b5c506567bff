// The curves of cost and accuracy, on the training and the test images.

import { Plot } from "../charts/plot.js";
import { byId } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { session } from "./session.js";
import { settings } from "./settings.js";

const MOST_POINTS = 300;

/** Start both charts; they are drawn after each report. */
export function startCurves() {
  const charts = /** @type {const} */ (["cost", "accuracy"]).map((name) => ({
    name,
    plot: new Plot(byId(`learn-chart-${name}`), 330, 220),
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
 * @param {import("./session.js").Point[]} points
 */
function thinned(points) {
  const every = Math.ceil(points.length / MOST_POINTS);
  return points.filter((_, place) => place % every === 0 || place === points.length - 1);
}

/** @param {number[]} values */
function median(values) {
  return values.length ? [...values].sort((one, other) => one - other)[values.length >> 1] : 1;
}
