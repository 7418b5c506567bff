// A training run: mini-batches in the random order of each epoch, and what the network has learned so far.
//
// The order of an epoch depends on the seed and the epoch alone, so a run ends in the same weights however it is stopped
// and continued.

import { normalNumbers, randomNumbers, shuffled } from "../shared/random.js";
import { LearningNetwork } from "./network.js";
import { ImageRows } from "./rows.js";

/** @import { Parameters } from "./network.js" */
/** @import { Images } from "./rows.js" */

/**
 * What defines a run.
 * @typedef {object} Setup
 * @property {number[]} hidden The number of neurons of each hidden layer.
 * @property {string} activation Of the hidden layers.
 * @property {string} cost
 * @property {string} init
 * @property {number} eta
 * @property {number} batch
 * @property {number} [penalty] Of L2 regularization: C + penalty / 2n times the squares of all weights.
 * @property {number} seed
 */

/**
 * Cost and accuracy on some images.
 * @typedef {object} Score
 * @property {number} cost The mean over the images.
 * @property {number} accuracy
 * @property {Uint8Array} predictions
 */

const CLASSES = 10;
const PIECE = 100;

/** The order of an epoch has a seed of its own, far from those that are typed. */
const SEED_OF_EPOCH = 0x9e3779b1;

export class Run {
  /**
   * @param {Setup} setup
   * @param {Images} images
   */
  constructor(setup, images) {
    this.images = images;
    this.seed = setup.seed;
    this.eta = setup.eta;
    this.penalty = setup.penalty ?? 0;
    this.size = Math.min(setup.batch, images.labels.length);
    const sizes = [images.pixels, ...setup.hidden, CLASSES];
    const parameters = randomParameters(sizes, setup.init, setup.seed);
    this.network = new LearningNetwork(parameters, setup.activation, setup.cost);
    this.epoch = 0;
    /** The number of images of this epoch that are done. */
    this.done = 0;
    this.order = this.newOrder();
  }

  newOrder() {
    const order = Uint32Array.from(this.images.labels, (_, image) => image);
    return shuffled(order, randomNumbers(this.seed + SEED_OF_EPOCH * (this.epoch + 1)));
  }

  /** Take one step, on the next mini-batch; the last of an epoch may be smaller. Return its mean cost. */
  step() {
    const chosen = this.order.subarray(this.done, this.done + this.size);
    const labels = Uint8Array.from(chosen, (image) => this.images.labels[image]);
    this.network.decay(1 - (this.eta * this.penalty) / this.order.length);
    const cost = this.network.step(new ImageRows(this.images, chosen), labels, this.eta);
    this.done += chosen.length;
    if (this.done === this.order.length) {
      this.epoch += 1;
      this.done = 0;
      this.order = this.newOrder();
    }
    return cost / chosen.length;
  }

  /** Epochs, with the part of the one that is not finished. */
  get epochs() {
    return this.epoch + this.done / this.order.length;
  }

  /**
   * Return the network's cost and accuracy on these images. The prediction is the digit with the largest output.
   * @param {Images} images
   */
  score(images) {
    const count = images.labels.length;
    const predictions = new Uint8Array(count);
    const derivative = new Float64Array(PIECE * CLASSES);
    let cost = 0;
    let correct = 0;
    for (let start = 0; start < count; start += PIECE) {
      const labels = images.labels.subarray(start, start + PIECE);
      const chosen = Uint32Array.from(labels, (_, place) => start + place);
      const a = this.network.forward(new ImageRows(images, chosen));
      cost += this.network.cost.evaluate(a, labels, derivative.subarray(0, a.length));
      for (let sample = 0; sample < labels.length; sample++) {
        const answer = largest(a.subarray(sample * CLASSES, (sample + 1) * CLASSES));
        predictions[start + sample] = answer;
        if (answer === labels[sample]) correct += 1;
      }
    }
    return { cost: cost / count, accuracy: correct / count, predictions };
  }
}

/** Return the place of the largest number, the first of equal ones. @type {(numbers: ArrayLike<number>) => number} */
export function largest(numbers) {
  let best = 0;
  for (let place = 1; place < numbers.length; place++) if (numbers[place] > numbers[best]) best = place;
  return best;
}

// Initial weights and biases, as in models/layers/initializers.py.

/**
 * Standard deviations: of the weights as a function of a neuron's number of inputs, and of the biases.
 * @type {Record<string, {weights: (inputs: number) => number, biases: number}>}
 */
export const INITIALIZERS = {
  "N(0,1)": { weights: () => 1, biases: 1 },
  "N(0,1/n)": { weights: (inputs) => 1 / Math.sqrt(inputs), biases: 1 },
  he: { weights: (inputs) => Math.sqrt(2 / inputs), biases: 0 },
};

/**
 * Draw the parameters of a network of these sizes, such as 784, 30, 10.
 * @type {(sizes: number[], initializer: string, seed: number) => { w: Float64Array; b: Float64Array; }[]}
 */
export function randomParameters(sizes, initializer, seed) {
  const normal = normalNumbers(randomNumbers(seed));
  const { weights, biases } = INITIALIZERS[initializer];
  return sizes.slice(1).map((outputs, place) => {
    const inputs = sizes[place];
    const width = weights(inputs);
    return {
      w: Float64Array.from({ length: inputs * outputs }, () => width * normal()),
      b: Float64Array.from({ length: outputs }, () => biases * normal()),
    };
  });
}
