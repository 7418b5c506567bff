// The page to draw on: every stroke is prepared as a picture, and read by all networks.

import { fromAddress, toAddress } from "../shared/address.js";
import { byId, make, save } from "../shared/dom.js";
import { DATA, onLanguage, startLanguage, text } from "../shared/language.js";
import { paintGrey } from "../shared/pictures.js";
import { cardsFor, ofDigits, verdictOf } from "./answers.js";
import { sampleButtons, startCollection } from "./collection.js";
import { findDigit } from "./digit_finder.js";
import { brushWidth, chosenDistortion, distort, restoreDistortion, startSliders } from "./distortion.js";
import { Drawing } from "./drawing.js";
import { flowThrough } from "./flow.js";
import { inside } from "./inside.js";
import { Overflow } from "./layers.js";
import { calibrated, Network, vote } from "./network.js";
import { canvasOf, greyPicture, onStrokes, Paper, Unreadable } from "./paper.js";
import { fromLink, keep, kept, shared } from "./storage.js";

/** @import { FoundDigit } from "./digit_finder.js" */

/** While a hand moves, the drawing is read again and again; if that takes longer than this, when the hand rests. */
const MOST_WHILE_DRAWING = 30;
const REST = 80;

/** @type {{ image: number[], names: string[], least: number }} */
const { image: size, names, least } = DATA;
const areDigits = names.every((name, label) => name === String(label));
/** @type {Network[]} */
const networks = DATA.networks.map((/** @type {import("./network.js").Stored} */ one) => new Network(one));
const drawing = new Drawing();
const canvas = /** @type {HTMLCanvasElement} */ (byId("paper"));
const paper = new Paper(canvas, drawing);
const seen = /** @type {HTMLCanvasElement} */ (byId("seen"));
const image = new Uint8Array(size[0] * size[1]);
const zeros = new Uint8Array(image.length);
const collection = startCollection(drawing, size, names, () => {
  readNow();
  say(text("removed"));
  byId("undo").focus({ preventScroll: true });
});
const about = JSON.stringify([size, names]);
const cards = cardsFor(networks, names);
const insides = networks.map((one, place) => inside(one, place === 0, read));

const flow = flowThrough(networks[0], names);

/** @type {FoundDigit | { image: Uint8Array, problem: "empty" }} */
let found = { image: zeros, problem: "empty" };
/** Whether the digit on the paper has drawn itself, or is about to. */
let isDemo = false;
let lastTook = 0;
let isWaiting = false;
let rest = 0;
let isKept = false;

/**
 * Return the prediction of a network for the image, or null if its outputs overflow.
 * @param {Network} network
 */
function predict(network) {
  try {
    network.forward(image);
    return calibrated(network);
  } catch (error) {
    if (error instanceof Overflow) return null;
    throw error;
  }
}

/**
 * Prepare a picture as `nn predict` does: a dot, a dash or a filled shape is no digit, but may be of another class.
 * @param {import("./grid.js").Grid} picture
 */
function prepared(picture) {
  const one = findDigit(picture, size[0], size[1]);
  const isMark = one.problem === "none" && one.image.some((value) => value > 0);
  return isMark && !areDigits ? { image: one.image, problem: null } : one;
}

/** Read the drawing, and show all that follows from it. */
function read() {
  const started = performance.now();
  found = drawing.isEmpty ? { image: zeros, problem: "empty" } : prepared(drawing.asPicture());
  distort(found.image, size, chosenDistortion(), image);
  const predictions = networks.map(predict);
  const own = found.problem ? null : predictions[0];
  const made = predictions.filter((one) => one !== null);
  if (networks.length > 1) predictions.unshift(made.length === networks.length ? vote(made) : null);
  const said = cards.map((card, place) => {
    const prediction = found.problem ? null : predictions[place];
    const verdict = verdictOf(found.problem, prediction, card.about.calibrated, { names, least });
    card.show(verdict, prediction);
    return cards.length > 1 && verdict.words ? `${card.about.name()}: ${verdict.words}` : verdict.words;
  });
  lastTook = performance.now() - started;
  flow.show(own ? [...ofDigits(own)] : []);
  show();
  if (!isWaiting) byId("said").textContent = said.filter((words) => words).join(". ");
}

/** Show the paper, the image that the networks see, and their inside. */
function show() {
  paper.paint();
  paintGrey(seen, image);
  for (const one of insides) one.paint();
  byId("took").textContent = drawing.isEmpty ? "" : text("took", { milliseconds: lastTook.toFixed(1) });
  byId("empty").hidden = !drawing.isEmpty;
}

/** Read the drawing before the next frame, once for all strokes until then. */
function readSoon() {
  paper.paint();
  byId("empty").hidden = !drawing.isEmpty;
  clearTimeout(rest);
  if (isWaiting) return;
  if (lastTook > MOST_WHILE_DRAWING) {
    rest = setTimeout(read, REST);
    return;
  }
  isWaiting = true;
  requestAnimationFrame(() => {
    if (isWaiting) read();
    isWaiting = false;
  });
}

