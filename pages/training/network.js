// A network that learns: dense layers and a cost; as in models/network/network.py and models/training/trainer.py.

import { COSTS } from "./costs.js";
import { TrainableDense } from "./dense.js";
import { ActivationRows } from "./rows.js";

/** @typedef {import("./rows.js").Rows} Rows */

/**
 * The weights and biases of a layer, the weights input by input.
 * @typedef {{w: Float64Array, b: Float64Array}} Parameters
 */

export class LearningNetwork {
  /**
   * @param {Parameters[]} parameters Of each layer; they are changed in place.
   * @param {string} activation Of the hidden layers. The last layer has the one that the cost is made for.
   * @param {string} cost
   */
  constructor(parameters, activation, cost) {
    this.cost = COSTS[cost];
    this.layers = parameters.map(
      ({ w, b }, place) =>
        new TrainableDense(w, b, place < parameters.length - 1 ? activation : this.cost.activation),
    );
    this.last = this.layers[this.layers.length - 1];
  }

  /**
   * Return the outputs of all samples.
   * @param {Rows} rows
   */
  forward(rows) {
    for (const layer of this.layers) rows = new ActivationRows(layer.forward(rows), layer.outputs);
    return this.last.a;
  }

  /**
   * Run a forward and a backward pass; return the cost summed over the samples. Afterwards each layer has its delta.
   * @param {Rows} rows
   * @param {Uint8Array} labels
   */
  backpropagate(rows, labels) {
    const a = this.forward(rows);
    const cost = this.cost.evaluate(a, labels, this.last.delta);
    if (!this.cost.cancels) this.last.backward(this.last.delta);
    for (let place = this.layers.length - 1; place > 0; place--) {
      this.layers[place - 1].backward(this.layers[place].inputGradient());
    }
    return cost;
  }

  /**
   * Take one step of gradient descent on a mini-batch (equations 20 and 21); return the cost summed over its samples.
   * @param {Rows} rows
   * @param {Uint8Array} labels
   * @param {number} eta
   */
  step(rows, labels, eta) {
    const cost = this.backpropagate(rows, labels);
    for (const layer of this.layers) layer.step(eta / rows.samples);
    return cost;
  }
}
