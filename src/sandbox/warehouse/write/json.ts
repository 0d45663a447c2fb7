import { describeField } from "../model/explore-shape.ts";
import type { Field, Value } from "../model/field.ts";
import type { Result } from "../result.ts";
import { describeCalculation } from "./envelope.ts";
import { cellRow, describePivot, yesOrNo } from "./json-detail.ts";

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

/**
 * Looker's json_bi: `metadata` and `rows`, which are objects of cells by field name, those of pivoted measures by pivot key. The API's
 * document calls them strings; what Looker sends is read so by Google's own Avatica driver.
 */
export function* writeJsonBi(result: Result): Generator<string> {
  yield `{"metadata":${JSON.stringify(metadata(result))},"rows":[`;
  let separator = "\n";
  for (const row of result.rows) {
    yield `${separator}${JSON.stringify(cellRow(result, row))}`;
    separator = ",\n";
  }
  yield "]}";
}

function simpleRow(result: Result, row: readonly Value[], formatted: boolean): Record<string, unknown> {
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

function metadata(result: Result) {
  const { plan } = result;
  const describe = (field: Field) => describeField(plan.explore, field);
  return {
    big_query_metadata: { total_bytes_processed: 0, backend_cache_hit: false },
    fields: {
      dimensions: plan.dimensions.map(describe),
      measures: plan.measures.map(describe),
      pivots: plan.pivots.map(describe),
      table_calculations: plan.calculations.map((calculation) => describeCalculation(plan, calculation)),
    },
    pivots: result.pivots.map((pivot) => describePivot(pivot, plan.pivots)),
    has_subtotals: false,
    has_totals: plan.hasTotals,
    columns_truncated: yesOrNo(result.columnsTruncated),
    filter_expression: plan.query.filter_expression ?? null,
    filters: Object.fromEntries(plan.filters.map(({ field, expression }) => [field.name, expression])),
    sql: result.sql,
  };
}
