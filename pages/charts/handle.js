// A point of a plot that is dragged by mouse, pen or finger, or moved by the arrow keys.

import { written } from "./scale.js";
import { setAttributes, svg } from "./svg.js";

/** @typedef {import("./plot.js").Plot} Plot */

const KEYS = /** @type {Record<string, number[]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
});

export class Handle {
  /**
   * @param {Plot} plot
   * @param {string} label The key of its name for screen readers.
   * @param {number} step What an arrow key adds, in the numbers of the axes; ten times as much with Shift.
   * @param {(point: number[]) => void} moved
   */
  constructor(plot, label, step, moved) {
    this.plot = plot;
    this.point = [0, 0];
    this.element = svg(
      "g",
      { class: "handle", role: "slider", tabindex: 0, "data-label": label },
      svg("circle", { r: 20, class: "reach" }),
      svg("circle", { r: 8, class: "grip" }),
    );
    this.moved = moved;
    plot.handles.append(this.element);
    this.element.addEventListener("pointerdown", (event) => {
      this.element.setPointerCapture(event.pointerId);
      this.element.focus({ preventScroll: true });
      event.preventDefault();
    });
    this.element.addEventListener("pointermove", (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) moved(plot.pointAt(event));
    });
    this.element.addEventListener("keydown", (event) => {
      const direction = KEYS[event.key];
      if (!direction) return;
      event.preventDefault();
      const length = event.shiftKey ? 10 * step : step;
      moved(this.point.map((value, axis) => value + length * direction[axis]));
    });
  }

  /** Let the handle come to where the plot is clicked. */
  followClicks() {
    this.plot.element.addEventListener("click", (event) => {
      if (!this.element.contains(/** @type {Node} */ (event.target))) this.moved(this.plot.pointAt(event));
    });
  }

  /**
   * Put the handle at a point; at the edge of the frame if it is outside.
   * @param {number[]} point
   */
  show(point) {
    this.point = point;
    const { x, y } = this.plot.ranges;
    const inside = [x, y].map(([low, high], axis) => Math.min(high, Math.max(low, point[axis])));
    setAttributes(this.element, {
      transform: `translate(${this.plot.toX(inside[0])} ${this.plot.toY(inside[1])})`,
      "aria-valuenow": point[0],
      "aria-valuetext": point.map((value) => written(value, 3)).join(", "),
    });
  }
}
