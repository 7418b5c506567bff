// The page to draw on: every stroke is prepared as a picture, and read by all networks.

import { byId, make, save } from "../shared/dom.js";
import { DATA, onLanguage, startLanguage, text } from "../shared/language.js";
import { cardsFor, verdictOf } from "./answers.js";
import { Collection, sampleButtons } from "./collection.js";
import { findDigit } from "./digit_finder.js";
import { brushWidth, chosenDistortion, distort, restoreDistortion, startSliders } from "./distortion.js";
import { Drawing } from "./drawing.js";
import { Inside } from "./inside.js";
import { Overflow } from "./layers.js";
import { calibrated, Network, vote } from "./network.js";
import { canvasOf, greyPicture, onStrokes, Paper, paintGrey, Unreadable } from "./paper.js";
import { keep, kept } from "./storage.js";

/** @typedef {import("./digit_finder.js").FoundDigit} FoundDigit */

/** While a hand moves, the drawing is read again and again; if that takes longer than this, when the hand rests. */
const MOST_WHILE_DRAWING = 30;
const REST = 80;

/** @type {{ image: number[], names: string[], least: number }} */
const { image: size, names, least } = DATA;
const areDigits = names.every((name, label) => name === String(label));
const networks = DATA.networks.map((/** @type {import("./network.js").Stored} */ one) => new Network(one));
const drawing = new Drawing();
const canvas = /** @type {HTMLCanvasElement} */ (byId("paper"));
const paper = new Paper(canvas, drawing);
const seen = /** @type {HTMLCanvasElement} */ (byId("seen"));
const image = new Uint8Array(size[0] * size[1]);
const seenPixels = new ImageData(size[1], size[0]);
const zeros = new Uint8Array(image.length);
const elements = {
  list: byId("drawings"),
  count: byId("collected"),
  save: /** @type {HTMLButtonElement} */ (byId("save")),
  writer: /** @type {HTMLInputElement} */ (byId("writer")),
};
const collection = new Collection(drawing, size, names, elements, () => {
  readNow();
  say(text("removed"));
  byId("undo").focus({ preventScroll: true });
});
const about = JSON.stringify([size, names]);
const cards = cardsFor(networks, names);
const insides = networks.map((/** @type {Network} */ one, /** @type {number} */ place) => {
  return new Inside(one, place === 0, read);
});

/** @type {FoundDigit} */
let found = { image: zeros, problem: "none" };
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
  found = drawing.isEmpty ? { image: zeros, problem: "none" } : prepared(drawing.asPicture());
  distort(found.image, size, chosenDistortion(), image);
  const predictions = networks.map(predict);
  if (networks.length > 1) predictions.push(predictions.includes(null) ? null : vote(predictions));
  const said = cards.map((card, place) => {
    const prediction = found.problem ? null : predictions[place];
    const verdict = verdictOf(found.problem, prediction, card.about.calibrated, { names, least });
    card.show(verdict, prediction);
    return cards.length > 1 ? `${card.about.name()}: ${verdict.words}` : verdict.words;
  });
  lastTook = performance.now() - started;
  show();
  if (!isWaiting) byId("said").textContent = said.join(". ");
}

/** Show the paper, the image that the networks see, and their inside. */
function show() {
  paper.paint();
  paintGrey(seen, seenPixels, image, true);
  for (const inside of insides) inside.paint();
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
  isKept = keep(drawing.state, about);
}

function undo() {
  drawing.undo();
  readNow();
}

function restore() {
  restoreDistortion();
  for (const inside of insides) inside.restore();
  readNow();
}

/** @param {string} message */
function say(message) {
  byId("note").textContent = message;
}

/** @param {import("./grid.js").Grid} picture */
function showPicture(picture) {
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
  drawing.clear();
  readNow();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.shiftKey) return;
  event.preventDefault();
  undo();
});
window.addEventListener("beforeunload", (event) => {
  if (!isKept && !collection.isSaved) event.preventDefault();
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
byId("restore").addEventListener("click", restore);
names.forEach((name, label) => {
  const button = make("button", "", name);
  button.type = "button";
  button.addEventListener("click", () => collect(label));
  byId("labels").append(button);
});
byId("answers").append(...cards.map((card) => card.element));
byId("insides").append(...insides.map((/** @type {Inside} */ inside) => inside.element));
const arrange = () => {
  for (const inside of insides) inside.arrange();
  paper.paint();
};
window.addEventListener("resize", arrange);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", arrange);
onLanguage(() => {
  byId("samples").replaceChildren(...sampleButtons(DATA.samples, size, names, showPicture));
  collection.list();
  readNow();
});
drawing.state = kept(about) ?? drawing.state;
drawing.repaint();
startSliders(readSoon);
startLanguage();
arrange();
