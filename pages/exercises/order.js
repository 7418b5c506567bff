// Steps to be put in order, by two buttons each, with the mouse or the keyboard. The focus stays on the button.

/**
 * Let the steps of a part be moved up and down.
 * @param {HTMLFieldSetElement} part
 * @param {() => void} changed
 */
export function startOrder(part, changed) {
  const list = /** @type {HTMLElement} */ (part.querySelector(".steps"));
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const step = button?.closest("li");
    if (!button || !step) return;
    const up = button.dataset.move === "-1";
    const other = up ? step.previousElementSibling : step.nextElementSibling;
    if (!other) return;
    if (up) list.insertBefore(step, other);
    else list.insertBefore(other, step);
    button.focus();
    changed();
  });
}
