// The training that runs in a worker: orders go to it, reports come from it.

import { DATA } from "../shared/language.js";

/** @import { Parameters } from "./network.js" */
/** @import { Setup } from "./run.js" */
/** @import { Order, Point, Report } from "./worker.js" */

/** @type {((report: Report) => void)[]} */
const listeners = [];

/** @type {Worker | null} */
let worker = null;

let runs = 0;

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
  const script = new Blob([DATA.workers["learning/worker.js"]], { type: "text/javascript" });
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

/** Begin a new run; reports of the one before are ignored. @type {(setup: Setup) => void} */
export function begin(setup) {
  if (session.setup && session.report && session.report.points.length > 1) {
    session.before = { cost: session.setup.cost, points: session.report.points };
  }
  session.setup = setup;
  session.report = null;
  runs += 1;
  send({ kind: "new", id: runs, setup });
}

/** Call a function after each report. @type {(listener: (report: Report) => void) => void} */
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

// The digits of the page: training and test images with their labels; stages/chapter/page_digits.py writes them.

/** @typedef {{bytes: Uint8Array, labels: Uint8Array}} LabelledBytes Images one after the other, and their labels. */

/**
 * @typedef {object} Digits
 * @property {number} height
 * @property {number} width
 * @property {LabelledBytes} train
 * @property {LabelledBytes} test
 */

/** Return one of the images. @type {(images: LabelledBytes, number: number) => Uint8Array} */
export function imageOf({ bytes, labels }, number) {
  const pixels = bytes.length / labels.length;
  return bytes.subarray(number * pixels, (number + 1) * pixels);
}

/** @type {Promise<Digits> | null} */
let unpacked = null;

/** Return the digits, unpacked once. */
export function digits() {
  unpacked ??= unpack();
  return unpacked;
}

/** @returns {Promise<Digits>} */
async function unpack() {
  const { height, width, train, test, bytes } = DATA.digits;
  const letters = atob(bytes);
  const packed = new Uint8Array(letters.length); // by a loop: Uint8Array.from takes ten times as long
  for (let at = 0; at < packed.length; at++) packed[at] = letters.charCodeAt(at);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const all = new Uint8Array(await new Response(stream).arrayBuffer());
  let done = 0;
  const next = (/** @type {number} */ count) => {
    done += count;
    return all.slice(done - count, done);
  };
  const images = [train, test].map((count) => next(count * height * width));
  const labels = [train, test].map((count) => next(count));
  return {
    height,
    width,
    train: { bytes: images[0], labels: labels[0] },
    test: { bytes: images[1], labels: labels[1] },
  };
}
