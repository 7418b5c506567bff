// A drawing of an adder of several bits: a block for each pair of bits, and the carries between them.

import { onPress } from "../charts/pressable.js";
import { setAttributes, svg } from "../charts/svg.js";

const STEP = 84;
const [X_ROW, Y_ROW, BLOCK, SUM_ROW] = [38, 80, 134, 206];

export class Blocks {
  /**
   * @param {HTMLElement} place
   * @param {(number: number, bit: number) => void} pressed Called when a bit of one of the two numbers is pressed.
   * @param {(bit: number) => void} chosen Called when a block is chosen.
   */
  constructor(place, pressed, chosen) {
    this.element = svg("svg", { class: "wiring" });
    this.pressed = pressed;
    this.chosen = chosen;
    /** @type {SVGElement[][]} */
    this.inputs = [];
    /** @type {SVGElement[]} */
    this.sums = [];
    /** @type {SVGElement[]} */
    this.blocks = [];
    /** @type {SVGElement[]} */
    this.carries = [];
    place.append(this.element);
  }

  /**
   * Draw the blocks, that of the lowest bits to the right.
   * @param {number} bits
   * @param {{half: string, full: string}} names
   */
  build(bits, names) {
    const middle = (/** @type {number} */ bit) => 66 + (bits - bit + 0.5) * STEP;
    const width = 66 + (bits + 1) * STEP;
    setAttributes(this.element, { viewBox: `0 0 ${width} 240`, style: `max-width: ${width * 1.15}px` });
    this.element.style.minWidth = `${width * 0.8}px`;
    const places = Array.from({ length: bits }, (_, bit) => bit);
    this.inputs = [X_ROW, Y_ROW].map((y, number) =>
      places.map((bit) => {
        const label = `${number ? "y" : "x"} ${2 ** bit}`;
        const node = bitNode(middle(bit), y, { role: "button", tabindex: 0, "aria-label": label });
        onPress(node, () => this.pressed(number, bit));
        return node;
      }),
    );
    this.sums = [...places, bits].map((bit) => bitNode(middle(bit), SUM_ROW, {}));
    this.blocks = places.map((bit) => {
      const attributes = {
        class: "block",
        role: "button",
        tabindex: 0,
        transform: `translate(${middle(bit)} ${BLOCK})`,
      };
      const words = svg("text", { y: 4 }, bit ? names.full : names.half);
      const block = svg(
        "g",
        attributes,
        svg("rect", { x: -33, y: -22, width: 66, height: 44, rx: 8 }),
        words,
      );
      onPress(block, () => this.chosen(bit));
      return block;
    });
    this.carries = places.map((bit) => {
      const [from, to] = [middle(bit) - 33, middle(bit + 1)];
      const path =
        bit + 1 < bits ? `M${from},${BLOCK}H${to + 33}` : `M${from},${BLOCK}H${to}V${SUM_ROW - 14}`;
      return svg("path", { d: path, class: "wire" });
    });
    const heads = places.map((bit) =>
      svg("text", { x: middle(bit), y: 14, class: "name" }, String(2 ** bit)),
    );
    const rows = ["x", "y", "x + y"].map((name, row) =>
      svg("text", { x: 4, y: [X_ROW, Y_ROW, SUM_ROW][row] + 4, class: "row" }, name),
    );
    const all = [...this.carries, ...heads, ...rows, ...this.inputs.flat(), ...this.sums, ...this.blocks];
    this.element.replaceChildren(...all);
  }

  /**
   * Show the bits of both numbers, of their sum, and the carries; all with the lowest first.
   * @param {{numbers: number[][], sum: number[], carries: number[]}} values
   * @param {number} chosen
   */
  show({ numbers, sum, carries }, chosen) {
    for (const [row, nodes] of [...this.inputs, this.sums].entries()) {
      const values = row < 2 ? numbers[row] : sum;
      for (const [bit, node] of nodes.entries()) {
        node.classList.toggle("on", values[bit] === 1);
        /** @type {Element} */ (node.querySelector("text")).textContent = String(values[bit]);
        if (row < 2) node.setAttribute("aria-pressed", String(values[bit] === 1));
      }
    }
    for (const [bit, wire] of this.carries.entries()) wire.classList.toggle("on", carries[bit] === 1);
    for (const [bit, block] of this.blocks.entries())
      block.setAttribute("aria-pressed", String(bit === chosen));
  }
}

/**
 * @param {number} x
 * @param {number} y
 * @param {Record<string, string | number>} attributes
 */
function bitNode(x, y, attributes) {
  const place = { transform: `translate(${x} ${y})`, class: attributes.role ? "node input" : "node" };
  const square = svg("rect", { x: -14, y: -14, width: 28, height: 28, rx: 6 });
  return svg("g", { ...attributes, ...place }, square, svg("text", { y: 5, class: "value" }));
}
