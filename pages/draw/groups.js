// The hidden layers as they are shown: each convolution or dense layer, with what follows it up to the next one.

import { count } from "../layers/feature_maps.js";

/** @typedef {import("../layers/feature_maps.js").Layer} Layer */
/** @typedef {import("../network/network.js").Network} Network */

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
 * @returns {Group[]}
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
export function activationOf({ layer, units }, unit) {
  let total = 0;
  for (let at = unit; at < layer.a.length; at += units) total += layer.a[at];
  return (total * units) / count(layer.shape);
}
