// A plot in SVG: axes, curves, points and texts in the numbers of what is plotted.

import { contextOf, make, onArrow } from "../shared/dom.js";

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

  /** Remove all marks, and draw the axes of a frame. @type {(frame: Frame) => void} */
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

  /** Take the space of the axes away, but for a margin. @param {number} margin */
  trim(margin) {
    const [left, top] = [LEFT - 3 * margin, TOP - margin];
    const [width, height] = [this.width - LEFT - RIGHT + 6 * margin, this.height - TOP - BOTTOM + 2 * margin];
    this.element.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
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

  /** Fill the area within points. @type {(points: number[][], look?: string) => void} */
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

  /** Draw an arrow from one point to another. @type {(from: number[], to: number[], look?: string) => void} */
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
   * @type {(point: number[], words: string, attributes?: Record<string, string | number>) => void}
   */
  note([x, y], words, attributes = {}) {
    this.notes.append(svg("text", { x: this.toX(x), y: this.toY(y), class: "note", ...attributes }, words));
  }

  /** Put an image behind the marks, over the whole frame. @type {(address: string) => void} */
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
    const back = (/** @type {number[]} */ range, /** @type {Scale} */ to, /** @type {number} */ place) =>
      range[0] + ((place - to(range[0])) / (to(range[1]) - to(range[0]))) * (range[1] - range[0]);
    return [back(this.ranges.x, this.toX, x), back(this.ranges.y, this.toY, y)];
  }
}

// A point of a plot that is dragged by mouse, pen or finger, or moved by the arrow keys.

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
    this.element.addEventListener("keydown", (event) =>
      onArrow(event, (right, down) => {
        const length = event.shiftKey ? 10 * step : step;
        moved([this.point[0] + length * right, this.point[1] - length * down]);
      }),
    );
  }

  /** Let the handle come to where the plot is clicked. */
  followClicks() {
    this.plot.element.addEventListener("click", (event) => {
      if (!this.element.contains(/** @type {Node} */ (event.target))) this.moved(this.plot.pointAt(event));
    });
  }

  /** Put the handle at a point; at the edge of the frame if it is outside. @type {(point: number[]) => void} */
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

// Scales of axes: from numbers to places on a drawing, round numbers for the ticks, and numbers as texts.

/** @typedef {(value: number) => number} Scale */

/**
 * Return a scale that takes the ends of a range to two places; it is logarithmic on request.
 * @param {number[]} range
 * @param {number[]} places
 * @param {boolean} log
 * @returns {Scale}
 */
export function scale([low, high], [from, to], log = false) {
  if (log) {
    const linear = scale([Math.log10(low), Math.log10(high)], [from, to]);
    return (value) => linear(Math.log10(value));
  }
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/**
 * Return round numbers of a range, some `most` at most, for the ticks of a linear axis.
 * @type {(range: number[], most?: number) => number[]}
 */
export function ticks([low, high], most = 6) {
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/**
 * Return the powers of ten of a range, every second or third one if they are many, for a logarithmic axis.
 * @param {number[]} range
 */
function powersOfTen([low, high]) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (!Number.isFinite(last - first)) return [];
  const every = Math.max(1, Math.ceil((last - first) / 6));
  const powers = [];
  for (let power = first; power <= last; power += every) powers.push(10 ** power);
  return powers;
}

/** Return a number as text with few digits and a real minus sign. @type {(value: number, digits?: number) => string} */
export function written(value, digits = 4) {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "–";
  const size = Math.abs(value);
  const rounded = Number(value.toPrecision(digits));
  if (rounded === 1 && value < 1) return `1 − ${written(1 - value, 2)}`; // an output of a sigmoid never is 1
  const text = size && (size < 1e-4 || size >= 1e7) ? rounded.toExponential() : String(rounded);
  return text.replace("e+", "e").replaceAll("-", "−");
}

// Elements of SVG, made and changed. Texts are always text, never markup.

const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * Make an element with attributes and children; a child that is a string becomes text.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/** @type {(element: Element, attributes: Record<string, string | number>) => void} */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** Return points as the `d` of a path. @type {(points: number[][]) => string} */
function pathThrough(points) {
  return points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(2)},${y.toFixed(2)}`).join("");
}

// Heat maps: numbers from 0 to 1 as colours that the colour-blind can tell apart.

/** The colours of viridis at equal distances. */
const VIRIDIS = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/** Return the red, green and blue of a number from 0 to 1. @type {(share: number) => number[]} */
function viridis(share) {
  const place = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const below = Math.min(VIRIDIS.length - 2, Math.floor(place));
  return VIRIDIS[below].map((value, part) => value + (place - below) * (VIRIDIS[below + 1][part] - value));
}

/**
 * Return the address of an image whose pixels have the colours of numbers from 0 to 1.
 * @type {(width: number, height: number, share: (column: number, row: number) => number) => string}
 */
export function heatMap(width, height, share) {
  const canvas = make("canvas");
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      image.data.set([...viridis(share(column, row)), 255], 4 * (row * width + column));
    }
  }
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas.toDataURL();
}

// Parts of a drawing that are pressed like buttons.

/**
 * Call a function when an element is clicked, or Enter or the space bar is pressed on it.
 * @type {(element: SVGElement, pressed: () => void) => void}
 */
export function onPress(element, pressed) {
  element.addEventListener("click", pressed);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    pressed();
  });
}
