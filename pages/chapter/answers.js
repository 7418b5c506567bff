// What the checks of the exercises share: an answer, what is said about it, and checks of numbers and choices.

/**
 * An answer to a part: the numbers of its fields (NaN where there is none), the chosen options, the order of steps,
 * or a text.
 * @typedef {{numbers: Record<string, number>, chosen: string[]}} Answer
 */

/**
 * A text that is said about an answer, with the key of the text for its place {field}, and the fields that are wrong.
 * @typedef {{key: string, values?: Record<string, string | number>, texts?: Record<string, string>}} Message
 * @typedef {{right: boolean, messages: Message[], wrong: string[]}} Verdict
 * @typedef {(answer: Answer, later: (verdict: Verdict) => void) => Verdict | Promise<Verdict>} Check
 */

/** @type {Verdict} */
export const RIGHT = { right: true, messages: [{ key: "ex-right" }], wrong: [] };

/** @type {(messages: Message[], wrong?: string[]) => Verdict} */
export function not(messages, wrong = []) {
  return { right: false, messages, wrong };
}

/**
 * Check numbers: each field has its number, within a tolerance, and mistakes that are known by their result.
 * @param {string} part the beginning of the keys of its texts
 * @param {Record<string, {is: number, within?: number, mistakes?: Record<string, number[]>, otherwise?: string}>} fields
 * @returns {Check}
 */
export function numbers(part, fields) {
  return (answer) => {
    /** @type {Message[]} */
    const messages = [];
    const wrong = [];
    for (const [name, { is, within = 1e-9, mistakes = {}, otherwise = "ex-not-right" }] of Object.entries(fields)) {
      const given = answer.numbers[name];
      const texts = { field: `${part}-${name}` };
      if (Math.abs(given - is) <= within) continue;
      wrong.push(name);
      const isMistake = (/** @type {number} */ one) => Math.abs(given - one) <= within;
      const known = Object.keys(mistakes).find((key) => mistakes[key].some(isMistake));
      const key = Number.isNaN(given) ? "ex-no-number" : (known ?? asWritten(given, is, within) ?? otherwise);
      messages.push({ key, texts });
    }
    return wrong.length ? not(messages, wrong) : RIGHT;
  };
}

/** Numbers are known as too coarse if they are right to this, where three decimals are wanted. */
const COARSE = 0.0051;

/**
 * Return the key of what is wrong with the writing of a number: percent, a point between thousands, too few decimals.
 * @type {(given: number, is: number, within: number) => "ex-percent" | "ex-thousands" | "ex-decimals" | undefined}
 */
function asWritten(given, is, within) {
  if (is && Math.abs(given / 100 - is) <= within) return "ex-percent";
  if (Math.abs(given * 1000 - is) <= within) return is >= 1000 ? "ex-thousands" : undefined;
  return within > 1e-6 && Math.abs(given - is) <= COARSE ? "ex-decimals" : undefined;
}

/**
 * Check a choice of one option; every other option has a text that says why it is wrong.
 * @type {(part: string, right: string) => Check}
 */
export function choice(part, right) {
  return ({ chosen: [option] }) => {
    if (!option) return not([{ key: "ex-empty" }]);
    return option === right ? RIGHT : not([{ key: `${part}-${option}-why` }]);
  };
}

/**
 * Check the order of steps: each stands below all that it needs. Several orders can be right.
 * @param {string} part
 * @param {Record<string, string>} needs for each step the letters of those that it needs
 * @returns {Check}
 */
export function order(part, needs) {
  return ({ chosen }) => {
    for (const [place, step] of chosen.entries()) {
      const missing = [...needs[step]].find((other) => chosen.indexOf(other) > place);
      if (missing) {
        return not([{ key: "ex-too-early", texts: { step: `${part}-${step}`, before: `${part}-${missing}` } }]);
      }
    }
    return RIGHT;
  };
}

/** A whole number in groups of three digits, such as 60,000. One that begins with 0 has a decimal comma. */
const GROUPED = /^[-+]?[1-9]\d{0,2}([, ']\d{3})+$/;
const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/**
 * Read a number as people write it: with a comma or a point, in groups of three digits, in units of ten thousand
 * (万), with any minus, in the wide characters of a Chinese keyboard, as a fraction, and with a percent sign, which
 * changes nothing; NaN if it is none.
 * @type {(written: string) => number}
 */
export function read(written) {
  const plain = written
    .normalize("NFKC")
    .replace(/\s*%?\s*$/, "")
    .trim()
    .replace(/[−–]/g, "-")
    .replace("。", ".");
  const [above, below = 1, ...more] = plain.split(/[/⁄]/).map(readDecimal);
  return more.length ? Number.NaN : above / below;
}

/** @param {string} written @returns {number} */
function readDecimal(written) {
  if (/[\d\s]万$/.test(written)) return 10_000 * readDecimal(written.slice(0, -1).trim());
  const plain = GROUPED.test(written) ? written.replace(/[, ']/g, "") : written.replace(",", ".");
  return DECIMAL.test(plain) ? Number(plain) : Number.NaN;
}
