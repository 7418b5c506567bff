// The state of a page in the fragment of its address, such as #lang=zh&gates.bias=3: a link leads to the same state.
//
// The place that is read is a part of it, and each new place is a step of the browser's history. Other changes are none:
// after a step back, they stay. An address with another state, such as one that was typed, loads the page again.

/** The key of the place, such as #lang=zh&at=perceptrons.gates. */
const PLACE = "at";

/** Steps of the history with the same visit differ in their place only. Loading the page again continues a visit. */
const VISIT = history.state?.visit ?? Math.random();

/** The values that were written last. */
let current = fragment();

/** @returns {URLSearchParams} */
function fragment() {
  return new URLSearchParams(location.hash.slice(1));
}

/** Return a value of the address, or null. @type {(key: string) => string | null} */
export function fromAddress(key) {
  return current.get(key);
}

/**
 * Write a value into the address, or remove it if it is null. No step is added to the browser's history.
 * @type {(key: string, value: string | null) => void}
 */
export function toAddress(key, value) {
  allToAddress([[key, value]]);
}

/**
 * Write values into the address at once: browsers limit how often it may be written.
 * @param {[string, string | null][]} changes
 */
export function allToAddress(changes) {
  for (const [key, value] of changes) {
    if (value === null) current.delete(key);
    else current.set(key, value);
  }
  history.replaceState({ visit: VISIT }, "", `#${current}`);
}

/** Return the place that the address names, or null: of #descent, too, which is then written as the others. */
export function placeFromAddress() {
  const plain = location.hash.slice(1);
  if (!document.getElementById(plain)) return fromAddress(PLACE);
  current = new URLSearchParams();
  toAddress(PLACE, plain);
  return plain;
}

/**
 * Write a place into the address, as a step of the browser's history unless it is there.
 * @param {string} place
 */
export function stepTo(place) {
  if (fromAddress(PLACE) === place) return;
  current.set(PLACE, place);
  history.pushState({ visit: VISIT }, "", `#${current}`);
}

/** Follow the browser's history from now on: a step changes the place and nothing else. */
export function startSteps() {
  history.replaceState({ visit: VISIT }, "");
  addEventListener("popstate", () => {
    if (isOurs()) toAddress(PLACE, fragment().get(PLACE)); // the browser scrolls to where the place was left
  });
  addEventListener("hashchange", () => {
    if (!isOurs()) location.reload();
  });
}

function isOurs() {
  return history.state?.visit === VISIT;
}
