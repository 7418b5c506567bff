// The inputs of a layer for a mini-batch: a row of numbers for each sample.
//
// Most pixels of an image are 0, and neither count in a weighted sum nor change a weight. So images are stored as the
// places and values of their other pixels, which makes an epoch of MNIST several times as fast.
//
// Weights are stored input by input: w[k * outputs + j] is the weight from input k to neuron j. Python stores them
// neuron by neuron.

/**
 * What a layer does with its inputs.
 * @typedef {object} Rows
 * @property {number} samples
 * @property {(w: Float64Array, z: Float64Array, outputs: number) => void} addProduct
 *   Add w a to z, the weighted inputs of all samples.
 * @property {(rate: number, delta: Float64Array, w: Float64Array, outputs: number) => void} subtractGradient
 *   Subtract rate times the gradient from w: the sum over all samples of a times delta (BP4).
 */

/**
 * Activations, as the inputs of the next layer.
 * @implements {Rows}
 */
export class ActivationRows {
  /**
   * @param {Float64Array} a The activations, sample by sample.
   * @param {number} inputs
   */
  constructor(a, inputs) {
    this.a = a;
    this.inputs = inputs;
    this.samples = a.length / inputs;
  }

  /** @type {(w: Float64Array, z: Float64Array, outputs: number) => void} */
  addProduct(w, z, outputs) {
    const { a, inputs } = this;
    for (let sample = 0; sample < this.samples; sample++) {
      const row = sample * inputs;
      const to = sample * outputs;
      for (let k = 0, at = 0; k < inputs; k++) {
        const x = a[row + k];
        for (let j = 0; j < outputs; j++) z[to + j] += x * w[at++];
      }
    }
  }

  /** @type {(rate: number, delta: Float64Array, w: Float64Array, outputs: number) => void} */
  subtractGradient(rate, delta, w, outputs) {
    const { a, inputs } = this;
    for (let sample = 0; sample < this.samples; sample++) {
      const row = sample * inputs;
      const from = sample * outputs;
      for (let k = 0, at = 0; k < inputs; k++) {
        const x = rate * a[row + k];
        for (let j = 0; j < outputs; j++) w[at++] -= x * delta[from + j];
      }
    }
  }
}

/** Images, stored as the places and the values of the pixels that are not 0. */
export class Images {
  /**
   * @param {Uint8Array} bytes The grey values, image by image.
   * @param {Uint8Array} labels
   */
  constructor(bytes, labels) {
    this.labels = labels;
    this.pixels = bytes.length / labels.length;
    this.starts = new Uint32Array(labels.length + 1);
    const count = bytes.reduce((sum, byte) => sum + (byte ? 1 : 0), 0);
    this.places = new Uint32Array(count);
    this.values = new Float64Array(count);
    let at = 0;
    for (let image = 0; image < labels.length; image++) {
      for (let place = 0; place < this.pixels; place++) {
        const byte = bytes[image * this.pixels + place];
        if (!byte) continue;
        this.places[at] = place;
        this.values[at++] = byte / 255;
      }
      this.starts[image + 1] = at;
    }
  }
}

/**
 * Some of the images, as the inputs of the first layer.
 * @implements {Rows}
 */
export class ImageRows {
  /**
   * @param {Images} images
   * @param {Uint32Array} chosen The numbers of the images.
   */
  constructor(images, chosen) {
    this.images = images;
    this.chosen = chosen;
    this.samples = chosen.length;
  }

  /**
   * Four pixels at a time, so that z is loaded and stored a quarter as often.
   * @type {(w: Float64Array, z: Float64Array, outputs: number) => void}
   */
  addProduct(w, z, outputs) {
    const { places, values, starts } = this.images;
    for (let sample = 0; sample < this.samples; sample++) {
      const to = sample * outputs;
      const end = starts[this.chosen[sample] + 1];
      let at = starts[this.chosen[sample]];
      for (; at + 3 < end; at += 4) {
        const [x0, x1, x2, x3] = [values[at], values[at + 1], values[at + 2], values[at + 3]];
        const w0 = places[at] * outputs;
        const w1 = places[at + 1] * outputs;
        const w2 = places[at + 2] * outputs;
        const w3 = places[at + 3] * outputs;
        for (let j = 0; j < outputs; j++) {
          z[to + j] += x0 * w[w0 + j] + x1 * w[w1 + j] + x2 * w[w2 + j] + x3 * w[w3 + j];
        }
      }
      for (; at < end; at++) {
        const x = values[at];
        const row = places[at] * outputs;
        for (let j = 0; j < outputs; j++) z[to + j] += x * w[row + j];
      }
    }
  }

  /** @type {(rate: number, delta: Float64Array, w: Float64Array, outputs: number) => void} */
  subtractGradient(rate, delta, w, outputs) {
    const { places, values, starts } = this.images;
    for (let sample = 0; sample < this.samples; sample++) {
      const from = sample * outputs;
      const end = starts[this.chosen[sample] + 1];
      for (let at = starts[this.chosen[sample]]; at < end; at++) {
        const x = rate * values[at];
        const row = places[at] * outputs;
        for (let j = 0; j < outputs; j++) w[row + j] -= x * delta[from + j];
      }
    }
  }
}
