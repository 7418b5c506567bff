// The paper on the screen: it shows a drawing, and takes strokes from a mouse, a pen or a finger.

import { contextOf } from "../shared/dom.js";
import { onPaper } from "./drawing.js";
import { SIDE } from "./ink.js";

/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("../images/grid.js").Grid} Grid */

const INK = "#16191d";

/** Shows a drawing on a canvas, at the resolution of the screen. */
export class Paper {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Drawing} drawing
   */
  constructor(canvas, drawing) {
    this.canvas = canvas;
    this.drawing = drawing;
    /** @type {{ picture: Grid, canvas: HTMLCanvasElement } | null} */
    this.below = null;
  }

  /** Paint the drawing. */
  paint() {
    const { canvas, drawing } = this;
    const side = Math.round(canvas.clientWidth * window.devicePixelRatio) || SIDE;
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = contextOf(canvas);
    context.setTransform(side / SIDE, 0, 0, side / SIDE, 0, 0);
    context.fillStyle = "#fff";
    context.fillRect(0, 0, SIDE, SIDE);
    const { picture, strokes } = drawing.state;
    if (picture) context.drawImage(this.painted(picture), 0, 0);
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = INK;
    for (const { width, points } of strokes) {
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(points[0], points[1]);
      for (let at = 0; at < points.length; at += 2) context.lineTo(points[at], points[at + 1]);
      context.stroke();
    }
  }

  /** @param {Grid} picture */
  painted(picture) {
    if (this.below?.picture !== picture) {
      this.below = { picture, canvas: canvasOf(onPaper(picture, SIDE)) };
    }
    return this.below.canvas;
  }
}

/**
 * Return a canvas with a grey picture.
 * @param {Grid} picture
 * @returns {HTMLCanvasElement}
 */
export function canvasOf({ height, width, data }) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  paintGrey(canvas, new ImageData(width, height), data, false);
  return canvas;
}

/**
 * Paint grey values on a canvas of their size.
 * @param {HTMLCanvasElement} canvas
 * @param {ImageData} pixels Where the pixels are made; of the same size.
 * @param {ArrayLike<number>} data
 * @param {boolean} inverted
 */
export function paintGrey(canvas, pixels, data, inverted) {
  for (let at = 0, to = 0; at < data.length; at++, to += 4) {
    const value = inverted ? 255 - data[at] : data[at];
    pixels.data[to] = pixels.data[to + 1] = pixels.data[to + 2] = value;
    pixels.data[to + 3] = 255;
  }
  contextOf(canvas).putImageData(pixels, 0, 0);
}

/**
 * Take strokes from the pointer: one pointer at a time, also outside the paper once it has begun on it.
 * @param {HTMLCanvasElement} canvas
 * @param {object} strokes
 * @param {(x: number, y: number) => void} strokes.begin
 * @param {(x: number, y: number) => void} strokes.extend
 * @param {() => void} strokes.end
 */
export function onStrokes(canvas, { begin, extend, end }) {
  /** @type {number | null} */
  let pointer = null;
  const place = (/** @type {PointerEvent} */ event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const x = ((event.clientX - left) / width) * SIDE;
    const y = ((event.clientY - top) / height) * SIDE;
    return /** @type {const} */ ([tenth(x), tenth(y)]);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    begin(...place(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const all = event.getCoalescedEvents?.() ?? [];
    for (const one of all.length ? all : [event]) extend(...place(one));
  });
  const finish = (/** @type {PointerEvent} */ event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    end();
  };
  canvas.addEventListener("pointerup", finish);
  canvas.addEventListener("pointercancel", finish);
  canvas.addEventListener("lostpointercapture", finish);
}

/**
 * Round a place to tenths, and keep it near the paper.
 * @param {number} value
 */
function tenth(value) {
  return Math.round(10 * Math.min(Math.max(value, -SIDE), 2 * SIDE)) / 10;
}
