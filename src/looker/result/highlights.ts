import type { CellTest, LookerHighlight } from "../../core/model/presentation.ts";
import type { Comparison, Operator } from "../../core/rules/comparison.ts";
import { numberOf } from "../../core/rules/numbers/cell-number.ts";
import { isObject, type JsonObject, objectIn, objectsIn, textIn } from "../http/loose-json.ts";
import { type ColumnsNamed, namesIn, type PlacedColumn } from "./placed-columns.ts";

/** Bars in the cells of a column: what they make stand out is the longest. */
export function barsIn(value: unknown, named: ColumnsNamed): LookerHighlight[] {
  return Object.entries(objectIn(value)).flatMap(([name, bar]): LookerHighlight[] => {
    const isActive = isObject(bar) ? bar.is_active === true : bar === true;
    // Each column has its own longest bar.
    return isActive ? named(name).map((column) => ({ columns: [column], when: { kind: "largest" } })) : [];
  });
}

/** Rules of conditional formatting, where they are switched on. Scales of colour set no cell apart. */
export function rulesIn(
  { enable_conditional_formatting: isOn, conditional_formatting: rules }: JsonObject,
  columns: readonly PlacedColumn[],
  named: ColumnsNamed,
): LookerHighlight[] {
  if (isOn !== true) return [];
  return objectsIn(rules).flatMap((rule) => {
    const when = conditionOf(rule);
    if (when === null) return [];
    const fields = namesIn(rule.fields);
    const numbers = [...columns.keys()].filter((index) => {
      const column = columns[index];
      return column?.isNumeric === true && column.kind !== "dimension";
    });
    const places = fields.length === 0 ? numbers : fields.flatMap((name) => named(name));
    return places.length === 0 ? [] : [{ columns: [...new Set(places)], when }];
  });
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  "greater than": ">",
  "less than": "<",
  "equal to": "=",
  "not equal to": "!=",
};

function conditionOf({ type, value }: JsonObject): Comparison | CellTest | null {
  const kind = String(textIn(type) ?? "").toLowerCase();
  const operator = Object.hasOwn(OPERATORS, kind) ? OPERATORS[kind] : undefined;
  if (operator !== undefined) {
    const operand = scalar(value);
    const isOrdered = operator === ">" || operator === "<";
    return operand === null || (isOrdered && typeof operand !== "number") ? null : { operator, operand };
  }
  if (kind === "is null") return { kind: "empty" };
  if (kind === "is not null") return { kind: "present" };
  if (kind !== "between" && kind !== "not between") return null;
  const [low, high] = (Array.isArray(value) ? value : []).map((bound) => numberOf(scalar(bound)));
  if (low == null || high == null) return null;
  return {
    kind: kind === "between" ? "within" : "outside",
    low: Math.min(low, high),
    high: Math.max(low, high),
  };
}

function scalar(value: unknown): string | number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || value.trim() === "") return null;
  return numberOf(value) ?? value;
}
