import { type ClockStyle, roundedToClock, writeClock } from "./clock-style.ts";
import { ENGLISH, type Separators, separated } from "./separators.ts";

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
  /** Absent: "1,234.56". */
  readonly separators?: Separators;
  /** A length of time in days: its digits are written so, and what is said of decimals and thousands does not count. */
  readonly clock?: ClockStyle;
}

/** "1,204" */
export const WHOLE: NumberStyle = {
  prefix: "",
  suffix: "",
  factor: 1,
  decimalsMin: 0,
  decimalsMax: 0,
  isGrouped: true,
};

/** "-$1,204.50": the sign comes before the prefix, and zero has none. */
export function write(value: number, style: NumberStyle): string {
  if (style.clock !== undefined) {
    const time = writeClock(value, style.clock);
    return `${value < 0 && /[1-9]/.test(time) ? "-" : ""}${style.prefix}${time}${style.suffix}`;
  }
  const scaled = scaledBy(value, style.factor);
  // Of the decimal digits, as spreadsheets round: 28.5 % is 29 %, which as a double is a little less.
  const digits = decimal(Math.abs(scaled), style);
  const isZero = !/[1-9]/.test(digits);
  return `${scaled < 0 && !isZero ? "-" : ""}${style.prefix}${digits}${style.suffix}`;
}

/** The number that is read off what is written: 1,260,000 shown as "1.3M" is 1,300,000. */
export function asShown(value: number, style: NumberStyle): number {
  if (style.clock !== undefined) return roundedToClock(value, style.clock);
  const scaled = decimal(Math.abs(scaledBy(value, style.factor)), {
    ...style,
    isGrouped: false,
    separators: ENGLISH,
  });
  return (Math.sign(value) * Number(scaled)) / style.factor;
}

/** Signs, brackets, and arrows and triangles up and down, in colour too. */
const SIGNS = /[-+−±()[\]<>▲△\u25b4▼▽\u25be↑↓⇧\u21e9⬆\u2b07\u{1f53a}\u{1f53b}\u{1f53c}\u{1f53d}↗↘]|\ufe0f/gu;

/** Without what says on which side of zero a number is: a sign, an arrow, brackets. */
export function unsigned(style: NumberStyle): NumberStyle {
  const plain = (words: string) => words.replace(SIGNS, "");
  return { ...style, prefix: plain(style.prefix).trimStart(), suffix: plain(style.suffix).trimEnd() };
}

/** Digits that a double keeps surely: beyond them 0.285 × 100 is 28.499999999999996. */
const DIGITS_KEPT = 15;

function scaledBy(value: number, factor: number): number {
  const scaled = value * factor;
  return Number.isInteger(scaled) ? scaled : Number(scaled.toPrecision(DIGITS_KEPT));
}

function decimal(value: number, style: NumberStyle): string {
  const { decimalsMin, decimalsMax, wholeMin = 1, isGrouped, separators } = style;
  // Intl rounds what the shortest decimal text of the number says, and a half away from zero, where it is given that text.
  const text = Number.isInteger(value) ? value : (value.toPrecision(DIGITS_KEPT) as `${number}`);
  const key = `${decimalsMin} ${decimalsMax} ${wholeMin} ${isGrouped}`;
  const known = formatters.get(key) ?? formatter(decimalsMin, decimalsMax, wholeMin, isGrouped);
  remember(formatters, key, known);
  return separated(known.format(text), separators);
}

/** Making one takes twenty times as long as using it. */
const formatters = new Map<string, Intl.NumberFormat>();

function formatter(
  decimalsMin: number,
  decimalsMax: number,
  wholeMin: number,
  useGrouping: boolean,
): Intl.NumberFormat {
  return new Intl.NumberFormat("en-US", {
    minimumFractionDigits: Math.min(decimalsMin, 100),
    maximumFractionDigits: Math.min(decimalsMax, 100),
    minimumIntegerDigits: Math.min(wholeMin, 21),
    useGrouping,
  });
}

const REMEMBERED_MAX = 200;

/** Formats are few, but a model may have any number of them. */
export function remember<V>(all: Map<string, V>, key: string, value: V): void {
  if (all.size >= REMEMBERED_MAX && !all.has(key)) all.clear();
  all.set(key, value);
}
