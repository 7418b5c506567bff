// The state of a page in the fragment of its address, such as #lang=zh&gates.bias=3: a link leads to the same state.

/** @returns {URLSearchParams} */
function fragment() {
  return new URLSearchParams(location.hash.slice(1));
}

/**
 * Return a value of the address, or null.
 * @param {string} key
 * @returns {string | null}
 */
export function fromAddress(key) {
  return fragment().get(key);
}

/**
 * Write a value into the address, or remove it if it is null. No step is added to the browser's history.
 * @param {string} key
 * @param {string | null} value
 */
export function toAddress(key, value) {
  allToAddress([[key, value]]);
}

/**
 * Write values into the address at once: browsers limit how often it may be written.
 * @param {[string, string | null][]} changes
 */
export function allToAddress(changes) {
  const values = fragment();
  for (const [key, value] of changes) {
    if (value === null) values.delete(key);
    else values.set(key, value);
  }
  history.replaceState(null, "", `#${values}`);
}
