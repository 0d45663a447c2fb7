import type { Cell } from "../../model/table.ts";

/** A number as its digits: `digits` times ten to the power of `-scale`. */
interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const DECIMAL = /^\s*([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d{1,3}))?\s*$/i;
const CHARS_MAX = 400;

/** What a cell has where no double holds it: its digits as Looker sent them; null for all other cells. */
export function exactDigits(value: Cell["value"]): string | null {
  return typeof value === "string" && decimalOf(value) !== null ? value.trim() : null;
}

/** `now - before` to the last digit, as plain decimal text; null where one of them is no decimal number. */
export function exactDifference(now: string, before: string): string | null {
  const [a, b] = [decimalOf(now), decimalOf(before)];
  if (a === null || b === null) return null;
  const scale = Math.max(a.scale, b.scale);
  return written({ digits: atScale(a, scale) - atScale(b, scale), scale });
}

function decimalOf(text: string): Decimal | null {
  if (text.length > CHARS_MAX) return null;
  const [, sign, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") return null;
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(`${sign === "-" ? "-" : ""}${whole}${fraction}`);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

function atScale({ digits, scale }: Decimal, wanted: number): bigint {
  return digits * 10n ** BigInt(wanted - scale);
}

function written({ digits, scale }: Decimal): string {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0");
  const [whole, fraction] = [text.slice(0, text.length - scale), text.slice(text.length - scale)];
  const decimals = fraction.replace(/0+$/, "");
  return `${digits < 0n ? "-" : ""}${whole}${decimals === "" ? "" : `.${decimals}`}`;
}
