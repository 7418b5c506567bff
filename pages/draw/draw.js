// The page to draw on: every stroke is prepared as a picture, and read by all networks.

import { findDigit } from "../images/digit_finder.js";
import { grid } from "../images/grid.js";
import { calibrated } from "../network/calibration.js";
import { vote } from "../network/ensemble.js";
import { Network } from "../network/network.js";
import { byId, contextOf, make, save } from "../shared/dom.js";
import { DATA, onLanguage, startLanguage, text } from "../shared/language.js";
import { Card } from "./answers.js";
import { Collection } from "./collection.js";
import { distort } from "./distortion.js";
import { Drawing } from "./drawing.js";
import { Inside } from "./inside.js";
import { canvasOf, onStrokes, Paper } from "./paper.js";
import { greyPicture, Unreadable } from "./pictures.js";
import { percent, verdictOf } from "./verdict.js";

/** @typedef {import("../images/digit_finder.js").FoundDigit} FoundDigit */

/** While a stroke is drawn, it is read again and again, unless that takes longer than this, in milliseconds. */
const MOST_WHILE_DRAWING = 30;

/** @type {{ image: number[], names: string[], least: number }} */
const { image: size, names, least } = DATA;
const networks = DATA.networks.map(
  (/** @type {import("../network/network.js").Stored} */ one) => new Network(one),
);
const drawing = new Drawing();
const canvas = /** @type {HTMLCanvasElement} */ (byId("paper"));
const paper = new Paper(canvas, drawing);
const seen = /** @type {HTMLCanvasElement} */ (byId("seen"));
const sliders = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("[data-distortion]"));
const brush = /** @type {HTMLInputElement} */ (byId("brush"));
const image = new Uint8Array(size[0] * size[1]);
const zeros = new Uint8Array(image.length);
const collection = new Collection(size, names, {
  list: byId("drawings"),
  count: byId("collected"),
  save: /** @type {HTMLButtonElement} */ (byId("save")),
});
const cards = networks.map((/** @type {Network} */ { stored }) => {
  const { name, what, accuracy, rejects } = stored;
  const about = () =>
    accuracy === null ? what : text("about-network", { what, accuracy: percent(accuracy) });
  return new Card({ name: () => name, what: about, calibrated: stored.calibrated, rejects }, names);
});
if (networks.length > 1) {
  const all = networks.every((/** @type {Network} */ one) => one.stored.calibrated);
  const rejects = networks.some((/** @type {Network} */ one) => one.stored.rejects);
  const about = { name: () => text("vote"), what: () => text("about-vote"), calibrated: all, rejects };
  cards.push(new Card(about, names));
}
const insides = networks.map((/** @type {Network} */ one, /** @type {number} */ place) => {
  return new Inside(one, place === 0, read);
});

/** @type {FoundDigit} */
let found = { image: zeros, problem: "none" };
let lastTook = 0;
let isWaiting = false;

/** Read the drawing, and show all that follows from it. */
function read() {
  const started = performance.now();
  found = drawing.isEmpty
    ? { image: zeros, problem: "none" }
    : findDigit(drawing.asPicture(), size[0], size[1]);
  distort(found.image, size, distortion(), image);
  const predictions = networks.map((/** @type {Network} */ network) => {
    network.forward(image);
    return calibrated(network);
  });
  if (networks.length > 1) predictions.push(vote(predictions));
  const said = cards.map((/** @type {Card} */ card, /** @type {number} */ place) => {
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
  const [height, width] = size;
  const light = Float32Array.from(image, (grey) => 255 - grey);
  contextOf(seen).drawImage(canvasOf({ height, width, data: light }), 0, 0);
  for (const inside of insides) inside.paint();
  byId("took").textContent = drawing.isEmpty ? "" : text("took", { milliseconds: lastTook.toFixed(1) });
  byId("empty").hidden = !drawing.isEmpty;
}

/** Read the drawing before the next frame, once for all strokes until then. */
function readSoon() {
  paper.paint();
  byId("empty").hidden = true;
  if (isWaiting || lastTook > MOST_WHILE_DRAWING) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    if (isWaiting) read();
    isWaiting = false;
  });
}

/** Read the drawing now; it is complete. */
function readNow() {
  isWaiting = false;
  say("");
  read();
}

/** @returns {import("./distortion.js").Distortion} */
function distortion() {
  const value = (/** @type {string} */ name) => Number(/** @type {HTMLInputElement} */ (byId(name)).value);
  return { turn: value("turn"), right: value("right"), down: value("down"), noise: value("noise") / 100 };
}

function restore() {
  for (const slider of sliders) slider.value = "0";
  for (const inside of insides) inside.restore();
  showValues();
  readNow();
}

/** Write the value of each slider beside it. */
function showValues() {
  for (const slider of sliders)
    byId(`${slider.id}-value`).textContent = `${slider.value} ${slider.dataset.distortion}`;
  byId("brush-value").textContent = brush.value;
}

/** @param {string} message */
function say(message) {
  byId("note").textContent = message;
}

/** @param {Blob | null | undefined} file */
async function open(file) {
  if (!file) return;
  try {
    drawing.show(await greyPicture(file));
    readNow();
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
  collection.add({ label, picture: found.image.slice(), strokes: drawing.state.strokes });
  drawing.clear();
  readNow();
  say(text("added", { name: names[label] }));
}

function listSamples() {
  const [height, width] = size;
  byId("samples").replaceChildren(
    ...DATA.samples.map((/** @type {{ label: number, index: number, image: string }} */ sample) => {
      const grey = Float32Array.from(atob(sample.image), (letter) => letter.charCodeAt(0));
      const shown = canvasOf({ height, width, data: grey.map((value) => 255 - value) });
      const button = make("button", "sample", shown);
      button.type = "button";
      button.title = text("sample", { name: names[sample.label], index: sample.index });
      button.setAttribute("aria-label", button.title);
      button.addEventListener("click", () => {
        drawing.show(grid(height, width, grey.slice()));
        readNow();
      });
      return button;
    }),
  );
}

onStrokes(canvas, {
  begin: (x, y) => {
    drawing.begin(x, y, Number(brush.value));
    readSoon();
  },
  extend: (x, y) => {
    drawing.extend(x, y);
    readSoon();
  },
  end: readNow,
});
byId("undo").addEventListener("click", () => {
  drawing.undo();
  readNow();
});
byId("clear").addEventListener("click", () => {
  drawing.clear();
  readNow();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || event.shiftKey) return;
  event.preventDefault();
  drawing.undo();
  readNow();
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
brush.addEventListener("input", showValues);
for (const slider of sliders) {
  slider.addEventListener("input", () => {
    showValues();
    readSoon();
  });
}
byId("restore").addEventListener("click", restore);
names.forEach((name, label) => {
  const button = make("button", "", name);
  button.type = "button";
  button.addEventListener("click", () => collect(label));
  byId("labels").append(button);
});
byId("answers").append(...cards.map((/** @type {Card} */ card) => card.element));
byId("insides").append(...insides.map((/** @type {Inside} */ inside) => inside.element));
const arrange = () => {
  for (const inside of insides) inside.arrange();
  paper.paint();
};
window.addEventListener("resize", arrange);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", arrange);
onLanguage(() => {
  listSamples();
  collection.list();
  readNow();
});
showValues();
startLanguage();
arrange();
