// The inside of the networks: their hidden layers, in which neurons and feature maps can be switched off.

import { make } from "../shared/dom.js";
import { onLanguage, text } from "../shared/language.js";
import { count } from "./layers.js";
import { Mosaic } from "./mosaic.js";

/** @typedef {import("./network.js").Network} Network */
/** @typedef {import("./layers.js").Layer} Layer */

/** The hidden layers of a network. They are painted only while they are unfolded. */
export class Inside {
  /**
   * @param {Network} network
   * @param {boolean} open
   * @param {() => void} changed Called when a neuron has been switched off or on.
   */
  constructor(network, open, changed) {
    this.network = network;
    this.changed = changed;
    const summary = make("summary", "", `${network.stored.name}: ${network.stored.what}`);
    this.layers = groupsOf(network).map((group) => new ShownLayer(this, group));
    this.element = make("details", "inside", summary, ...this.layers.map((layer) => layer.element));
    this.element.open = open;
    this.element.addEventListener("toggle", () => this.arrange());
    onLanguage(() => this.paint());
  }

  /** Arrange the tiles for the width that there is, and paint them. */
  arrange() {
    if (!this.element.open) return;
    const style = getComputedStyle(this.element);
    const padding = Number.parseFloat(style.paddingLeft) + Number.parseFloat(style.paddingRight);
    for (const { mosaic } of this.layers) mosaic.arrange(this.element.clientWidth - padding);
    this.paint();
  }

  paint() {
    if (!this.element.open) return;
    for (const layer of this.layers) layer.paint();
  }

  /** Switch all neurons on. */
  restore() {
    for (const off of this.network.off) off.clear();
  }
}

/** A hidden layer: its title, its tiles, what is known of one of them, and the same as a table. */
class ShownLayer {
  /**
   * @param {Inside} inside
   * @param {Group} group
   */
  constructor(inside, group) {
    this.inside = inside;
    this.group = group;
    this.off = inside.network.off[group.place];
    this.mosaic = new Mosaic(group, inside.network.stored.image, this.off);
    this.title = make("h3");
    this.about = make("p", "about quiet");
    this.about.setAttribute("aria-live", "polite");
    this.summary = make("summary");
    this.rows = make("tbody");
    const scrolled = make("div", "scroll", make("table", "", this.rows));
    scrolled.tabIndex = 0;
    this.table = make("details", "", this.summary, scrolled);
    this.table.addEventListener("toggle", () => this.paint());
    const { canvas } = this.mosaic;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.addEventListener("pointermove", (event) =>
      this.choose(this.mosaic.unitAt(event.offsetX, event.offsetY)),
    );
    canvas.addEventListener("pointerleave", () => this.choose(-1));
    canvas.addEventListener("click", (event) =>
      this.toggle(this.mosaic.unitAt(event.offsetX, event.offsetY)),
    );
    canvas.addEventListener("blur", () => this.choose(-1));
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.element = make("section", "layer", this.title, canvas, this.about, this.table);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { columns, chosen } = this.mosaic;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    if (event.key in steps) {
      const to = Math.max(chosen, 0) + steps[/** @type {keyof steps} */ (event.key)];
      this.choose(chosen < 0 ? 0 : Math.min(Math.max(to, 0), this.group.units - 1));
    } else if (event.key === "Enter" || event.key === " ") this.toggle(chosen);
    else return;
    event.preventDefault();
  }

  /** @param {number} unit */
  choose(unit) {
    if (unit === this.mosaic.chosen) return;
    this.mosaic.chosen = unit;
    this.paint();
  }

  /** @param {number} unit */
  toggle(unit) {
    if (unit < 0) return;
    if (!this.off.delete(unit)) this.off.add(unit);
    this.mosaic.chosen = unit;
    this.inside.changed();
  }

  paint() {
    this.mosaic.paint();
    const { group, off } = this;
    const { chosen, canvas } = this.mosaic;
    const kind = group.layer.shape.length === 3 ? "maps" : "neurons";
    const [height, width] = group.layer.shape;
    this.title.textContent = text(`layer-${kind}`, { title: group.title, units: group.units, height, width });
    canvas.setAttribute("aria-label", text("layer-keys", { title: group.title }));
    this.summary.textContent = text("as-table");
    this.about.textContent = chosen < 0 ? text(`hint-${kind}`) : this.words(chosen, kind);
    if (!this.table.open) return;
    this.rows.replaceChildren(
      ...Array.from({ length: group.units }, (_, unit) => {
        const value = off.has(unit) ? text("off") : activationOf(group, unit).toFixed(3);
        return make("tr", "", make("th", "", text(`one-${kind}`, { unit })), make("td", "", value));
      }),
    );
  }

  /**
   * @param {number} unit
   * @param {string} kind
   */
  words(unit, kind) {
    const value = activationOf(this.group, unit).toFixed(3);
    const state = text(this.off.has(unit) ? "is-off" : "is-on", { value });
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
      const weights = kind === "dense" && onImage && "w" in layer ? layer.w : null;
      groups.push({
        title: layer.text,
        place,
        layer,
        units,
        weights: /** @type {Float32Array | null} */ (weights),
      });
    } else {
      Object.assign(last, { title: `${last.title}, ${layer.text}`, place, layer, units });
    }
    onImage = false;
  });
  return groups.length > 1 ? groups.slice(0, -1) : groups;
}

/**
 * Return the mean activation of a neuron or a map.
 * @param {Group} group
 * @param {number} unit
 */
function activationOf({ layer, units }, unit) {
  let total = 0;
  for (let at = unit; at < layer.a.length; at += units) total += layer.a[at];
  return (total * units) / count(layer.shape);
}
