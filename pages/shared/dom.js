// Elements of the document, found and made. Texts are always text, never HTML.

/**
 * Return the element with this id.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 */
export function byId(id) {
  return /** @type {T} */ (document.getElementById(id));
}

/**
 * Make an element with a class and children; a child that is a string becomes text. A button submits nothing.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} className
 * @param {(Node | string)[]} children
 */
export function make(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (element instanceof HTMLButtonElement) element.type = "button";
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/**
 * Make a row of a table. A cell is a text, or a class and what is in the cell.
 * @type {(className: string, ...cells: (string | [string, Node | string])[]) => HTMLTableRowElement}
 */
export function row(className, ...cells) {
  return make(
    "tr",
    className,
    ...cells.map((cell) => (typeof cell === "string" ? make("td", "", cell) : make("td", ...cell))),
  );
}

/** Return the drawing context of a canvas. @type {(canvas: HTMLCanvasElement) => CanvasRenderingContext2D} */
export function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/** Let the browser save a file, as a download. @type {(blob: Blob, name: string) => void} */
export function save(blob, name) {
  const link = make("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Call a function with the direction of an arrow key: right, and down.
 * @type {(event: KeyboardEvent, go: (right: number, down: number) => void) => void}
 */
export function onArrow(event, go) {
  if (!(event.key in ARROWS)) return;
  event.preventDefault();
  go(...ARROWS[event.key]);
}
