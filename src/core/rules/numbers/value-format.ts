import type { Cell, Column } from "../../model/table.ts";
import { withoutEnd } from "../trimmed.ts";
import { clockIn } from "./clock-style.ts";
import { type NumberStyle, remember, write } from "./number-style.ts";
import { showsSeparators, styleSeen } from "./seen-style.ts";
import { ENGLISH } from "./separators.ts";

/** One of the up to four parts of a format, which semicolons divide. */
interface Section {
  readonly condition: Condition | null;
  /** Null: it has no digits, and says the same of every number. */
  readonly style: NumberStyle | null;
  /** Shown in place of the number if there are no digits. */
  readonly words: string;
  /** Of formats without conditions the one for negative numbers. */
  readonly isSecond: boolean;
}

interface Condition {
  readonly operator: string;
  readonly operand: number;
}

/**
 * "1,204.5" of 1204.5 and Looker's value_format "#,##0.0"; null for a format that shows no plain number and no length of time of this
 * value.
 */
export function formatNumber(value: number, format: string, separators = ENGLISH): string | null {
  const sections = sectionsOf(format);
  const section = sections === null ? null : sectionFor(value, sections);
  if (section === null) return null;
  if (section.style === null) return section.words === "" ? null : section.words;
  const style = { ...section.style, separators };
  return write(bringsSign(section, sections?.[0]) ? Math.abs(value) : value, style);
}

/**
 * A number as Looker writes its column: by the value_format, or without one that we can read as the column's cells were rendered. Null
 * where neither shows it.
 */
export function inFormat(
  value: number,
  column: Pick<Column, "valueFormat" | "separators">,
  cells: readonly Cell[],
): string | null {
  const style = styleOf(column, cells, value);
  const { valueFormat } = column;
  const written = valueFormat === null ? null : formatNumber(value, valueFormat, style?.separators);
  return written ?? (style === null ? null : write(value, style));
}

/** A section that is for negative numbers alone writes their sign itself, or shows it by brackets. */
function bringsSign({ condition, isSecond }: Section, first: Section | undefined): boolean {
  if (condition === null) return isSecond && first?.condition === null;
  const { operator, operand } = condition;
  return operator === "<" ? operand <= 0 : (operator === "<=" || operator === "=") && operand < 0;
}

/**
 * How Looker writes a column's numbers: by its value_format or, without one that we can read, as its cells were rendered. Null if
 * neither shows it.
 */
export function styleOf(
  { valueFormat, separators }: Pick<Column, "valueFormat" | "separators">,
  cells: readonly Cell[],
  value = 1,
): NumberStyle | null {
  const sections = valueFormat === null ? null : sectionsOf(valueFormat);
  const section = sections === null ? null : sectionFor(value, sections);
  const seen = cells.flatMap((cell) => styleSeen(cell, separators) ?? []);
  const first = seen[0];
  // What Looker says of the result, else what its cells show.
  const marks = separators ?? seen.find(showsSeparators)?.separators;
  if (section?.style != null) return { ...section.style, ...(marks !== undefined && { separators: marks }) };
  if (first === undefined) return null;
  return {
    ...first,
    decimalsMin: Math.min(...seen.map(({ decimalsMin }) => decimalsMin)),
    decimalsMax: Math.max(...seen.map(({ decimalsMax }) => decimalsMax)),
    isGrouped: seen.some(({ isGrouped }) => isGrouped),
  };
}

/** Excel takes no longer ones. */
const FORMAT_CHARS_MAX = 255;

/** Of each format: every row of a column asks for the same. */
const parsed = new Map<string, readonly Section[] | null>();

/** Looker's value_format is Excel's (https://cloud.google.com/looker/docs/custom-formatting). */
function sectionsOf(format: string): readonly Section[] | null {
  const known = parsed.get(format);
  if (known !== undefined) return known;
  const sections = format.length > FORMAT_CHARS_MAX ? [] : splitSections(format).map(sectionOf);
  const readable = sections.flatMap((section) => section ?? []);
  const isWhole = readable.length === sections.length && readable.some(({ style }) => style !== null);
  const found = isWhole ? readable : null;
  if (format.length <= FORMAT_CHARS_MAX) remember(parsed, format, found);
  return found;
}

