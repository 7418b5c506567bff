// The live figure of one step: the reader chooses its direction, and sees how C changes, predicted and true.

import { byId } from "../shared/dom.js";
import { say, text } from "../shared/language.js";
import { Handle, heatMap, Plot, written } from "./charts.js";
import { numberKind, onShow, Setting } from "./controls.js";
import { TEST_FUNCTIONS } from "./test_functions.js";

const { narrow } = TEST_FUNCTIONS;
const START = [-1.4, 0.5];
const GRADIENT = narrow.gradient(START);
const STEEP = Math.hypot(...GRADIENT);
/** The direction of the gradient; all angles are counted from it. */
const UPHILL = Math.atan2(GRADIENT[1], GRADIENT[0]);
const REACH = 2;
const PIXELS = 160;
const DEGREE = Math.PI / 180;

const angle = new Setting("steepest.angle", 120, numberKind(-180, 180));
const length = new Setting("steepest.length", 0.3);

/** Start the figure. */
export function startSteepest() {
  const plot = new Plot(byId("steepest-plot"), 400, 380);
  const curve = new Plot(byId("steepest-curve"), 400, 300);
  const tip = new Handle(plot, "steepest-tip", 0.05, (point) => {
    const [x, y] = point.map((value, axis) => value - START[axis]);
    const turned = (Math.atan2(y, x) - UPHILL) / DEGREE;
    angle.set(Math.round(turned - 360 * Math.round(turned / 360)));
  });
  byId("steepest-against").addEventListener("click", () => angle.set(180));
  byId("steepest-along").addEventListener("click", () => angle.set(90));
  const draw = () => {
    drawPlane(plot);
    drawCurve(curve);
    tip.show(ending(angle.value));
    tell();
  };
  onShow("steepest", draw);
}

/** Return where a step of this angle ends. @param {number} degrees */
function ending(degrees) {
  const direction = UPHILL + degrees * DEGREE;
  return [START[0] + length.value * Math.cos(direction), START[1] + length.value * Math.sin(direction)];
}

const predicted = (/** @type {number} */ degrees) => STEEP * length.value * Math.cos(degrees * DEGREE);
const change = (/** @type {number} */ degrees) => narrow.value(ending(degrees)) - narrow.value(START);

/** The plane is light where C is lower than at the start, and dark where it is higher. @type {string} */
let background = "";

/** @param {Plot} plot */
function drawPlane(plot) {
  plot.clear({ x: [-REACH, REACH], y: [-REACH, REACH], xName: "v₁", yName: "v₂" });
  const height = narrow.value(START);
  background ||= heatMap(PIXELS, PIXELS, (column, row) => {
    const [x, y] = [column, PIXELS - 1 - row].map((pixel) => REACH * ((2 * (pixel + 0.5)) / PIXELS - 1));
    const value = narrow.value([x, y]);
    return value < height ? 0.98 - 0.15 * (value / height) : 0.45 - 0.05 * Math.min(9, Math.floor(value / height));
  });
  plot.background(background);
  const circle = Array.from({ length: 73 }, (_, place) => ending(5 * place));
  plot.curve(circle, "casing");
  plot.curve(circle, "dashed");
  plot.arrow(
    START,
    START.map((value, axis) => value + (0.9 * GRADIENT[axis]) / STEEP),
    "third",
  );
  plot.note(
    START.map((value, axis) => value + (1.1 * GRADIENT[axis]) / STEEP),
    "∇C",
  );
  plot.arrow(START, ending(angle.value), "next");
  plot.dots([START], "dot onmap", 4);
}

/** @param {Plot} plot */
function drawCurve(plot) {
  const all = Array.from({ length: 73 }, (_, place) => 5 * place - 180);
  const most = Math.max(...all.map((degrees) => Math.abs(change(degrees)))) * 1.1;
  const frame = { x: [-180, 180], y: [-most, most], xTicks: [-180, -90, 0, 90, 180] };
  plot.clear({ ...frame, xName: text("steepest-angle"), yName: text("steepest-change") });
  plot.curve(
    [
      [-180, 0],
      [180, 0],
    ],
    "thin",
  );
  plot.curve(
    all.map((degrees) => [degrees, predicted(degrees)]),
    "third",
  );
  plot.curve(all.map((degrees) => [degrees, change(degrees)]));
  plot.dots([[angle.value, change(angle.value)]], "dot second", 6);
}

function tell() {
  const by = change(angle.value);
  const isSmall = Math.abs(by) < 0.02 * STEEP * length.value;
  say("steepest-said", "steepest-said", {
    angle: written(angle.value),
    gradient: written(STEEP, 3),
    length: written(length.value),
    cosine: written(Math.cos(angle.value * DEGREE), 3),
    predicted: written(predicted(angle.value), 3),
    change: written(by, 3),
    verdict: text(`steepest-${isSmall ? "stays" : by < 0 ? "falls" : "rises"}`),
    best: written(change(180), 3),
  });
}
