import type { Cell } from "../../model/table.ts";

const NUMBER_CHARS_MAX = 400;

/** A cell's value as a number; text is one where it is written as one, as Looker sends what no double can hold. */
export function numberOf(value: Cell["value"]): number | null {
  if (typeof value === "string" && value.length > NUMBER_CHARS_MAX) return null;
  if (typeof value === "string" && !/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value)) return null;
  if (typeof value !== "number" && typeof value !== "string") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
