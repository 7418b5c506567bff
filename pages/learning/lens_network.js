// One network and one image, with every number of the forward and the backward pass, and what an update would do.

import { SLOPES } from "../shared/activations.js";
import { LearningNetwork } from "./network.js";
import { ActivationRows } from "./rows.js";

/** @import { Parameters } from "./network.js" */

/**
 * The numbers of a layer for one image. Weights are stored input by input: w[k * outputs + j].
 * @typedef {object} LayerNumbers
 * @property {Float64Array} w
 * @property {Float64Array} b
 * @property {string} activation
 * @property {Float64Array} inputs The activations of the layer before.
 * @property {Float64Array} z
 * @property {Float64Array} a
 * @property {Float64Array} delta dC/dz.
 */

export class LensNetwork {
  /**
   * @param {Parameters[]} parameters They are copied.
   * @param {string} activation
   * @param {string} cost
   * @param {Float64Array} x The image, from 0 to 1.
   * @param {number} label
   */
  constructor(parameters, activation, cost, x, label) {
    const copies = parameters.map(({ w, b }) => ({ w: w.slice(), b: b.slice() }));
    this.network = new LearningNetwork(copies, activation, cost);
    this.rows = new ActivationRows(x, x.length);
    this.labels = Uint8Array.of(label);
    this.label = label;
    this.cost = 0;
    /** @type {LayerNumbers[]} */
    this.layers = [];
    this.look();
  }

  /** Run both passes, and keep their numbers. */
  look() {
    this.cost = this.network.backpropagate(this.rows, this.labels);
    let inputs = this.rows.a;
    this.layers = this.network.layers.map(({ w, b, activation, a, delta, outputs }) => {
      const z = b.slice();
      new ActivationRows(inputs, inputs.length).addProduct(w, z, outputs);
      const numbers = { w, b, activation, inputs, z, a: a.slice(), delta: delta.slice() };
      inputs = numbers.a;
      return numbers;
    });
  }

  /** Return sigma'(z) of a neuron. @type {(layer: number, neuron: number) => number} */
  slope(layer, neuron) {
    const { activation, a } = this.layers[layer];
    return SLOPES[activation](a[neuron]);
  }

  /** The squared length of the gradient: of all weights, delta times a, and of all biases, delta. */
  get squaredGradient() {
    const squared = (/** @type {Float64Array} */ all) => all.reduce((sum, one) => sum + one * one, 0);
    return this.layers.reduce((sum, { delta, inputs }) => sum + squared(delta) * (squared(inputs) + 1), 0);
  }

  /** Take steps of gradient descent on this image. @type {(eta: number, steps: number) => void} */
  update(eta, steps) {
    for (let step = 0; step < steps; step++) this.network.step(this.rows, this.labels, eta);
    this.look();
  }

  /** Return the cost after one more step on this image, which is not taken. @type {(eta: number) => number} */
  costAfterUpdate(eta) {
    const { layers } = this.network;
    const kept = layers.map(({ w, b }) => [w.slice(), b.slice()]);
    this.network.step(this.rows, this.labels, eta);
    const cost = this.costNow();
    layers.forEach(({ w, b }, place) => {
      w.set(kept[place][0]);
      b.set(kept[place][1]);
    });
    return cost;
  }

  /**
   * Return the cost with one weight changed, or one bias.
   * @param {Float64Array} parameters The weights or the biases of a layer.
   * @param {number} place
   * @param {number} change
   */
  costAfterChange(parameters, place, change) {
    const kept = parameters[place];
    parameters[place] += change;
    const cost = this.costNow();
    parameters[place] = kept;
    return cost;
  }

  costNow() {
    const a = this.network.forward(this.rows);
    return this.network.cost.evaluate(a, this.labels, new Float64Array(a.length));
  }
}
