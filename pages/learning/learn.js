// A network that learns in the page: what is set, the buttons, and what the worker reports.

import { written } from "../figures/charts.js";
import { onShow } from "../figures/controls.js";
import { byId } from "../shared/dom.js";
import { DATA, onLanguage, text } from "../shared/language.js";
import { startNeurons } from "./neurons.js";
import { LOOK, startCurves, startMistakes } from "./results.js";
import { begin, digits, onReport, send, session, startWorker } from "./session.js";
import { chosenSetup, settings, startControls } from "./settings.js";

/** @import { Pace, Point, Report } from "./worker.js" */

/** What was written into the address as the epoch reached; another value there is a link that was followed. */
let reached = 0;

/** Whether eta was changed during the run: a link cannot lead to such a state. */
let mixed = false;

/** The pace and the end that were set when the run was last told to go on. */
let going = "";

/** Less than one mini-batch, in epochs. */
const SMALL = 1e-6;

/** What the end of a run is moved on by when it is reached and goes on. */
const FURTHER = 30;

/** Epochs after which a digit that is never read is spoken of. */
const SETTLED = 5;

/** Start the figure. */
export function startLearn() {
  startControls();
  const drawCurves = startCurves();
  const play = byId("learn-play");
  play.addEventListener("click", () => {
    if (session.report?.running) send({ kind: "pause" });
    else go(chosenPace(), goal());
  });
  byId("learn-batch-step").addEventListener("click", () => go("batch", epochs() + SMALL));
  byId("learn-epoch-step").addEventListener("click", () => go("full", nextEpoch()));
  byId("learn-reset").addEventListener("click", restart);
  byId("figure-learn").addEventListener("click", ({ target }) => {
    if (target instanceof Element && target.closest("[data-state]")) setTimeout(replay); // when it is set
  });
  byId("opening-play").addEventListener("click", () => play.click());
  onLanguage(showState);
  onReport(showState);
  start(drawCurves).catch((error) => {
    byId("learn-said").textContent = text("learn-unsupported", { error: String(error) });
  });
}

/**
 * Unpack the digits and start the worker; both fail in browsers from before 2023.
 * @param {() => void} drawCurves
 */
async function start(drawCurves) {
  const all = await digits();
  const showMistakes = startMistakes(all);
  const neurons = startNeurons(all);
  let drawn = true;
  onReport(() => {
    if (!drawn) return; // the page is hidden, or slow
    drawn = false;
    requestAnimationFrame(() => {
      drawn = true;
      drawCurves();
      neurons.look(Math.floor(epochs()));
      showMistakes();
    });
  });
  document.addEventListener(LOOK, (event) => neurons.look(/** @type {CustomEvent} */ (event).detail));
  await startWorker();
  onShow("learn", () => {
    drawCurves();
    neurons.paint();
    follow();
  });
  begin(chosenSetup());
  if (settings.at.value) catchUp();
}

/** The epochs that are done. */
const epochs = () => session.report?.epochs ?? 0;

const chosenPace = () => /** @type {Pace} */ (settings.pace.value);

const nextEpoch = () => Math.floor(epochs() + SMALL) + 1;

/** @type {(pace: Pace, until: number) => void} */
function go(pace, until) {
  if (session.report && !session.report.diverged) drive(pace, until);
}

/** @type {(pace: Pace, until: number) => void} */
function drive(pace, until) {
  going = `${settings.pace.value} ${settings.stop.value}`;
  send({ kind: "go", pace, until });
}

/** Return the epoch to stop at; one that is reached already is moved on. */
function goal() {
  if (settings.stop.value <= epochs()) settings.stop.set(Math.min(Math.floor(epochs()) + FURTHER, 1000));
  return settings.stop.value;
}

/** Begin with new weights. */
function restart() {
  mixed = false;
  keepEpoch(0);
  begin(chosenSetup());
}

/** Begin again, and play. */
function replay() {
  restart();
  drive(chosenPace(), settings.stop.value);
}

/** Follow a change of the settings: of eta and of the pace at once, of all others with a new run. */
function follow() {
  const { eta, ...rest } = chosenSetup();
  const { eta: last, ...before } = session.setup ?? chosenSetup();
  const linked = settings.at.value !== reached;
  const isNew = JSON.stringify(rest) !== JSON.stringify(before);
  if (linked || isNew) {
    if (!linked) keepEpoch(0);
    mixed = false;
    begin(chosenSetup());
    if (linked) catchUp();
  } else if (eta !== last) {
    mixed = epochs() > 0;
    session.setup = chosenSetup();
    send({ kind: "eta", eta });
  }
  const { pace, stop } = settings;
  if (session.report?.running && !isNew && !linked && going !== `${pace.value} ${stop.value}`) {
    if (stop.value > epochs()) go(chosenPace(), stop.value);
    else send({ kind: "pause" });
  }
}

/** Go to the epoch of the address. */
function catchUp() {
  reached = settings.at.value;
  drive("full", reached);
}

/** @param {number} epoch */
function keepEpoch(epoch) {
  reached = epoch;
  settings.at.keep(epoch);
}

/** Show what the run has reached. */
function showState() {
  const { report } = session;
  byId("learn-said").setAttribute("aria-live", report?.running ? "off" : "polite");
  for (const id of ["learn-play", "opening-play"]) {
    byId(id).textContent = text(report?.running ? "player-pause" : "player-play");
  }
  const newest = report?.points.at(-1);
  if (!report || !newest) return;
  const took = report.took === null ? "" : text("learn-took", { took: written(report.took, 2) });
  byId("learn-said").textContent = said(report, newest);
  byId("opening-said").textContent = said(report, newest);
  byId("learn-speed").textContent = took;
  if (report.running || settings.at.value !== reached) return;
  const whole = Number.isInteger(report.epochs) && !mixed && !report.diverged;
  if (whole && report.epochs !== reached) keepEpoch(report.epochs);
}

/** Return what a run has reached, in words. @type {(report: Report, newest: Point) => string} */
function said(report, newest) {
  if (report.diverged) return text("learn-diverged");
  const percent = newest.accuracy.map((share) => `${(100 * share).toFixed(1)} %`);
  const state = text(Number.isInteger(newest.epochs) ? "learn-state" : "learn-state-within", {
    ...within(newest.epochs),
    train: percent[0],
    test: percent[1],
  });
  const never = newest.epochs < SETTLED ? [] : neverRead(report.predictions);
  return never.length ? `${state} ${text("learn-never", { digits: never.join(", ") })}` : state;
}

/** Return the digits that no test image is read as. @type {(predictions: Uint8Array) => number[]} */
function neverRead(predictions) {
  const read = new Set(predictions);
  return [...Array(10).keys()].filter((digit) => !read.has(digit));
}

/**
 * Return the epoch, and how many of its mini-batches are done.
 * @param {number} done In epochs.
 */
function within(done) {
  const images = DATA.digits.train;
  const size = Math.min(settings.batch.value, images);
  const seen = Math.round((done % 1) * images);
  return { epoch: Math.ceil(done), batch: Math.ceil(seen / size), batches: Math.ceil(images / size) };
}
