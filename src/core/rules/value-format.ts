import type { Cell } from "../model/table.ts";

/** How a number is written: `prefix`, the number times `factor`, `suffix`. */
export interface NumberStyle {
  readonly prefix: string;
  readonly suffix: string;
  /** 100 for a percentage, 0.001 for thousands ("12K"). */
  readonly factor: number;
  readonly decimalsMin: number;
  readonly decimalsMax: number;
  /** Digits ahead of the point that there are at least, filled up with zeros: 3 for "007". */
  readonly wholeMin?: number;
  /** Whether thousands are set apart: "1,204". */
  readonly isGrouped: boolean;
}

interface Section {
  readonly condition: { readonly operator: string; readonly operand: number } | null;
  readonly style: NumberStyle;
}

/** "1,204.5" of 1204.5 and Looker's value_format "#,##0.0"; null for a format that is not one of plain numbers. */
export function formatNumber(value: number, format: string): string | null {
  const sections = sectionsOf(format);
  const section = sections === null ? null : sectionFor(value, sections);
  if (section === null) return null;
  // A section of its own for what is negative brings its own sign.
  const isOwn = section.condition === null && sections !== null && section !== sections[0];
  return write(isOwn ? Math.abs(value) : value, section.style);
}

export function write(value: number, style: NumberStyle): string {
  const scaled = scaledBy(value, style.factor);
  // Of the decimal digits, as spreadsheets round: 28.5 % is 29 %, which as a double is a little less.
  const digits = decimal(Math.abs(scaled), style);
  const isZero = !/[1-9]/.test(digits);
  return `${scaled < 0 && !isZero ? "-" : ""}${style.prefix}${digits}${style.suffix}`;
}

/** Digits that a double keeps surely: beyond them 0.285 × 100 is 28.499999999999996. */
const DIGITS_KEPT = 15;

function scaledBy(value: number, factor: number): number {
  const scaled = value * factor;
  return Number.isInteger(scaled) ? scaled : Number(scaled.toPrecision(DIGITS_KEPT));
}

function decimal(value: number, { decimalsMin, decimalsMax, wholeMin = 1, isGrouped }: NumberStyle): string {
  // Intl rounds what the shortest decimal text of the number says, and a half away from zero, where it is given that text.
  const text = Number.isInteger(value) ? value : (value.toPrecision(DIGITS_KEPT) as `${number}`);
  return new Intl.NumberFormat("en-US", {
    minimumFractionDigits: Math.min(decimalsMin, 100),
    maximumFractionDigits: Math.min(decimalsMax, 100),
    minimumIntegerDigits: Math.min(wholeMin, 21),
    useGrouping: isGrouped,
  }).format(text);
}

/**
 * How Looker writes a column's numbers: by its value_format; where that is none or unknown, as its cells were rendered. Null where
 * neither tells.
 */
export function styleOf(valueFormat: string | null, cells: readonly Cell[], value = 1): NumberStyle | null {
  const sections = valueFormat === null ? null : sectionsOf(valueFormat);
  const section = sections === null ? null : sectionFor(value, sections);
  if (section !== null) return section.style;
  const seen = cells.flatMap((cell) => styleSeen(cell) ?? []);
  const first = seen[0];
  if (first === undefined) return null;
  return {
    ...first,
    decimalsMin: Math.min(...seen.map(({ decimalsMin }) => decimalsMin)),
    decimalsMax: Math.max(...seen.map(({ decimalsMax }) => decimalsMax)),
    isGrouped: seen.some(({ isGrouped }) => isGrouped),
  };
}

const RENDERED = /^(\D*?)(-?)(\d[\d,]*)(?:\.(\d+))?(\D*)$/s;
const FACTORS = [1, 100, 1e-3, 1e-6, 1e-9];

/** No number is written longer. */
const RENDERED_CHARS_MAX = 64;

