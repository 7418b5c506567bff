// The charts of the report, in the page's own style. Pointing at one shows its numbers below it.

import { Plot, svg } from "../figures/charts.js";
import { make } from "../shared/dom.js";
import { DATA, text } from "../shared/language.js";

/**
 * @typedef {object} Run
 * @property {string} name
 * @property {boolean} own Whether it is of the network that the report is about.
 * @property {string} cost The name of the cost.
 * @property {number} kept The epoch whose weights were kept.
 * @property {number[]} costs
 * @property {(number | null)[]} validationCosts
 * @property {(number | null)[]} accuracies
 * @property {(number | null)[]} validationAccuracies
 * @property {number[]} etas
 * @property {(number | null)[]} seconds
 * @typedef {{ index: number, x: number, y: number, label: number, answer: number, image: string | null }} MapPoint
 * @typedef {{ name?: string, points: number[][], look: string, legend?: string }} Line
 */

const LOOKS = ["one", "two", "three", "four", "five"];
const HEIGHT = 190;
const NEAR = 14;
/** Confidences that fewer images have, of all, say nothing about calibration, and are not drawn. */
const LEAST_SHARE = 0.002;

const percent = (/** @type {number} */ value) => `${value.toFixed(1)} %`;
const precise = (/** @type {number} */ value) => String(Number(value.toPrecision(4)));

/** Draw all charts in the present language. */
export function drawCharts() {
  drawRuns(DATA.runs);
  drawLine("coverage", DATA.coverage, "given", "right", { x: [0, 100] }, ([given, right, threshold]) =>
    text("at-coverage", {
      threshold: percent(100 * threshold),
      given: percent(given),
      right: percent(right),
    }),
  );
  const perfect = {
    points: [
      [0, 0],
      [100, 100],
    ],
    look: "dashed",
    legend: text("line-perfect"),
  };
  const least =
    LEAST_SHARE * DATA.bins.reduce((/** @type {number} */ sum, /** @type {number[]} */ bin) => sum + bin[2], 0);
  drawLine(
    "reliability",
    DATA.bins.filter((/** @type {number[]} */ bin) => bin[2] >= least),
    "confidence",
    "accuracy",
    { x: [0, 100], y: [0, 100] },
    ([x, y, count]) => text("at-bin", { count, x: percent(x), y: percent(y) }),
    [perfect],
  );
  for (const [kind, levels] of Object.entries(DATA.robustness)) {
    const points = levels.map((/** @type {number[]} */ [level, share]) => [level, 100 * share]);
    drawLine(kind, points, kind, "accuracy", { y: [0, 100] }, ([x, y]) => text("at-level", { x, y: percent(y) }));
  }
  drawMap(DATA.points);
}

/** @param {Run[]} runs */
function drawRuns(runs) {
  const own = runs.find((run) => run.own) ?? runs[0];
  if (!own) return;
  const others = runs.filter((run) => run !== own);
  const alike = others.filter((run) => run.cost === own.cost);
  const line = (/** @type {(number | null)[]} */ values, look = "curve", name = "") => {
    return { name, points: byEpoch(values), look };
  };
  const both = (/** @type {(number | null)[]} */ training, /** @type {(number | null)[]} */ validation) => [
    line(training, "curve", text("line-training")),
    line(validation, "second", text("line-validation")),
  ];
  epochs("accuracy", text("axis-accuracy"), own, percent, [
    ...others.map((run) => line(run.validationAccuracies, "thin", run.name)),
    ...both(own.accuracies, own.validationAccuracies),
  ]);
  epochs("cost", text("axis-cost", { cost: own.cost }), own, precise, [
    ...alike.map((run) => line(run.costs, "thin", run.name)),
    ...both(own.costs, own.validationCosts),
  ]);
  epochs("eta", text("axis-eta"), own, precise, [line(own.etas)]);
  epochs("seconds", text("axis-seconds"), own, precise, [line(own.seconds)]);
}

/** @param {(number | null)[]} values */
function byEpoch(values) {
  return values.flatMap((value, epoch) => (value === null ? [] : [[epoch, value]]));
}

/**
 * Draw curves over epochs, and mark the epoch whose weights were kept.
 * @type {(id: string, yName: string, run: Run, written: (value: number) => string, lines: Line[]) => void}
 */
function epochs(id, yName, run, written, lines) {
  const filled = lines.filter(({ points }) => points.length);
  const place = document.getElementById(`chart-${id}`);
  if (!place) return;
  place.hidden = !filled.length;
  if (!filled.length) return;
  const values = filled.flatMap(({ points }) => points.map(([, y]) => y));
  const last = Math.max(...filled.flatMap(({ points }) => points.map(([x]) => x)));
  const x = last ? [0, last] : [-0.5, 0.5];
  const xTicks = last < 6 ? Array.from({ length: last + 1 }, (_, epoch) => epoch) : undefined;
  const frame = { x, y: reach(values), xName: text("epoch"), yName, ...(xTicks && { xTicks }) };
  const plot = started(place, frame, filled);
  plot.marks.append(
    svg("line", { class: "kept", x1: plot.toX(run.kept), x2: plot.toX(run.kept), y1: 0, y2: HEIGHT }),
    svg("title", {}, text("line-kept")),
  );
  onHover(plot, place, last + 1, (at) => {
    const named = filled.flatMap(({ name, points }) => {
      const found = points.find(([epoch]) => epoch === at);
      return found ? [`${name || yName} ${written(found[1])}`] : [];
    });
    return { x: at, words: text("at-epoch", { epoch: at, values: named.join(", ") }) };
  });
}

