import { type Column, NULL_PIVOT_VALUE, ROW_TOTAL } from "../../core/model/table.ts";
import { textsIn } from "../http/loose-json.ts";

/** A column, and under which key its pivot's cells are; null where it has none, or that is not known. */
export type PlacedColumn = Column & { readonly pivotKey?: string | null };

/** Between the values of several pivots, in keys. */
export const KEY_SEPARATOR = "|FIELD|";
export const ROW_TOTAL_KEY = "$$$_row_total_$$$";

/** Names of columns as settings list them; none for anything else. */
export function namesIn(value: unknown): readonly string[] {
  return typeof value === "string" ? textsIn([value.trim()]) : textsIn(value).map((name) => name.trim());
}

export type ColumnsNamed = (name: string) => readonly number[];

/**
 * The columns of a name: of a field, all of a pivoted one; or of one pivoted column, as settings write it: "2024_orders.count",
 * "orders.count|FIELD|2024", "2024 - orders.count".
 */
export function namesOf(
  columns: readonly PlacedColumn[],
): ColumnsNamed & { readonly ofOne: (name: string) => number | null } {
  const ofField = Map.groupBy(columns.keys(), (index) => columns[index]?.name ?? "");
  let ofColumn: Map<string, number> | null = null;
  const ofOne = (name: string): number | null => {
    ofColumn ??= new Map(
      columns.flatMap((column, index) => idsOf(column).map((id) => [id, index] as const)).reverse(),
    );
    return ofColumn.get(name) ?? null;
  };
  const all = (name: string): readonly number[] => {
    const fields = ofField.get(name);
    if (fields !== undefined) return fields;
    const one = ofOne(name);
    return one === null ? [] : [one];
  };
  return Object.assign(all, { ofOne });
}

function idsOf({ name, pivot, pivotKey }: PlacedColumn): readonly string[] {
  if (pivot === undefined) return [];
  const values = pivot.values.map((value) => (value === NULL_PIVOT_VALUE ? "null" : value));
  const total = pivot.isRowTotal ? [ROW_TOTAL_KEY, ROW_TOTAL] : [];
  const keys = new Set(
    [pivotKey ?? [], total, values.join(KEY_SEPARATOR), values.join(" - "), values.join("_")].flat(),
  );
  return [...keys].flatMap((key) => [
    `${key}_${name}`,
    `${key}${KEY_SEPARATOR}${name}`,
    `${name}${KEY_SEPARATOR}${key}`,
    `${key} - ${name}`,
    `${name} - ${key}`,
    `${name}_${key}`,
    `${key}.${name}`,
  ]);
}
