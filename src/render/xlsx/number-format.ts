import type { Cell } from "../../core/model/table.ts";

const CHARS_MAX = 255;
/** What is longer cannot come out within Excel's limit. */
const WRITTEN_CHARS_MAX = 1_000;
const SECTIONS_MAX = 4;

/** Looker's value_format_name (https://cloud.google.com/looker/docs/reference/param-field-value-format-name). */
const NAMED: Readonly<Record<string, string>> = {
  id: "0",
  usd: '"$"#,##0.00',
  usd_0: '"$"#,##0',
  gbp: '"£"#,##0.00',
  gbp_0: '"£"#,##0',
  eur: '"€"#,##0.00',
  eur_0: '"€"#,##0',
};

/**
 * Looker's value_format as a number format that Excel accepts: it reports a workbook with an invalid one as damaged. What Looker
 * accepts and Excel does not (letters without quotes) is quoted. Null if nothing sensible is left.
 */
export function excelFormat(valueFormat: string): string | null {
  const written = valueFormat.trim();
  if (written.length > WRITTEN_CHARS_MAX) return null;
  const named = namedFormat(written);
  if (named !== null) return named;
  const sections = tokens(written);
  if (sections === null || sections.length > SECTIONS_MAX) return null;
  const conditions = sections.filter((section) => section.some((token) => CONDITION.test(token)));
  if (conditions.length > 2 || sections.some((section) => !isWhole(section))) return null;
  const code = sections.map((section) => section.join("")).join(";");
  return code.length > CHARS_MAX || code === "" ? null : code;
}

function namedFormat(name: string): string | null {
  const known = NAMED[name];
  if (known !== undefined) return known;
  const [, kind, digits] = /^(decimal|percent)_(\d)$/.exec(name) ?? [];
  if (kind === undefined) return null;
  const decimals = Number(digits) === 0 ? "" : `.${"0".repeat(Number(digits))}`;
  return kind === "percent" ? `0${decimals}%` : `#,##0${decimals}`;
}

const CONDITION = /^\[(?:[<>]=?|=|<>)-?\d+(?:\.\d+)?\]$/;

