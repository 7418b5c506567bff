// The inside of the networks: a tile for each hidden neuron or feature map, a button that switches it off and on.
//
// A neuron that takes the image shows its weights, in a frame with the colour of its activation; a map shows its
// activations; other neurons are plain tiles.

import { make, onArrow } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { paintSigned, pixelCanvas, reachOf, signedColours } from "../shared/pictures.js";

/** @import { Layer } from "./layers.js" */
/** @import { Network } from "./network.js" */

/**
 * Show the hidden layers of a network; they are painted only while they are unfolded. Return the element, and a function
 * that paints the activations, and the weights, which take the time, only on request.
 * @param {Network} network
 * @param {boolean} open
 * @param {() => void} changed Called when a neuron has been switched off or on.
 */
export function inside(network, open, changed) {
  const layers = groupsOf(network).map((group) => shownLayer(network, group, changed));
  const summary = make("summary", "", `${network.stored.name}: ${network.stored.what}`);
  const element = make("details", "inside", summary, ...layers.map((layer) => layer.element));
  element.open = open;
  const paint = (withWeights = false) => {
    if (element.open) for (const layer of layers) layer.paint(withWeights);
  };
  element.addEventListener("toggle", () => paint(true));
  onLanguage(() => paint(true));
  return { element, paint };
}

/**
 * Show a hidden layer: its title, its tiles, what is known of the one that is pointed at, and the same as a table.
 * @param {Network} network
 * @param {Group} group
 * @param {() => void} changed
 */
function shownLayer(network, group, changed) {
  const { layer, units, weights } = group;
  const off = network.off[group.place];
  const [height, width = 1] = weights ? network.stored.image : layer.shape;
  const kind = layer.shape.length === 3 ? "maps" : "neurons";
  const canvases = Array.from({ length: units }, () => pixelCanvas(height, width));
  const tiles = canvases.map((canvas, unit) => {
    const tile = make("button", "tile", ...(weights || kind === "maps" ? [canvas] : []));
    tile.tabIndex = unit ? -1 : 0; // the arrow keys lead to the others
    tile.addEventListener("click", () => {
      if (!off.delete(unit)) off.add(unit);
      changed();
    });
    for (const event of ["pointerenter", "focus"]) tile.addEventListener(event, () => point(unit));
    for (const event of ["pointerleave", "blur"]) tile.addEventListener(event, () => point(focused()));
    return tile;
  });
  let pointed = -1;
  const focused = () => tiles.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  const [title, about] = [make("h3"), make("p", "about quiet")];
  const [summary, rows] = [make("summary"), make("tbody")];
  const scrolled = make("div", "scroll", make("table", "", rows));
  scrolled.tabIndex = 0;
  const table = make("details", "", summary, scrolled);
  table.addEventListener("toggle", () => paint(false));
  const all = make("div", `tiles${units > 130 ? " many" : ""}`, ...tiles);
  all.addEventListener("keydown", (event) =>
    onArrow(event, (right, down) => {
      const columns = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
      tiles[focused() + right + down * columns]?.focus();
    }),
  );
  return { element: make("section", "layer", title, all, about, table), paint };

  /** @param {number} unit */
  function point(unit) {
    pointed = unit;
    about.textContent = unit < 0 ? text(`hint-${kind}`) : words(unit);
  }

  /** @param {boolean} withWeights */
  function paint(withWeights) {
    title.textContent = text(`layer-${kind}`, { title: group.title, units, height, width });
    summary.textContent = text("as-table");
    point(pointed);
    let largest = 0;
    for (const value of layer.a) largest = Math.max(largest, Math.abs(value));
    const most = largest || 1;
    const colours = signedColours(weights ? "--zero" : "--rest");
    const [pixels, reach] = weights ? [weights.length / units, reachOf(weights)] : [0, most];
    tiles.forEach((tile, unit) => {
      tile.setAttribute("aria-label", words(unit));
      tile.classList.toggle("off", off.has(unit));
      if (kind === "neurons") {
        tile.classList.toggle("below", layer.a[unit] < 0);
        tile.style.setProperty("--share", `${Math.abs(100 * layer.a[unit]) / most}%`);
      }
      const value = (/** @type {number} */ at) =>
        (weights ? weights[unit * pixels + at] : layer.a[at * units + unit]) / reach;
      if (weights ? withWeights : kind === "maps") paintSigned(canvases[unit], value, colours);
    });
    if (!table.open) return;
    rows.replaceChildren(
      ...tiles.map((_, unit) => {
        const value = off.has(unit) ? text("off") : meanActivation(layer, unit).toFixed(3);
        return make("tr", "", make("th", "", text(`one-${kind}`, { unit })), make("td", "", value));
      }),
    );
  }

  /** @param {number} unit */
  function words(unit) {
    const state = text(off.has(unit) ? "is-off" : "is-on", { value: meanActivation(layer, unit).toFixed(3) });
    return `${text(`one-${kind}`, { unit })}: ${state}`;
  }
}

// The hidden layers as they are shown: each convolution or dense layer, with what follows it up to the next one.

/**
 * @typedef {object} Group
 * @property {string} title Such as "conv 16 5x5, max 2, relu".
 * @property {number} place The place of the layer in the network whose outputs are shown.
 * @property {Layer} layer
 * @property {number} units The number of neurons or maps.
 * @property {Float32Array | null} weights Of neurons that take the image itself: a weight for each pixel.
 */

/**
 * Return the groups of a network. The output layer is left out, unless it is the only one.
 * @param {Network} network
 */
export function groupsOf(network) {
  /** @type {Group[]} */
  const groups = [];
  let onImage = true;
  network.layers.forEach((layer, place) => {
    const kind = layer.text.split(" ")[0];
    if (kind === "flatten") return;
    const units = layer.shape[layer.shape.length - 1];
    const last = groups[groups.length - 1];
    if (!last || kind === "dense" || kind === "conv") {
      groups.push({ title: layer.text, place, layer, units, weights: (onImage && layer.w) || null });
    } else {
      Object.assign(last, { title: `${last.title}, ${layer.text}`, place, layer, units });
    }
    onImage = false;
  });
  return groups.length > 1 ? groups.slice(0, -1) : groups;
}

/** Return the mean activation of a neuron or a map. @type {(layer: Layer, unit: number) => number} */
export function meanActivation({ a, shape }, unit) {
  const units = shape[shape.length - 1];
  let total = 0;
  for (let at = unit; at < a.length; at += units) total += a[at];
  return (total * units) / a.length;
}
