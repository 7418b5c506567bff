// Parts of a drawing that are pressed like buttons.

/**
 * Call a function when an element is clicked, or Enter or the space bar is pressed on it.
 * @param {SVGElement} element
 * @param {() => void} pressed
 */
export function onPress(element, pressed) {
  element.addEventListener("click", pressed);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    pressed();
  });
}