/** An empty one between semicolons counts: "0;;" shows neither what is negative nor what is zero. */
function splitSections(format: string): string[] {
  const pieces = format.match(/"[^"]*"|\\.|\[[^\]]*\]|[^;]|;/gs) ?? [];
  const sections = [""];
  for (const piece of pieces) {
    if (piece === ";") sections.push("");
    else sections[sections.length - 1] += piece;
  }
  return sections;
}

const CONDITION = /^\[(<=|>=|<>|=|<|>)\s*(-?[\d.]+)\]/;
const COLOUR = /\[(?:black|blue|cyan|green|magenta|red|white|yellow|color\s?\d+)\]/gi;
/** Quoted words, an escaped letter, a currency in brackets, a space as wide as a letter, filling, the number, or a letter. */
const TOKEN =
  /"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[^\]]*)?\]|_(.)|\*(.)|([#0?][#0?,]*(?:\.[#0?]*)?,*|\.[#0?]+,*)|(.)/gs;

function sectionOf(written: string, index: number): Section | null {
  // The fourth is for text, which no number ever is.
  if (index === TEXT_SECTION) return { condition: null, style: null, words: "", isSecond: false };
  const plain = written.replace(COLOUR, "");
  const [begin = "", operator = "", operand] = CONDITION.exec(plain) ?? [];
  const clock = clockIn(plain.slice(begin.length));
  const parts = clock === null ? partsOf(plain.slice(begin.length)) : NO_PARTS;
  if (parts === null) return null;
  return {
    condition: begin === "" ? null : { operator, operand: Number(operand) },
    style: clock !== null ? { ...styleIn(NO_PARTS), clock } : parts.number === "" ? null : styleIn(parts),
    words: parts.suffix.trim(),
    isSecond: index === 1,
  };
}

const TEXT_SECTION = 3;

function styleIn({ prefix, number, suffix, percents }: Parts): NumberStyle {
  const unscaled = withoutEnd(number, ",");
  const scaling = number.length - unscaled.length;
  const [whole = "", fraction = ""] = unscaled.split(".");
  return {
    prefix: prefix.trimStart(),
    suffix: suffix.trimEnd(),
    factor: 100 ** percents / 1000 ** scaling,
    decimalsMin: fraction.replaceAll(/[^0]/g, "").length,
    decimalsMax: fraction.length,
    wholeMin: Math.max(1, whole.replaceAll(/[^0]/g, "").length),
    isGrouped: whole.includes(","),
  };
}

interface Parts {
  readonly prefix: string;
  /** "" where it has no digits: then all words are its suffix. */
  readonly number: string;
  readonly suffix: string;
  readonly percents: number;
}

const NO_PARTS: Parts = { prefix: "", number: "", suffix: "", percents: 0 };

function partsOf(section: string): Parts | null {
  const tokens = [...section.matchAll(TOKEN)];
  const numbers = tokens.flatMap(([, , , , , , digits], at) =>
    digits === undefined ? [] : [{ digits, at }],
  );
  const [number] = numbers;
  // Dates, exponents and text have letters of their own.
  const isForeign = tokens.some(
    ([, , , , , , , letter]) => letter !== undefined && /[a-z@[\]]/i.test(letter),
  );
  if (numbers.length > 1 || isForeign) return null;
  const words = tokens.map(([, quoted, escaped, currency, wide, , digits, letter]) => {
    if (digits !== undefined) return "";
    return quoted ?? escaped ?? currency ?? (wide === undefined ? (letter ?? "") : " ");
  });
  const at = number?.at ?? 0;
  return {
    prefix: words.slice(0, at).join(""),
    number: number?.digits ?? "",
    suffix: words.slice(at).join(""),
    percents: tokens.filter(([, , , , , , , letter]) => letter === "%").length,
  };
}

function sectionFor(value: number, sections: readonly Section[]): Section | null {
  const [positive, negative, zero] = sections;
  if (sections.some(({ condition }) => condition !== null)) {
    return sections.find(({ condition }) => condition === null || meets(value, condition)) ?? null;
  }
  if (value < 0 && negative !== undefined) return negative;
  return (value === 0 ? zero : null) ?? positive ?? null;
}

function meets(value: number, { operator, operand }: Condition): boolean {
  switch (operator) {
    case "<":
      return value < operand;
    case "<=":
      return value <= operand;
    case ">":
      return value > operand;
    case ">=":
      return value >= operand;
    case "=":
      return value === operand;
    default:
      return value !== operand;
  }
}
