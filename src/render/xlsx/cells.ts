import type { Cell } from "../../core/model/table.ts";
import type { SheetColumn } from "./columns.ts";
import { serialDate } from "./number-format.ts";
import type { Styles } from "./styles.ts";
import { sheetText, type TextDamage } from "./text.ts";

/** What had to be changed in a sheet's cells, which the workbook states. */
export interface Damage extends TextDamage {
  /** Numbers with more digits than Excel keeps, written as text. */
  long: number;
}

/** Excel keeps 15 digits of a number. */
const DIGITS_MAX = 15;
const INTEGER_END = 10 ** DIGITS_MAX;
/** Digits after a leading zero are a code. */
const NUMBER = /^-?(?:(?!0\d)\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?$/;

/** Writes the cells of one column: `ref` is the cell's address, "B7". */
export type WriteCell = (value: Cell["value"], ref: string, isLink: boolean) => string;

type Write<V> = (value: V, ref: string, isLink: boolean) => string;

export function cellWriter(
  { kind, format }: SheetColumn,
  role: "body" | "total" | "marked",
  styles: Styles,
  damage: Damage,
): WriteCell {
  const style = styleFinder(role, styles);
  const plain = style(null, false);
  const numeric = style(format, false, "right");
  const number: Write<string> = (digits, ref, isLink) =>
    `<c r="${ref}"${isLink ? style(format, true, "right") : numeric}><v>${digits}</v></c>`;
  const text: Write<string> = (value, ref, isLink) =>
    textCell(sheetText(value, damage), ref, isLink ? style(null, true) : plain);
  const digits: Write<string> = (value, ref, isLink) =>
    textCell(sheetText(value, damage), ref, style(null, isLink, "right"));
  const tooLong: Write<string> = (value, ref, isLink) => {
    damage.long += 1;
    return digits(value, ref, isLink);
  };
  const truth: Write<boolean> = (value, ref, isLink) =>
    `<c r="${ref}"${style(null, isLink, "left")} t="b"><v>${value ? 1 : 0}</v></c>`;
  const written: Write<string> = (value, ref, isLink) => {
    if (!NUMBER.test(value)) return text(value, ref, isLink);
    return isLong(value) ? tooLong(value, ref, isLink) : number(value, ref, isLink);
  };
  const date: Write<string> = (value, ref, isLink) => {
    const read = serialDate(value);
    if (read !== null) return `<c r="${ref}"${style(read.format, isLink, "right")}><v>${read.serial}</v></c>`;
    return isDatePart(value) ? number(value, ref, isLink) : text(value, ref, isLink);
  };
  const yesno: Write<string> = (value, ref, isLink) => {
    const known = TRUTH.get(value);
    return known === undefined ? text(value, ref, isLink) : truth(known, ref, isLink);
  };
  const ofText = { text, number: written, date, boolean: yesno }[kind];
  const ofNumber: Write<number> = (value, ref, isLink) => {
    if (!Number.isFinite(value)) return digits(String(value), ref, isLink);
    if (Number.isInteger(value) && Math.abs(value) >= INTEGER_END)
      return tooLong(BigInt(value).toString(), ref, isLink);
    // Zero may be negative.
    return number(String(value || 0), ref, isLink);
  };

  return (value, ref, isLink) => {
    if (value === null || value === "") return role === "total" ? `<c r="${ref}"${plain}/>` : "";
    if (typeof value === "number") return ofNumber(value, ref, isLink);
    return typeof value === "string" ? ofText(value, ref, isLink) : truth(value, ref, isLink);
  };
}

/** The `s` attribute of a style, remembered: there are few, and every row needs them. */
function styleFinder(role: "body" | "total" | "marked", styles: Styles) {
  const linked = role === "marked" ? "marked_link" : "link";
  const known = new Map<string, string>();
  return (format: string | null, isLink: boolean, align?: "right" | "left"): string => {
    const key = `${isLink ? "link" : ""} ${align ?? ""} ${format ?? ""}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const index = styles.indexOf({ role: isLink ? linked : role, format, ...(align && { align }) });
    const attribute = index === 0 ? "" : ` s="${index}"`;
    known.set(key, attribute);
    return attribute;
  };
}

/** How Looker writes a yesno, raw and rendered. */
const TRUTH: ReadonlyMap<string, boolean> = new Map([
  ["Yes", true],
  ["No", false],
  ["true", true],
  ["false", false],
]);

/** A year, a week of the year, an hour of the day. */
function isDatePart(text: string): boolean {
  return /^(?:0|[1-9]\d{0,3})$/.test(text);
}

/**
 * Whether a number would lose digits: a whole part of more than 15, or a fraction that no double holds. A double as it is, such as
 * 0.30000000000000004, stays a number: the file keeps all of it.
 */
function isLong(text: string): boolean {
  if (text.length <= DIGITS_MAX) return !Number.isFinite(Number(text));
  const kept = Number(text);
  if (!Number.isFinite(kept)) return true;
  const [whole = ""] = text.replace(/^-?0*/, "").split(/[.eE]/);
  if (whole.length > DIGITS_MAX) return true;
  return /[.eE]/.test(text) && significant(text) !== significant(String(kept));
}

/** The digits of a number without its sign, point and exponent, and without leading and trailing zeros. */
function significant(text: string): string {
  const [digits = ""] = text.split(/[eE]/);
  const bare = digits.replace(/[-.]/g, "").replace(/^0+/, "");
  return bare.slice(0, bare.length - zerosBehind(bare));
}

function zerosBehind(digits: string): number {
  let zeros = 0;
  while (zeros < digits.length && digits[digits.length - 1 - zeros] === "0") zeros += 1;
  return zeros;
}

/** A text in the sheet itself: a table of shared strings would have to be kept in memory until the end. */
export function textCell(content: string, ref: string, style: string): string {
  const space = /^\s|\s$|\n| {2}/.test(content) ? ' xml:space="preserve"' : "";
  return `<c r="${ref}"${style} t="inlineStr"><is><t${space}>${content}</t></is></c>`;
}

/** 0 -> "A", 26 -> "AA". */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26) - 1;
  return `${rest < 0 ? "" : columnLetters(rest)}${String.fromCharCode(65 + (index % 26))}`;
}
