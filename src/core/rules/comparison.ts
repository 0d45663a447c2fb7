import type { Cell } from "../model/table.ts";
import { numberOf } from "./numbers/cell-number.ts";

/** A condition on one value, as it is written in the YAML: "> 0.05", "= late". */
export interface Comparison {
  readonly operator: Operator;
  readonly operand: number | string;
  /** It was written as a percentage: 0.05 is to be read as 5%. */
  readonly isPercent?: true;
}

export type Operator = "<" | "<=" | ">" | ">=" | "=" | "!=";

const WRITTEN = /^\s*(<=|>=|!=|<>|==|=|<|>)\s*([^\s<>=!](?:.*\S)?)\s*$/s;
const SAME: Readonly<Record<string, Operator>> = { "==": "=", "<>": "!=" };

/** Reads "> 0.05", "<= 3", "= late", '!= ""'; null for anything else. A percentage is a number: "> 5%" is "> 0.05". */
export function parseComparison(text: string): Comparison | null {
  const [, sign, written] = WRITTEN.exec(text) ?? [];
  if (sign === undefined || written === undefined) return null;
  const operator = SAME[sign] ?? (sign as Operator);
  const operand = operandOf(written);
  // Words have no order worth relying on: a column of dates or amounts as text would be compared letter by letter.
  if (typeof operand === "string" && operator !== "=" && operator !== "!=") return null;
  return { operator, operand, ...(PERCENT.test(written) && { isPercent: true }) };
}

/** Whether a cell meets it. A cell without a value meets none but "!=". */
export function holds({ operator, operand }: Comparison, { value, rendered }: Cell): boolean {
  if (value === null) return operator === "!=";
  const compared = typeof operand === "number" ? numberOf(value) : null;
  if (typeof operand === "string" || compared === null) {
    const equal = String(value) === String(operand) || rendered === String(operand);
    return operator === "=" ? equal : operator === "!=" && !equal;
  }
  switch (operator) {
    case "<":
      return compared < operand;
    case "<=":
      return compared <= operand;
    case ">":
      return compared > operand;
    case ">=":
      return compared >= operand;
    case "=":
      return compared === operand;
    default:
      return compared !== operand;
  }
}

/** "> 0.05", or "> 5%" where it was written so. */
export function comparisonText({ operator, operand, isPercent }: Comparison): string {
  if (isPercent !== true || typeof operand !== "number") return `${operator} ${operand}`;
  return `${operator} ${Number((operand * 100).toPrecision(12))}%`;
}

const PERCENT = /^([-+]?[\d_]{0,40}\.?\d{1,40})\s*%$/;

function operandOf(written: string): number | string {
  const quoted = /^(["'])(.*)\1$/s.exec(written);
  if (quoted !== null) return quoted[2] ?? "";
  const percent = PERCENT.exec(written);
  if (percent !== null) return Number(percent[1]) / 100;
  const number = Number(written.replaceAll("_", ""));
  return Number.isFinite(number) ? number : written;
}
