// The inside of the networks: a tile for each hidden neuron or feature map, a button that switches it off and on.
//
// A neuron that takes the image shows its weights, in a frame with the colour of its activation; a map shows its
// activations; other neurons are plain tiles.

import { make } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { paintSigned, pixelCanvas, reachOf, signedColours } from "../shared/pictures.js";
import { count } from "./layers.js";

/** @import { Layer } from "./layers.js" */
/** @import { Network } from "./network.js" */

/** The hidden layers of a network. They are painted only while they are unfolded. */
export class Inside {
  /**
   * @param {Network} network
   * @param {boolean} open
   * @param {() => void} changed Called when a neuron has been switched off or on.
   */
  constructor(network, open, changed) {
    this.network = network;
    const summary = make("summary", "", `${network.stored.name}: ${network.stored.what}`);
    this.layers = groupsOf(network).map((group) => new ShownLayer(network, group, changed));
    this.element = make("details", "inside", summary, ...this.layers.map((layer) => layer.element));
    this.element.open = open;
    this.element.addEventListener("toggle", () => this.paint(true));
    onLanguage(() => this.paint(true));
  }

  /** Show the activations; the weights, which take the time, only on request. */
  paint(withWeights = false) {
    if (!this.element.open) return;
    for (const layer of this.layers) layer.paint(withWeights);
  }

  /** Switch all neurons on. */
  restore() {
    for (const off of this.network.off) off.clear();
  }
}

/** A hidden layer: its title, its tiles, what is known of the one that is pointed at, and the same as a table. */
class ShownLayer {
  /**
   * @param {Network} network
   * @param {Group} group
   * @param {() => void} changed
   */
  constructor(network, group, changed) {
    this.group = group;
    this.off = network.off[group.place];
    this.kind = group.layer.shape.length === 3 ? "maps" : "neurons";
    const size = group.weights ? network.stored.image : group.layer.shape;
    this.canvases = Array.from({ length: group.units }, () => pixelCanvas(size[0], size[1] ?? 1));
    this.tiles = this.canvases.map((canvas, unit) => {
      const tile = make("button", "tile");
      if (group.weights || this.kind === "maps") tile.append(canvas);
      tile.addEventListener("click", () => {
        if (!this.off.delete(unit)) this.off.add(unit);
        changed();
      });
      for (const event of ["pointerenter", "focus"]) tile.addEventListener(event, () => this.point(unit));
      for (const event of ["pointerleave", "blur"]) tile.addEventListener(event, () => this.point(-1));
      return tile;
    });
    this.pointed = -1;
    this.title = make("h3");
    this.about = make("p", "about quiet");
    this.summary = make("summary");
    this.rows = make("tbody");
    const scrolled = make("div", "scroll", make("table", "", this.rows));
    scrolled.tabIndex = 0;
    this.table = make("details", "", this.summary, scrolled);
    this.table.addEventListener("toggle", () => this.paint());
    const tiles = make("div", `tiles${group.units > 130 ? " many" : ""}`, ...this.tiles);
    this.element = make("section", "layer", this.title, tiles, this.about, this.table);
  }

  /** @param {number} unit */
  point(unit) {
    this.pointed = unit;
    this.about.textContent = unit < 0 ? text(`hint-${this.kind}`) : this.words(unit);
  }

  paint(withWeights = false) {
    const { group, off, kind } = this;
    const { layer, units, weights, title } = group;
    const [height, width] = layer.shape;
    this.title.textContent = text(`layer-${kind}`, { title, units, height, width });
    this.summary.textContent = text("as-table");
    this.point(this.pointed);
    const most = layer.a.reduce((reach, value) => Math.max(reach, Math.abs(value)), 0) || 1;
    const colours = signedColours(weights ? "--zero" : "--rest");
    const [pixels, reach] = weights ? [weights.length / units, reachOf(weights)] : [0, most];
    this.tiles.forEach((tile, unit) => {
      tile.setAttribute("aria-label", this.words(unit));
      tile.classList.toggle("off", off.has(unit));
      if (kind === "neurons") {
        tile.classList.toggle("below", layer.a[unit] < 0);
        tile.style.setProperty("--share", `${Math.abs(100 * layer.a[unit]) / most}%`);
      }
      const value = (/** @type {number} */ at) =>
        (weights ? weights[unit * pixels + at] : layer.a[at * units + unit]) / reach;
      if (weights ? withWeights : kind === "maps") paintSigned(this.canvases[unit], value, colours);
    });
    if (!this.table.open) return;
    this.rows.replaceChildren(
      ...this.tiles.map((_, unit) => {
        const value = off.has(unit) ? text("off") : activationOf(group, unit).toFixed(3);
        return make("tr", "", make("th", "", text(`one-${kind}`, { unit })), make("td", "", value));
      }),
    );
  }

  /** @param {number} unit */
  words(unit) {
    const value = activationOf(this.group, unit).toFixed(3);
    const state = text(this.off.has(unit) ? "is-off" : "is-on", { value });
    return `${text(`one-${this.kind}`, { unit })}: ${state}`;
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

/** Return the mean activation of a neuron or a map. @type {(group: Group, unit: number) => number} */
function activationOf({ layer, units }, unit) {
  let total = 0;
  for (let at = unit; at < layer.a.length; at += units) total += layer.a[at];
  return (total * units) / count(layer.shape);
}
