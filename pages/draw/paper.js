// The paper on the screen: it shows a drawing, and takes strokes from a mouse, a pen or a finger.

import { contextOf } from "../shared/dom.js";
import { paintGrey, pixelCanvas } from "../shared/pictures.js";
import { onPaper, SIDE } from "./drawing.js";
import { grid } from "./grid.js";

/** @import { Drawing } from "./drawing.js" */
/** @import { Grid } from "./grid.js" */

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

/** Return a canvas with a grey picture. @type {(picture: Grid) => HTMLCanvasElement} */
export function canvasOf({ height, width, data }) {
  const canvas = pixelCanvas(height, width);
  paintGrey(canvas, data, false);
  return canvas;
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

/** Round a place to tenths, and keep it near the paper. @type {(value: number) => number} */
function tenth(value) {
  return Math.round(10 * Math.min(Math.max(value, -SIDE), 2 * SIDE)) / 10;
}

// Pictures from files, read as grey values: 0 black, 255 white; as in stages/own_images/pictures.py.

const MOST_BYTES = 2 ** 24;
const MOST_SIDE = 4096;
const MOST_PIXELS = 12_500_000;
const READ_SIDE = 1600;

/** A file that is no picture, or too large; the key of a text says which. */
export class Unreadable extends Error {}

/**
 * Decode a picture on a white background, and reduce it by a whole factor to at most 1,600 pixels a side.
 * @param {Blob} file
 */
export async function greyPicture(file) {
  if (file.size > MOST_BYTES) throw new Unreadable("too-large");
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" }).catch(() => {
    throw new Unreadable("no-picture");
  });
  const { width, height } = bitmap;
  if (Math.max(width, height) > MOST_SIDE || width * height > MOST_PIXELS) throw new Unreadable("too-large");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = contextOf(canvas);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return reduced(luminance(context.getImageData(0, 0, width, height)));
}

/** Return the brightness of pixels, with the weights that Pillow has. @type {(pixels: ImageData) => Grid} */
function luminance({ width, height, data }) {
  const grey = grid(height, width);
  for (let at = 0, from = 0; at < grey.data.length; at++, from += 4) {
    grey.data[at] = (19595 * data[from] + 38470 * data[from + 1] + 7471 * data[from + 2] + 32768) >> 16;
  }
  return grey;
}

/** @param {Grid} grey */
function reduced(grey) {
  const factor = Math.ceil(Math.max(grey.height, grey.width) / READ_SIDE);
  if (factor === 1) return grey;
  const result = grid(Math.ceil(grey.height / factor), Math.ceil(grey.width / factor));
  for (let y = 0; y < result.height; y++) {
    for (let x = 0; x < result.width; x++) {
      let [total, count] = [0, 0];
      for (let row = y * factor; row < Math.min(grey.height, (y + 1) * factor); row++) {
        for (let column = x * factor; column < Math.min(grey.width, (x + 1) * factor); column++, count++) {
          total += grey.data[row * grey.width + column];
        }
      }
      result.data[y * result.width + x] = Math.floor((total + count / 2) / count);
    }
  }
  return result;
}
