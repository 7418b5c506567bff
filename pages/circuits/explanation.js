// What a neuron of a circuit computes, as a line of arithmetic.

/** @typedef {import("./circuit.js").Circuit} Circuit */

/**
 * Return the sum of a neuron with its numbers put in, such as: −2·1 − 2·0 + 3 = 1.
 * @param {Circuit} circuit
 * @param {number} number Of the neuron.
 * @param {number[]} values Of all signals.
 */
export function sumInWords(circuit, number, values) {
  const { sources, weights, bias } = circuit.neurons[number];
  const terms = sources.map((source, place) => ({ value: weights[place], words: `·${values[source]}` }));
  const sum = terms.reduce((total, { value }, place) => total + value * values[sources[place]], bias);
  const all = [...terms, { value: bias, words: "" }].map(({ value, words }, place) => {
    const sign = value < 0 ? "−" : "+";
    return place
      ? ` ${sign} ${Math.abs(value)}${words}`
      : `${value < 0 ? "−" : ""}${Math.abs(value)}${words}`;
  });
  return `${all.join("")} = ${String(sum).replace("-", "−")}`;
}