function styleSeen({ value, rendered }: Cell): NumberStyle | null {
  if (rendered.length > RENDERED_CHARS_MAX) return null;
  const number = numberOf(value);
  const parts = RENDERED.exec(rendered.trim());
  if (number === null || parts === null) return null;
  const [, prefix = "", , whole = "", fraction = "", suffix = ""] = parts;
  const shown = Number(`${whole.replaceAll(",", "")}.${fraction || 0}`);
  const half = 0.5 * 10 ** -fraction.length;
  const factor = FACTORS.find(
    (times) => Math.abs(Math.abs(number) * times - shown) <= half * (1 + 1e-9) + 1e-12,
  );
  if (factor === undefined) return null;
  return {
    prefix: prefix.replace("-", ""),
    suffix,
    factor,
    decimalsMin: fraction.length,
    decimalsMax: fraction.length,
    isGrouped: whole.includes(","),
  };
}

const NUMBER_CHARS_MAX = 400;

/** A cell's value as a number; text is one where it is written as one, as Looker sends what no double can hold. */
export function numberOf(value: Cell["value"]): number | null {
  if (typeof value === "string" && value.length > NUMBER_CHARS_MAX) return null;
  if (typeof value === "string" && !/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value)) return null;
  if (typeof value !== "number" && typeof value !== "string") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Excel takes no longer ones. */
const FORMAT_CHARS_MAX = 255;

/** Looker's value_format is Excel's (https://cloud.google.com/looker/docs/custom-formatting). */
function sectionsOf(format: string): Section[] | null {
  if (format.length > FORMAT_CHARS_MAX) return null;
  const sections: Section[] = [];
  for (const written of splitSections(format)) {
    const section = sectionOf(written);
    if (section === null) return null;
    sections.push(section);
  }
  return sections.length === 0 ? null : sections;
}

function splitSections(format: string): string[] {
  return format.match(/(?:"[^"]*"|\\.|\[[^\]]*\]|[^;])+/gs) ?? [];
}

const CONDITION = /^\[(<=|>=|<>|=|<|>)\s*(-?[\d.]+)\]/;
const COLOUR = /\[(?:black|blue|cyan|green|magenta|red|white|yellow|color\s?\d+)\]/gi;
/** Quoted words, an escaped letter, a currency in brackets, a space as wide as a letter, filling, the number, or a letter. */
const TOKEN =
  /"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[^\]]*)?\]|_(.)|\*(.)|([#0?][#0?,]*(?:\.[#0?]*)?,*|\.[#0?]+,*)|(.)/gs;

function sectionOf(written: string): Section | null {
  const plain = written.replace(COLOUR, "");
  const condition = CONDITION.exec(plain);
  const parts = partsOf(plain.slice(condition?.[0].length ?? 0));
  if (parts === null) return null;
  const scaling = /,+$/.exec(parts.number)?.[0].length ?? 0;
  const [whole = "", fraction = ""] = parts.number.replace(/,+$/, "").split(".");
  return {
    condition: condition === null ? null : { operator: condition[1] ?? "", operand: Number(condition[2]) },
    style: {
      prefix: parts.prefix.trimStart(),
      suffix: parts.suffix.trimEnd(),
      factor: 100 ** parts.percents / 1000 ** scaling,
      decimalsMin: fraction.replaceAll(/[^0]/g, "").length,
      decimalsMax: fraction.length,
      wholeMin: Math.max(1, whole.replaceAll(/[^0]/g, "").length),
      isGrouped: whole.includes(","),
    },
  };
}

interface Parts {
  readonly prefix: string;
  readonly number: string;
  readonly suffix: string;
  readonly percents: number;
}

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
  if (number === undefined || numbers.length > 1 || isForeign) return null;
  const words = tokens.map(([, quoted, escaped, currency, wide, , digits, letter]) => {
    if (digits !== undefined) return "";
    return quoted ?? escaped ?? currency ?? (wide === undefined ? (letter ?? "") : " ");
  });
  return {
    prefix: words.slice(0, number.at).join(""),
    number: number.digits,
    suffix: words.slice(number.at).join(""),
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

function meets(value: number, { operator, operand }: { operator: string; operand: number }): boolean {
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
