// The exercises: each form reads its answers, checks them, and says what is right or wrong, and why.

import { fromAddress, toAddress } from "../shared/address.js";
import { DATA, onLanguage, text } from "../shared/language.js";
import { read } from "./answers.js";
import { CHECKS } from "./checks.js";

/** @import { Verdict } from "./answers.js" */

/** What stands between the parts of an exercise, and between the values of a part, in the address. */
const [PARTS, VALUES] = ["__", "_"];

/** The address is written when nothing has changed for this time: browsers limit how often it may be. */
const PAUSE = 250;

/** Start all exercises of the page. */
export function startExercises() {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll(".exercise"))) {
    start(form);
  }
}

/** @param {HTMLFormElement} form */
function start(form) {
  const checks = CHECKS[form.dataset.exercise || ""](DATA.withoutHidden);
  const parts = form.querySelectorAll("fieldset");
  /** @type {(Verdict | null)[]} */
  const verdicts = [...parts].map(() => null);
  const times = verdicts.map(() => 0);
  const say = () => {
    for (const [place, part] of parts.entries()) show(part, verdicts[place]);
  };
  let timer = 0;
  const keep = () => {
    clearTimeout(timer);
    const kept = [...parts].map((part) => values(part).join(VALUES)).join(PARTS);
    toAddress(form.id, /[^_]/.test(kept) ? kept : null);
  };
  const keepSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  (fromAddress(form.id) || "").split(PARTS).forEach((kept, place) => {
    if (kept && parts[place]) fill(parts[place], kept.split(VALUES));
  });
  for (const [place, part] of parts.entries()) {
    const changed = () => {
      verdicts[place] = null;
      times[place] += 1;
      keepSoon();
      say();
    };
    part.addEventListener("input", changed);
    part.addEventListener("change", keep);
    if (part.dataset.kind === "order") startOrder(part, changed);
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const [place, part] of parts.entries()) {
      const time = times[place];
      const tell = (/** @type {Verdict} */ verdict) => {
        if (times[place] !== time) return; // the answer has changed
        verdicts[place] = verdict;
        say();
      };
      const verdict = checks[place](answerOf(part), tell);
      if (verdict instanceof Promise) void verdict.then(tell);
      else verdicts[place] = verdict;
    }
    keep();
    say();
  });
  onLanguage(say);
}

/** @param {HTMLFieldSetElement} part */
function answerOf(part) {
  if (part.dataset.kind === "code") return { numbers: {}, chosen: [...inputs(part)].map(({ value }) => value) };
  if (part.dataset.kind !== "numbers") return { numbers: {}, chosen: values(part) };
  return {
    numbers: Object.fromEntries([...inputs(part)].map(({ name, value }) => [name, read(value)])),
    chosen: [],
  };
}

/** Return what is written or chosen in a part. @type {(part: HTMLFieldSetElement) => string[]} */
function values(part) {
  if (part.dataset.kind === "code") return [...inputs(part)].map(({ value }) => packed(value));
  if (part.dataset.kind === "order") return [...steps(part)].map((step) => step.dataset.step || "");
  if (part.dataset.kind === "numbers") return [...inputs(part)].map((input) => input.value.trim());
  return [...inputs(part)].filter((input) => input.checked).map((input) => input.value);
}

/** Write values from the address into a part. @type {(part: HTMLFieldSetElement, given: string[]) => void} */
function fill(part, given) {
  const known = new Map([...steps(part)].map((step) => [step.dataset.step, step]));
  for (const letter of new Set(given)) {
    const step = known.get(letter);
    if (step) step.parentElement?.append(step);
  }
  for (const [place, input] of inputs(part).entries()) {
    if (part.dataset.kind === "numbers") input.value = given[place] || "";
    else if (part.dataset.kind === "code") input.value = unpacked(given[place] || "") || input.value;
    else input.checked = given.includes(input.value);
  }
}

/** @type {(part: HTMLFieldSetElement, verdict: Verdict | null) => void} */
function show(part, verdict) {
  const said = /** @type {HTMLElement} */ (part.querySelector(".said"));
  said.textContent = (verdict?.messages || [])
    .map(({ key, values = {}, texts = {} }) => {
      const inner = Object.entries(texts).map(([place, other]) => [place, text(other)]);
      return text(key, { ...values, ...Object.fromEntries(inner) });
    })
    .join("\n");
  said.dataset.right = String(verdict?.right);
  for (const input of inputs(part)) {
    input.setAttribute("aria-invalid", String(Boolean(verdict?.wrong.includes(input.name))));
  }
}

// A text in the address has no character that stands between values there.

/** @param {string} written */
function packed(written) {
  return written.replaceAll("~", "~0").replaceAll("_", "~1");
}

/** @param {string} kept */
function unpacked(kept) {
  return kept.replaceAll("~1", "_").replaceAll("~0", "~");
}

/** @param {HTMLFieldSetElement} part @returns {NodeListOf<HTMLInputElement>} text areas count as inputs */
function inputs(part) {
  return part.querySelectorAll("input, textarea");
}

/** @param {HTMLFieldSetElement} part @returns {NodeListOf<HTMLElement>} */
function steps(part) {
  return part.querySelectorAll("[data-step]");
}

// Steps to be put in order, by two buttons each, with the mouse or the keyboard. The focus stays on the button.

/** Let the steps of a part be moved up and down. @type {(part: HTMLFieldSetElement, changed: () => void) => void} */
function startOrder(part, changed) {
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
