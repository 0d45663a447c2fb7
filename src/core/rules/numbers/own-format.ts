import type { Cell } from "../../model/table.ts";
import type { Figure } from "../figure.ts";
import { asShown, unsigned, write } from "./number-style.ts";
import { separated } from "./separators.ts";
import { inFormat, styleOf } from "./value-format.ts";

/** A number as the figure's own column is written; `like` is one of its values. */
export function inOwnFormat(value: number, figure: Figure, like: number): string {
  return inFormat(value, figure.column, cellsSeen(figure)) ?? unstyled(value, figure, like);
}

/**
 * How far apart two values are for those who see them: 1.3M and 1.2M differ by 0.1M, whatever is behind them. Without a sign, arrow or
 * brackets, though the column's format has them: the words around it have their own.
 */
export function differenceShown({ now, before, exactly }: Movement, figure: Figure): string {
  const cells = cellsSeen(figure);
  const digits = exactly?.replace(/^-/, "") ?? null;
  // An abbreviated number is said as it is seen, which is far from its last digit.
  const isWhole = (styleOf(figure.column, cells, before)?.factor ?? 1) >= 1;
  if (digits !== null && isWhole && numberOfDigits(digits) > DIGITS_KEPT)
    return separated(digits.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ","), figure.column.separators);
  const shown = (value: number) => {
    const style = styleOf(figure.column, cells, value);
    return style === null ? value : asShown(value, style);
  };
  const apart = digits === null || !isWhole ? exact(shown(now) - shown(before)) : Number(digits);
  const difference = Math.abs(apart || exact(now - before));
  const style = styleOf(figure.column, cells, difference);
  if (style === null) return unstyled(difference, figure, now);
  const written = write(difference, unsigned(style));
  // Both are rounded to the same figure, in different units: "1000.0K" and "1.0M".
  return /[1-9]/.test(written)
    ? written
    : separated(difference.toLocaleString("en-US", { maximumSignificantDigits: 3 }), style.separators);
}

/** Two values of a figure. */
interface Movement {
  readonly now: number;
  readonly before: number;
  /** How far they are apart, in decimal digits; null: as their doubles are. */
  readonly exactly: string | null;
}

/** More digits than these a double may lose. */
const DIGITS_KEPT = 15;

function numberOfDigits(decimal: string): number {
  return decimal.replace(".", "").replace(/^0+/, "").length;
}

/** 0.3 - 0.1 is 0.19999999999999998. */
function exact(difference: number): number {
  return Number(difference.toPrecision(12));
}

function cellsSeen({ table, index }: Figure): Cell[] {
  return table.rows.slice(0, 100).flatMap((row) => row[index] ?? []);
}

function unstyled(value: number, { column }: Figure, like: number): string {
  const decimals = Math.max(decimalsOf(like), decimalsOf(value) > 6 ? 0 : decimalsOf(value));
  const digits = value.toLocaleString("en-US", { maximumFractionDigits: Math.min(decimals, 6) });
  // What is smaller than any decimal that is shown is not nothing.
  const isLost = value !== 0 && !/[1-9]/.test(digits);
  return separated(isLost ? String(Number(value.toPrecision(3))) : digits, column.separators);
}

function decimalsOf(value: number): number {
  return /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
}
