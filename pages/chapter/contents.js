// The table of contents: links keep the state in the address, and the place that is read is marked.

import { fromAddress, toAddress } from "../shared/address.js";

/** The key of the place in the address, such as #lang=zh&at=perceptrons.gates. */
const PLACE = "at";

const contents = /** @type {HTMLDetailsElement} */ (document.querySelector(".contents"));
const wide = matchMedia("(min-width: 70rem)");

/** Start the table of contents, and go to the place that the address names. */
export function startContents() {
  const plain = location.hash.slice(1);
  const place = document.getElementById(plain) ? plain : fromAddress(PLACE);
  if (plain === place) history.replaceState(null, "", "#");
  if (place) show(place);
  document.addEventListener("click", followLink);
  addEventListener("hashchange", () => location.reload()); // another state was pasted into the address
  wide.addEventListener("change", fold);
  fold();
  watch();
}

/** Go to a place of the page, and name it in the address. @param {string} id */
function show(id) {
  const element = document.getElementById(id);
  if (!element) return;
  toAddress(PLACE, id);
  element.scrollIntoView();
}

/** Follow a link within the page without losing the state in the address. @param {MouseEvent} event */
function followLink(event) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const place = link?.getAttribute("href") || "";
  if (!place.startsWith("#") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(place.slice(1));
  fold();
}

/** Show the contents at the side of a wide page; fold it on a narrow one. */
function fold() {
  contents.open = wide.matches;
}

/** Mark the link of the section and of the demonstration that are read. */
function watch() {
  const links = new Map();
  for (const link of contents.querySelectorAll("a")) links.set(link.hash.slice(1), link);
  const places = [...document.querySelectorAll("section[id], article[id]")];
  let waiting = false;
  const mark = () => {
    waiting = false;
    const here = places.filter((place) => place.getBoundingClientRect().top < innerHeight / 3).at(-1);
    for (const link of contents.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
    for (const item of contents.querySelectorAll(".here")) item.classList.remove("here");
    const link = links.get(here?.id);
    link?.setAttribute("aria-current", "location");
    for (let item = link?.closest("li"); item; item = item.parentElement?.closest("li")) {
      item.classList.add("here");
    }
  };
  const later = () => {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  mark();
}
