// A plot in SVG: axes, curves, points and texts in the numbers of what is plotted.

import { powersOfTen, scale, ticks, written } from "./scale.js";
import { pathThrough, setAttributes, svg } from "./svg.js";

/**
 * @typedef {object} Frame
 * @property {number[]} x The range of the horizontal axis.
 * @property {number[]} y The range of the vertical axis.
 * @property {string} [xName]
 * @property {string} [yName]
 * @property {boolean} [logX]
 * @property {boolean} [logY]
 * @property {number[]} [xTicks] Round numbers unless given; likewise yTicks.
 * @property {number[]} [yTicks]
 */

const LEFT = 66;
const RIGHT = 14;
const TOP = 12;
const BOTTOM = 40;

let plots = 0;

export class Plot {
  /**
   * @param {HTMLElement} place Where the plot is put; it has a label for screen readers.
   * @param {number} width
   * @param {number} height
   */
  constructor(place, width = 420, height = 300) {
    this.width = width;
    this.height = height;
    const clip = `plot-clip-${plots++}`;
    this.element = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "plot" });
    this.axes = svg("g", { class: "axes" });
    /** What is redrawn. Marks outside the frame are cut off. */
    this.marks = svg("g", { "clip-path": `url(#${clip})` });
    /** Notes, and handles that keep the focus of the keyboard while the marks are redrawn. */
    this.notes = svg("g");
    this.handles = svg("g");
    const inside = { x: LEFT, y: TOP, width: width - LEFT - RIGHT, height: height - TOP - BOTTOM };
    const clipPath = svg("clipPath", { id: clip }, svg("rect", inside));
    this.element.append(svg("defs", {}, clipPath), this.axes, this.marks, this.notes, this.handles);
    place.append(this.element);
    /** @type {Frame} */
    this.ranges = { x: [0, 1], y: [0, 1] };
    this.toX = scale([0, 1], [LEFT, width - RIGHT]);
    this.toY = scale([0, 1], [height - BOTTOM, TOP]);
  }

  /**
   * Remove all marks, and draw the axes of a frame.
   * @param {Frame} frame
   */
  clear(frame) {
    this.ranges = frame;
    const ends = { left: LEFT, right: this.width - RIGHT, top: TOP, bottom: this.height - BOTTOM };
    this.toX = scale(frame.x, [ends.left, ends.right], frame.logX);
    this.toY = scale(frame.y, [ends.bottom, ends.top], frame.logY);
    this.axes.replaceChildren();
    this.marks.replaceChildren();
    this.notes.replaceChildren();
    for (const value of frame.xTicks ?? (frame.logX ? powersOfTen(frame.x) : ticks(frame.x))) {
      const x = this.toX(value);
      this.axes.append(svg("line", { x1: x, x2: x, y1: ends.top, y2: ends.bottom, class: "grid" }));
      this.axes.append(svg("text", { x, y: ends.bottom + 15, "text-anchor": "middle" }, written(value)));
    }
    for (const value of frame.yTicks ?? (frame.logY ? powersOfTen(frame.y) : ticks(frame.y, 5))) {
      const y = this.toY(value);
      this.axes.append(svg("line", { x1: ends.left, x2: ends.right, y1: y, y2: y, class: "grid" }));
      this.axes.append(svg("text", { x: ends.left - 6, y: y + 4, "text-anchor": "end" }, written(value)));
    }
    const size = { width: ends.right - ends.left, height: ends.bottom - ends.top };
    this.axes.append(svg("rect", { x: ends.left, y: ends.top, ...size, class: "frame" }));
    const middle = (ends.top + ends.bottom) / 2;
    const xName = {
      x: (ends.left + ends.right) / 2,
      y: this.height - 6,
      "text-anchor": "middle",
      class: "name",
    };
    const yName = { x: 12, y: middle, "text-anchor": "middle", class: "name" };
    this.axes.append(svg("text", xName, frame.xName ?? ""));
    this.axes.append(svg("text", { ...yName, transform: `rotate(-90 12 ${middle})` }, frame.yName ?? ""));
  }

  /**
   * Draw a line through points.
   * @param {number[][]} points
   * @param {string} look A class of charts.css: curve, second, third, thin, dashed.
   */
  curve(points, look = "curve") {
    const places = points.map(([x, y]) => [this.toX(x), this.toY(y)]);
    const path = svg("path", { d: pathThrough(places), class: look });
    this.marks.append(path);
    return path;
  }

  /**
   * Fill the area within points.
   * @param {number[][]} points
   * @param {string} look
   */
  area(points, look = "area") {
    const places = points.map(([x, y]) => [this.toX(x), this.toY(y)]);
    if (places.length) this.marks.append(svg("path", { d: `${pathThrough(places)}Z`, class: look }));
  }

  /**
   * Draw points.
   * @param {number[][]} points
   * @param {string} look A class of charts.css: dot, hollow, faint.
   * @param {number} r
   */
  dots(points, look = "dot", r = 4) {
    for (const [x, y] of points) {
      this.marks.append(svg("circle", { cx: this.toX(x), cy: this.toY(y), r, class: look }));
    }
  }

  /**
   * Draw an arrow from one point to another.
   * @param {number[]} from
   * @param {number[]} to
   * @param {string} look
   */
  arrow(from, to, look = "curve") {
    const [x, y, endX, endY] = [this.toX(from[0]), this.toY(from[1]), this.toX(to[0]), this.toY(to[1])];
    const length = Math.hypot(endX - x, endY - y);
    if (!(length > 0.5)) return;
    const [across, up] = [(endX - x) / length, (endY - y) / length];
    const side = Math.min(8, length / 2);
    const wing = (/** @type {number} */ sign) => [
      endX - side * (across * 0.87 - sign * up * 0.5),
      endY - side * (up * 0.87 + sign * across * 0.5),
    ];
    const end = [endX, endY];
    this.marks.append(
      svg("path", { d: pathThrough([[x, y], end]) + pathThrough([wing(1), end, wing(-1)]), class: look }),
    );
  }

  /**
   * Write a text beside a point.
   * @param {number[]} point
   * @param {string} words
   * @param {Record<string, string | number>} attributes
   */
  note([x, y], words, attributes = {}) {
    this.notes.append(svg("text", { x: this.toX(x), y: this.toY(y), class: "note", ...attributes }, words));
  }

  /**
   * Put an image behind the marks, over the whole frame.
   * @param {string} address
   */
  background(address) {
    const [left, top] = [this.toX(this.ranges.x[0]), this.toY(this.ranges.y[1])];
    const image = svg("image", { href: address, x: left, y: top, preserveAspectRatio: "none" });
    const [right, bottom] = [this.toX(this.ranges.x[1]), this.toY(this.ranges.y[0])];
    setAttributes(image, { width: right - left, height: bottom - top });
    this.marks.prepend(image);
  }

  /**
   * Return the point under the pointer, in the numbers of the axes. Only for linear axes.
   * @param {MouseEvent} event
   */
  pointAt(event) {
    const box = this.element.getBoundingClientRect();
    const zoom = this.width / box.width;
    const [x, y] = [(event.clientX - box.left) * zoom, (event.clientY - box.top) * zoom];
    const back = (
      /** @type {number[]} */ range,
      /** @type {import("./scale.js").Scale} */ to,
      /** @type {number} */ place,
    ) => range[0] + ((place - to(range[0])) / (to(range[1]) - to(range[0]))) * (range[1] - range[0]);
    return [back(this.ranges.x, this.toX, x), back(this.ranges.y, this.toY, y)];
  }
}
