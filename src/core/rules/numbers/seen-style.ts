import type { Cell } from "../../model/table.ts";
import { numberOf } from "./cell-number.ts";
import type { NumberStyle } from "./number-style.ts";
import { ENGLISH, type Separators } from "./separators.ts";

const RENDERED = /^(\D*?)(-?)(\d(?:[\d.,' \u00a0\u202f’]*\d)?)(\D*)$/su;

/** No number is written longer. */
const RENDERED_CHARS_MAX = 64;

/** Those of Looker's number formats; the first that fits a cell's value is taken. */
const SEPARATORS: readonly Separators[] = [
  ENGLISH,
  { group: ".", decimal: "," },
  ...[" ", "\u00a0", "\u202f"].map((group) => ({ group, decimal: "," })),
  ...["'", "’"].map((group) => ({ group, decimal: "." })),
];

/** 1234 is "1.234" in German more probably than so many thousands in English. */
const FACTORS: readonly (readonly number[])[] = [
  [1, 100],
  [1e-3, 1e-6, 1e-9],
];

/** How a cell's number was written; null where its text does not show its value. `known`: the separators that Looker names. */
export function styleSeen({ value, rendered }: Cell, known: Separators | undefined): NumberStyle | null {
  if (rendered.length > RENDERED_CHARS_MAX) return null;
  const number = numberOf(value);
  const [, prefix = "", , digits = "", suffix = ""] = RENDERED.exec(rendered.trim()) ?? [];
  if (number === null || digits === "") return null;
  for (const factors of FACTORS) {
    for (const separators of known === undefined ? SEPARATORS : [known]) {
      const found = digitsSeen(Math.abs(number), digits, separators, factors);
      if (found !== null) return { prefix: prefix.replace("-", ""), suffix, ...found, separators };
    }
  }
  return null;
}

type SeenDigits = Pick<NumberStyle, "factor" | "decimalsMin" | "decimalsMax" | "isGrouped">;

/** Null where the digits, read with these separators, are not the number's. */
function digitsSeen(
  number: number,
  digits: string,
  { group, decimal }: Separators,
  factors: readonly number[],
): SeenDigits | null {
  const [grouped = "", fraction = "", ...more] = digits.split(decimal);
  const whole = group === "" ? grouped : grouped.replaceAll(group, "");
  if (more.length > 0 || !/^\d+$/.test(whole) || !/^\d*$/.test(fraction)) return null;
  const shown = Number(`${whole}.${fraction || 0}`);
  const decimals = fraction.length;
  const half = 0.5 * 10 ** -decimals;
  const factor = factors.find((times) => Math.abs(number * times - shown) <= half * (1 + 1e-9) + 1e-12);
  if (factor === undefined) return null;
  return { factor, decimalsMin: decimals, decimalsMax: decimals, isGrouped: whole !== grouped };
}

/** "1.234,5" can only be read one way; "12" tells nothing of its separators. */
export function showsSeparators({ isGrouped, decimalsMax, separators }: NumberStyle): boolean {
  return separators !== ENGLISH && (isGrouped || decimalsMax > 0);
}