/** Read the drawing now; it is complete. */
function readNow() {
  isWaiting = false;
  clearTimeout(rest);
  say("");
  read();
  collection.update();
  if (isDemo) return;
  isKept = keep(drawing.state, about);
  if (fromAddress("drawing")) toAddress("drawing", null);
}

/** A three, as a hand draws it. */
const THREE = [
  80, 75, 105, 55, 150, 50, 185, 68, 190, 98, 170, 122, 132, 132, 172, 142, 198, 168, 194, 205, 160, 228, 115, 230, 78,
  212,
];
const STEP = 45;

/** Draw a digit by itself, once; it goes when the paper is touched. */
function demonstrate() {
  isDemo = true;
  const next = (/** @type {number} */ at) => {
    if (!isDemo) return;
    if (at === 0) drawing.begin(THREE[0], THREE[1], brushWidth());
    else drawing.extend(THREE[at], THREE[at + 1]);
    read();
    if (at + 2 < THREE.length) still ? next(at + 2) : setTimeout(next, STEP, at + 2);
  };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  next(0);
}

/** Give the paper to the hand, empty. */
function takePaper() {
  if (!isDemo) return;
  isDemo = false;
  drawing.state = { ...drawing.state, strokes: [] };
  drawing.past = [];
  drawing.repaint();
}

/** Put the drawing into the address, and copy that. */
async function share() {
  takePaper();
  if (!drawing.state.strokes.length) {
    say(text("draw-first"));
    return;
  }
  toAddress("drawing", shared(drawing.state.strokes));
  await navigator.clipboard?.writeText(location.href).catch(() => {});
  say(text("shared"));
}

function undo() {
  takePaper();
  drawing.undo();
  readNow();
}

function restore() {
  restoreDistortion();
  for (const { off } of networks) for (const layer of off) layer.clear();
  readNow();
}

/** @param {string} message */
function say(message) {
  byId("note").textContent = message;
}

/** @param {import("./grid.js").Grid} picture */
function showPicture(picture) {
  takePaper();
  drawing.show(picture);
  readNow();
}

/** @param {Blob | null | undefined} file */
async function open(file) {
  if (!file) return;
  try {
    showPicture(await greyPicture(file));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    say(text(error.message));
  }
}

/** @param {number} label */
function collect(label) {
  if (isDemo) {
    takePaper();
    read();
  }
  if (found.problem) {
    say(text("draw-first"));
    return;
  }
  drawing.collect(label, found.image.slice());
  readNow();
  say(text("added", { name: names[label] }));
}

onStrokes(canvas, {
  begin: (x, y) => {
    takePaper();
    drawing.begin(x, y, brushWidth());
    readSoon();
  },
  extend: (x, y) => {
    drawing.extend(x, y);
    readSoon();
  },
  end: readNow,
});
byId("undo").addEventListener("click", undo);
byId("clear").addEventListener("click", () => {
  takePaper();
  drawing.clear();
  readNow();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.shiftKey) return;
  event.preventDefault();
  undo();
});
window.addEventListener("beforeunload", (event) => {
  if (!isKept && !collection.isSaved()) event.preventDefault();
});
const file = /** @type {HTMLInputElement} */ (byId("file"));
byId("open").addEventListener("click", () => file.click());
file.addEventListener("change", () => {
  open(file.files?.[0]);
  file.value = "";
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  open(event.dataTransfer?.files[0]);
});
document.addEventListener("paste", (event) => open(event.clipboardData?.files[0]));
byId("save-picture").addEventListener("click", () => {
  canvasOf(drawing.asPicture()).toBlob((blob) => blob && save(blob, "drawing.png"));
});
byId("share").addEventListener("click", share);
byId("restore").addEventListener("click", restore);
names.forEach((name, label) => {
  const button = make("button", "", name);
  button.addEventListener("click", () => collect(label));
  byId("labels").append(button);
});
byId("answers").append(...cards.map((card) => card.element));
byId("flow").append(flow.element);
byId("insides").append(...insides.map((one) => one.element));
const repaint = () => {
  for (const one of insides) one.paint(true);
  paper.paint();
};
window.addEventListener("resize", repaint);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
onLanguage(() => {
  byId("samples").replaceChildren(...sampleButtons(DATA.samples, size, names, showPicture));
  collection.list();
  readNow();
});
const stored = kept(about);
const linked = fromLink(fromAddress("drawing"));
drawing.state = stored ?? drawing.state;
if (linked.length) drawing.state = { ...drawing.state, strokes: linked, picture: null };
drawing.repaint();
if (areDigits && !stored && !linked.length) isDemo = true;
startSliders(readSoon);
startLanguage();
repaint();
if (isDemo) demonstrate();
