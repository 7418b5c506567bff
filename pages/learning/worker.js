// The worker that trains, so that the page never waits: it takes orders as messages and answers with reports.

import { Images } from "./rows.js";
import { Run } from "./run.js";

/** @import { Parameters } from "./network.js" */
/** @import { Setup } from "./run.js" */

/**
 * One point of the curves. Predictions are kept for the newest alone.
 * @typedef {object} Point
 * @property {number} epochs
 * @property {number[]} cost On the training and the test images.
 * @property {number[]} accuracy
 */

/**
 * What the page is told.
 * @typedef {object} Report
 * @property {number} id The run.
 * @property {number} epochs
 * @property {boolean} running
 * @property {boolean} diverged
 * @property {number | null} took Milliseconds of the last epoch that went through, without the scoring.
 * @property {Point[]} points Those since the last report.
 * @property {Uint8Array} predictions Of the test images.
 * @property {Parameters[]} parameters
 */

/**
 * How a run goes on: a mini-batch or an epoch at a time, or at full speed.
 * @typedef {"batch" | "epoch" | "full"} Pace
 */

/**
 * @typedef {{kind: "images", train: LabelledBytes, test: LabelledBytes}
 *   | {kind: "new", id: number, setup: Setup}
 *   | {kind: "eta", eta: number}
 *   | {kind: "go", pace: Pace, until: number}
 *   | {kind: "pause"}} Order
 * @typedef {{bytes: Uint8Array, labels: Uint8Array}} LabelledBytes
 */

/** Milliseconds of work between two looks at the messages, and between two reports. */
const SLICE = 40;
const BETWEEN_REPORTS = 80;

/** The time from one step to the next that is shown, at each pace. */
const REST = { batch: 160, epoch: 320, full: 0 };

class Trainer {
  /**
   * @param {Images} train
   * @param {Images} test
   */
  constructor(train, test) {
    this.train = train;
    this.test = test;
    this.id = 0;
    /** @type {Run | null} */
    this.run = null;
    /** @type {{pace: Pace, until: number} | null} */
    this.goal = null;
    this.timer = 0;
    /** @type {number | null} */
    this.took = null;
    this.spent = 0;
    this.reported = 0;
    /** @type {Point[]} */
    this.points = [];
    /** @type {Uint8Array} */
    this.predictions = new Uint8Array(0);
    this.diverged = false;
  }

  /** @type {(id: number, setup: Setup) => void} */
  begin(id, setup) {
    this.pause();
    this.id = id;
    this.run = new Run(setup, this.train);
    this.diverged = false;
    this.took = null;
    this.spent = 0;
    this.points = [];
    this.measure();
    this.report();
  }

  /** Stop for now. */
  pause() {
    clearTimeout(this.timer);
    this.goal = null;
  }

  /** Go on at a pace, until this number of epochs is done. @type {(pace: Pace, until: number) => void} */
  go(pace, until) {
    this.pause();
    this.goal = { pace, until };
    this.work();
  }

  /** Train for a slice of time, and come back later. */
  work() {
    const { run, goal } = this;
    if (!run || !goal) return;
    const started = performance.now();
    let shown = false;
    while (!shown && goal.until > run.epochs && !this.diverged && performance.now() < started + SLICE) {
      shown = this.step(run, goal.pace);
    }
    const ended = run.epochs >= goal.until || this.diverged;
    if (ended) this.goal = null;
    if (ended || shown || performance.now() > this.reported + BETWEEN_REPORTS) {
      if (run.done && (shown || ended)) this.measure();
      this.report();
    }
    if (!ended) this.timer = setTimeout(() => this.work(), shown ? REST[goal.pace] : 0);
  }

  /** Take one step; return whether the pace wants its end to be seen. @type {(run: Run, pace: Pace) => boolean} */
  step(run, pace) {
    const started = performance.now();
    const cost = run.step();
    this.spent += performance.now() - started;
    if (!Number.isFinite(cost)) this.diverged = true;
    if (run.done) return pace === "batch";
    this.took = this.spent;
    this.spent = 0;
    this.measure();
    return pace !== "full";
  }

  /** Add a point to the curves. */
  measure() {
    if (!this.run) return;
    const scores = [this.train, this.test].map((images) => /** @type {Run} */ (this.run).score(images));
    if (!scores.every(({ cost }) => Number.isFinite(cost))) this.diverged = true;
    this.predictions = scores[1].predictions;
    this.points.push({
      epochs: this.run.epochs,
      cost: scores.map(({ cost }) => cost),
      accuracy: scores.map(({ accuracy }) => accuracy),
    });
  }

  report() {
    if (!this.run) return;
    this.reported = performance.now();
    /** @type {Report} */
    const report = {
      id: this.id,
      epochs: this.run.epochs,
      running: this.goal !== null,
      diverged: this.diverged,
      took: this.took,
      points: this.points,
      predictions: this.predictions,
      parameters: this.run.network.layers.map(({ w, b }) => ({ w, b })),
    };
    self.postMessage(report); // a copy
    this.points = [];
  }
}

/** @type {Trainer | null} */
let trainer = null;

self.addEventListener("message", ({ data }) => {
  const order = /** @type {Order} */ (data);
  if (order.kind === "images") {
    const [train, test] = [order.train, order.test].map(({ bytes, labels }) => new Images(bytes, labels));
    trainer = new Trainer(train, test);
  } else if (order.kind === "new") trainer?.begin(order.id, order.setup);
  else if (order.kind === "eta" && trainer?.run) trainer.run.eta = order.eta;
  else if (order.kind === "go") trainer?.go(order.pace, order.until);
  else if (order.kind === "pause") {
    trainer?.pause();
    trainer?.report();
  }
});