/**
 * Draw one line with its points.
 * @param {string} id
 * @param {number[][]} points
 * @param {string} xName
 * @param {string} yName
 * @param {{ x?: number[], y?: number[] }} ranges
 * @param {(point: number[]) => string} say
 * @param {Line[]} [others]
 */
function drawLine(id, points, xName, yName, ranges, say, others = []) {
  const place = document.getElementById(`chart-${id}`);
  if (!place || !points.length) return;
  const frame = {
    x: ranges.x ?? reach(points.map(([x]) => x)),
    y: ranges.y ?? reach(points.map(([, y]) => y)),
    xName: text(`axis-${xName}`),
    yName: text(`axis-${yName}`),
  };
  const plot = started(place, frame, [...others, { points, look: "curve" }]);
  plot.dots(points, "dot", 3);
  onHover(plot, place, points.length, (at) => ({ x: points[at][0], words: say(points[at]) }));
}

/** @type {(place: HTMLElement, frame: import("../figures/charts.js").Frame, lines: Line[]) => Plot} */
function started(place, frame, lines) {
  place.replaceChildren();
  const plot = new Plot(place, 420, HEIGHT);
  plot.clear(frame);
  for (const { points, look } of lines) {
    if (points.length > 1) plot.curve(points, look);
    else plot.dots(points, look === "second" ? "dot second" : "dot");
  }
  const named = lines.filter(({ name, look, legend }) => legend ?? (name && look !== "thin"));
  const legend = named.map(({ name, legend, look }) =>
    make("span", look === "curve" ? "one" : look === "second" ? "two" : "quiet", legend ?? name ?? ""),
  );
  if (lines.some(({ look }) => look === "thin")) legend.push(make("span", "quiet", text("line-other")));
  const below = make("p", "legend", ...legend);
  place.append(below, make("p", "reading quiet"));
  return plot;
}

/**
 * Show a line, and words below the chart, at the value of x that is nearest to the pointer.
 * @type {(plot: Plot, place: HTMLElement, count: number, at: (at: number) => { x: number, words: string }) => void}
 */
function onHover(plot, place, count, at) {
  const line = svg("line", { class: "at", y1: 0, y2: HEIGHT, visibility: "hidden" });
  plot.marks.append(line);
  const reading = /** @type {HTMLElement} */ (place.querySelector(".reading"));
  plot.element.addEventListener("pointermove", (event) => {
    const [x] = plot.pointAt(event);
    const all = Array.from({ length: count }, (_, place) => at(place));
    const found = all.reduce((best, one) => (Math.abs(one.x - x) < Math.abs(best.x - x) ? one : best));
    for (const end of ["x1", "x2"]) line.setAttribute(end, String(plot.toX(found.x)));
    line.setAttribute("visibility", "visible");
    reading.textContent = found.words;
  });
  plot.element.addEventListener("pointerleave", () => line.setAttribute("visibility", "hidden"));
}

/** Return the range of an axis, with a margin. @type {(values: number[]) => number[]} */
function reach(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = 0.06 * (high - low || Math.abs(high) || 1);
  return [low - margin, high + margin];
}

/** Draw images as points; the one under the pointer is shown. @type {(points: MapPoint[]) => void} */
function drawMap(points) {
  const place = /** @type {HTMLElement} */ (document.getElementById("chart-map"));
  place.replaceChildren();
  const plot = new Plot(place, 420, 330);
  plot.clear({ x: reach(points.map(({ x }) => x)), y: reach(points.map(({ y }) => y)) });
  plot.axes.replaceChildren();
  for (const { x, y, label, answer } of points) {
    const [left, top] = [plot.toX(x), plot.toY(y)];
    const d = `M${left - 3},${top - 3}l6,6m0,-6l-6,6`;
    const look = LOOKS[label % LOOKS.length];
    plot.marks.append(
      label === answer
        ? svg("circle", { cx: left, cy: top, r: 2.2, class: `point ${look}` })
        : svg("path", { d, class: `cross ${look}` }),
    );
  }
  DATA.names.forEach((/** @type {string} */ name, /** @type {number} */ label) => {
    const own = points.filter((one) => one.label === label && one.answer === label);
    if (!own.length) return;
    const middle = (/** @type {"x" | "y"} */ axis) =>
      own.map((one) => one[axis]).sort((a, b) => a - b)[own.length >> 1];
    plot.note([middle("x"), middle("y")], name, {
      class: `note ${LOOKS[label % LOOKS.length]}`,
      "text-anchor": "middle",
    });
  });
  const image = make("img", "pixels");
  image.alt = "";
  image.hidden = true;
  const reading = make("span", "reading quiet", text("hover"));
  place.append(make("p", "pointed", image, reading));
  plot.element.addEventListener("pointermove", (event) => {
    const box = plot.element.getBoundingClientRect();
    const zoom = plot.width / box.width;
    const far = (/** @type {MapPoint} */ { x, y }) =>
      Math.hypot(plot.toX(x) - (event.clientX - box.left) * zoom, plot.toY(y) - (event.clientY - box.top) * zoom);
    const found = points.reduce((best, one) => (far(one) < far(best) ? one : best));
    if (far(found) > NEAR) return;
    const shown = /** @type {HTMLImageElement | null} */ (document.querySelector(`[data-index="${found.index}"] img`));
    image.src = found.image ?? shown?.src ?? "";
    image.hidden = false;
    const { index, label, answer } = found;
    reading.textContent = text("at-point", { index, label: DATA.names[label], answer: DATA.names[answer] });
  });
}
