// Random numbers from a seed: the same network and the same order of images each time. They are not NumPy's.

export class Random {
  /**
   * Start one of the streams of a seed. The generator is sfc32 of the PractRand suite.
   * @param {number} seed
   * @param {number} stream
   */
  constructor(seed, stream) {
    this.state = Uint32Array.of(seed, stream, seed / 2 ** 32, 1);
    for (let round = 0; round < 15; round++) this.bits();
  }

  /** Return 32 random bits. */
  bits() {
    const [a, b, c, counter] = this.state;
    const result = (a + b + counter) >>> 0;
    this.state[0] = b ^ (b >>> 9);
    this.state[1] = c + (c << 3);
    this.state[2] = ((c << 21) | (c >>> 11)) + result;
    this.state[3] = counter + 1;
    return result;
  }

  /** Return a number from 0 to 1, below 1. */
  uniform() {
    return this.bits() / 2 ** 32;
  }

  /** Return a number from N(0, 1), by the method of Box and Muller. */
  normal() {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * Return the numbers from 0 to n - 1 in random order.
   * @param {number} n
   */
  permutation(n) {
    const order = Uint32Array.from({ length: n }, (_, place) => place);
    for (let last = n - 1; last > 0; last--) {
      const other = Math.floor(this.uniform() * (last + 1));
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }
}
