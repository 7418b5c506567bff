// The program that a reader completes: each function is checked on numbers, and then the whole trains on the digits of
// the page. A reader's words run in a worker, which is ended if it does not come to an end.

import { digits } from "../learning/session.js";
import { DATA } from "../shared/language.js";
import { not, RIGHT } from "./answers.js";

/** @import { Verdict } from "./answers.js" */
/** @import { Order } from "./program_worker.js" */

const WORKER = "chapter/program_worker.js";
const GIVEN = `const { layers, normal, shuffle, backprop, change } = ${variable()};
const { sigmoid, dot } = figures$small_network;`;
const PARTS = /** @type {const} */ (["Network", "feedforward", "SGD", "updateMiniBatch"]);
const GAP = "…";

/** Milliseconds after which a worker that says nothing is ended. */
const PATIENCE = 20_000;

/**
 * Return the checks of the functions. They share what was written, so that the last can train with all.
 * @returns {import("./answers.js").Check[]}
 */
export function programChecks() {
  /** @type {Map<string, string>} */
  const right = new Map();
  let tell = (/** @type {Verdict} */ _verdict) => {};
  return PARTS.map((name) => async ({ chosen: [code] }, later) => {
    right.delete(name);
    if (name === PARTS[PARTS.length - 1]) tell = later;
    const verdict = await check(name, code);
    if (verdict.right) right.set(name, code);
    if (right.size === PARTS.length && DATA.digits) void train([...right.values()].join("\n"), tell);
    return verdict;
  });
}

/** @type {(name: typeof PARTS[number], code: string) => Promise<Verdict>} */
async function check(name, code) {
  if (code.includes(GAP)) return not([{ key: "ex-code-gap" }]);
  const alone = name === "SGD" ? `${code}\nconst updateMiniBatch = ${variable()}.record;` : code;
  try {
    const { right, got, wanted } = await ask(alone, [name], { kind: "check", name }, () => true);
    return right ? RIGHT : not([{ key: "ex-code-other", values: { got, wanted } }]);
  } catch (error) {
    return failed(error);
  }
}

/** @type {(code: string, tell: (verdict: Verdict) => void) => Promise<void>} */
async function train(code, tell) {
  const { train: learned, test } = await digits();
  /** @type {import("./answers.js").Message[]} */
  const messages = [{ key: "ex-code-trains" }];
  tell({ ...RIGHT, messages });
  try {
    await ask(code, PARTS, { kind: "train", train: learned, test }, (values) => {
      messages.push({ key: "ex-code-epoch", values });
      tell({ ...RIGHT, messages });
      return values.isLast;
    });
    messages.push({ key: "ex-code-next" });
    tell({ ...RIGHT, messages });
  } catch (error) {
    tell(failed(error));
  }
}

/**
 * Start a worker with the reader's functions, give it an order, and return the report that is the last.
 * @type {(code: string, names: readonly string[], order: Order, isLast: (report: any) => boolean) => Promise<any>}
 */
function ask(code, names, order, isLast) {
  const script = `${DATA.workers[WORKER]}\n${GIVEN}\n${code}\n${variable()}.start({ ${names} });`;
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(address);
  let timer = 0;
  /** @type {Promise<any>} */
  const last = new Promise((resolve, reject) => {
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(null), PATIENCE);
    };
    worker.addEventListener("message", ({ data }) => (isLast(data) ? resolve(data) : wait()));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      reject(event.message);
    });
    wait();
  });
  worker.postMessage(order);
  return last.finally(() => {
    clearTimeout(timer);
    worker.terminate();
    URL.revokeObjectURL(address);
  });
}

/** Return the name of the module in the worker's script (stages/figures/page.py). */
function variable() {
  return WORKER.replace(/\.js$/, "").replace("/", "$");
}

/** @param {unknown} error the browser's words, or null if there was no end */
function failed(error) {
  return error === null
    ? not([{ key: "ex-code-endless" }])
    : not([{ key: "ex-code-error", values: { error: String(error) } }]);
}