/** In the order of precedence: quoted text, an escaped or padding character, brackets, scientific notation, AM/PM, literal characters. */
const TOKEN =
  /"[^"]*"|[\\_*].|\[(?:[<>]=?|=|<>)-?\d+(?:\.\d+)?\]|\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color\s?\d{1,2})\]|\[\$[^\]"]{0,20}\]|\[(?:h+|m+|s+)\]|E[+-](?=[0#])|AM\/PM|A\/P|General|[0#?.,%;@$€£¥()+:\-/ !^&'~{}<>=]|[ymdhs]+|./gisu;
const SAFE = /^(?:"[^"]*"|[\\_*].|\[.+\]|E[+-]|AM\/PM|A\/P|General|[0#?.,%;@$€£¥()+:\-/ ]|[ymdhs]+)$/isu;

/** The format's sections, each a list of tokens; null if it breaks off. */
function tokens(written: string): string[][] | null {
  const sections: string[][] = [[]];
  for (const token of written.match(TOKEN) ?? []) {
    if (token === ";") sections.push([]);
    else if (token === '"' || token === "[" || token === "]" || /^[\\_*]$/.test(token)) return null;
    else sections.at(-1)?.push(SAFE.test(token) ? token : `"${token}"`);
  }
  return sections.map(wordsQuoted);
}

const DATE = /^(?:[ymdhs]+|\[[hms]+\]|AM\/PM|A\/P)$/i;
const FRACTION_OF_SECOND = /s\.0+(?!.*[0#?])/i;

/** Letters that mean dates are plain words in a section with digits: "0.0,,M". */
function wordsQuoted(section: readonly string[]): string[] {
  const bare = section.filter((token) => !/^["\\_*]/.test(token));
  const hasDigits = bare.some((token) => /^[0#?%]$/.test(token)) && !FRACTION_OF_SECOND.test(bare.join(""));
  return merged(section.map((token) => (hasDigits && DATE.test(token) ? `"${token}"` : token)));
}

/** Adjacent words as one: `"k""m"` could be read as an escaped quote. */
function merged(section: readonly string[]): string[] {
  const all: string[] = [];
  for (const token of section) {
    const last = all.at(-1);
    if (last?.startsWith('"') === true && token.startsWith('"'))
      all[all.length - 1] = `${last.slice(0, -1)}${token.slice(1)}`;
    else all.push(token);
  }
  return all;
}

function isWhole(section: readonly string[]): boolean {
  const points = section.filter((token) => token === ".").length;
  return points === 0 || (points === 1 && section.some((token) => /^[0#?]$/.test(token)));
}

const RENDERED = /^-?(\p{Sc})?-?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?(%)?$/u;

/** A number format from how Looker renders the values, for a column without one; null if they show no pattern. */
export function formatAsRendered(cells: readonly Cell[]): string | null {
  const seen = cells.filter((cell) => typeof cell.value === "number" && cell.rendered !== "");
  if (seen.length === 0 || seen.every(({ value, rendered }) => String(value) === rendered)) return null;
  const shapes = seen.map(({ value, rendered }) => shapeOf(Number(value), rendered));
  const [first] = shapes;
  if (first == null) return null;
  const isOne = shapes.every(
    (shape) =>
      shape !== null &&
      shape.sign === first.sign &&
      shape.decimals === first.decimals &&
      shape.percent === first.percent,
  );
  if (!isOne) return null;
  const whole = shapes.some((shape) => shape?.isGrouped === true) ? "#,##0" : "0";
  const decimals = first.decimals === 0 ? "" : `.${"0".repeat(first.decimals)}`;
  return `${first.sign === "" ? "" : `"${first.sign}"`}${whole}${decimals}${first.percent ? "%" : ""}`;
}

function shapeOf(value: number, rendered: string) {
  const [match, sign = "", whole = "", fraction = "", percent] = RENDERED.exec(rendered) ?? [];
  if (match === undefined) return null;
  const shown = Number(`${whole.replaceAll(",", "")}.${fraction || "0"}`) / (percent === undefined ? 1 : 100);
  // Thousands shown as 1.2, or a percentage stored as 12: the format would show something else.
  const step = 10 ** -(fraction.length + (percent === undefined ? 0 : 2));
  if (Math.abs(Math.abs(value) - shown) > step * 0.5001) return null;
  return { sign, decimals: fraction.length, percent: percent !== undefined, isGrouped: whole.includes(",") };
}

/** A date as Excel stores it: days since 1899-12-30, and the format that shows it as Looker does. */
export interface SerialDate {
  readonly serial: number;
  readonly format: string;
}

const DAY_MS = 86_400_000;
const EPOCH_MS = Date.UTC(1899, 11, 30);
// Excel takes 1900 for a leap year: before that day its serials are off by one.
const FIRST = Date.UTC(1900, 2, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const WRITTEN = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[ T](\d\d)(?::(\d\d)(?::(\d\d)(\.\d{1,9})?)?)?(?:Z| UTC)?)?)?$/;

/**
 * Reads a date as Looker writes it raw: "2026-11-16", "2026-11", "2026-11-16 13", "2026-11-16 13:05:41". Null for anything else,
 * or a date that Excel cannot store. The time stays as it is written: spreadsheets have no time zones.
 */
export function serialDate(text: string): SerialDate | null {
  const [match, year, month, day, hour, minute, second, fraction] = WRITTEN.exec(text) ?? [];
  if (match === undefined) return null;
  const seconds = Number(second ?? 0);
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day ?? 1),
    Number(hour ?? 0),
    Number(minute ?? 0),
    seconds,
    // Cut, not rounded: the last instant of a day is still in it.
    Number(`${(fraction ?? ".").slice(1)}000`.slice(0, 3)),
  );
  // Date.UTC turns 30 February into a day in March, and the years 0 to 99 into 1900 to 1999.
  const isReal =
    new Date(ms).toISOString().startsWith(`${year}-${month}${day === undefined ? "" : `-${day}`}`) &&
    Number(hour ?? 0) < 24 &&
    Number(minute ?? 0) < 60 &&
    seconds < 60;
  if (!isReal || ms < FIRST || ms > LAST) return null;
  return { serial: (ms - EPOCH_MS) / DAY_MS, format: formatFor(day, hour, minute, second) };
}

function formatFor(day?: string, hour?: string, minute?: string, second?: string): string {
  if (day === undefined) return "yyyy\\-mm";
  if (hour === undefined) return "yyyy\\-mm\\-dd";
  if (minute === undefined) return "yyyy\\-mm\\-dd\\ hh";
  return second === undefined ? "yyyy\\-mm\\-dd\\ hh:mm" : "yyyy\\-mm\\-dd\\ hh:mm:ss";
}
