import type { Value } from "../model/field.ts";
import type { Result } from "../result.ts";

/**
 * Looker's simple JSON: a list with one object for each row, by field name. Pivoted measures nest by the pivoted
 * dimensions' names and then by pivot key. With formatting every value is the text that is shown.
 */
export function* writeJson(result: Result, formatted: boolean): Generator<string> {
  let separator = "[";
  for (const row of result.rows) {
    yield `${separator}${JSON.stringify(simpleRow(result, row, formatted))}`;
    separator = ",\n";
  }
  yield result.rowCount === 0 ? "[]" : "]";
}

export function simpleRow(
  result: Result,
  row: readonly Value[],
  formatted: boolean,
): Record<string, unknown> {
  const pivotName = result.plan.pivots.map((field) => field.name).join("|FIELD|");
  const object: Record<string, unknown> = {};
  const nested = new Map<string, Record<string, Value>>();
  result.columns.forEach((column, index) => {
    const raw = row[index] ?? null;
    const value = formatted && raw !== null ? column.render(raw) : raw;
    if (column.pivot === null) {
      object[column.name] = value;
      return;
    }
    const byKey = nested.get(column.name) ?? {};
    byKey[column.pivot.key] = value;
    nested.set(column.name, byKey);
    object[column.name] = { [pivotName]: byKey };
  });
  return object;
}
