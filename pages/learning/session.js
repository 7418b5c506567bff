// The training that runs in a worker: orders go to it, reports come from it.

import { DATA } from "../shared/language.js";
import { digits } from "./digits.js";

/** @typedef {import("../training/worker.js").Order} Order */
/** @typedef {import("../training/worker.js").Point} Point */
/** @typedef {import("../training/worker.js").Report} Report */
/** @typedef {import("../training/run.js").Setup} Setup */

/** @type {((report: Report) => void)[]} */
const listeners = [];

/** @type {Worker | null} */
let worker = null;

let runs = 0;

/** @typedef {import("../training/network.js").Parameters} Parameters */

/** The current run. The newest report has all points of the curves. */
export const session = {
  /** @type {Setup | null} */
  setup: null,
  /** @type {Report | null} */
  report: null,
  /** @type {{cost: string, points: Point[]}} The curves of the run before, to compare with. */
  before: { cost: "", points: [] },
  /** @type {Parameters[]} The weights and biases that it began with. */
  initial: [],
};

/** Start the worker, and give it the images. */
export async function startWorker() {
  const script = new Blob([DATA.workers["training/worker.js"]], { type: "text/javascript" });
  const address = URL.createObjectURL(script);
  worker = new Worker(address);
  worker.addEventListener("message", ({ data }) => receive(data));
  const { train, test } = await digits();
  send({ kind: "images", train, test });
}

/** @param {Order} order */
export function send(order) {
  worker?.postMessage(order);
}

/**
 * Begin a new run; reports of the one before are ignored.
 * @param {Setup} setup
 */
export function begin(setup) {
  if (session.setup && session.report && session.report.points.length > 1) {
    session.before = { cost: session.setup.cost, points: session.report.points };
  }
  session.setup = setup;
  session.report = null;
  runs += 1;
  send({ kind: "new", id: runs, setup });
}

/**
 * Call a function after each report.
 * @param {(report: Report) => void} listener
 */
export function onReport(listener) {
  listeners.push(listener);
}

/** @param {Report} report */
function receive(report) {
  if (report.id !== runs) return;
  report.points = [...(session.report?.points ?? []), ...report.points];
  if (!session.report) session.initial = report.parameters;
  session.report = report;
  for (const listener of listeners) listener(report);
}
