import { describeField } from "../model/explore-shape.ts";
import type { Field } from "../model/field.ts";
import type { Result } from "../result.ts";
import { describeCalculation } from "./envelope.ts";
import { simpleRow } from "./json.ts";
import { describePivot } from "./json-detail.ts";

/** Looker's json_bi: `metadata` and `rows`, each row being a JSON text of its own (API 4.0, JsonBi). */
export function* writeJsonBi(result: Result, formatted: boolean): Generator<string> {
  yield `{"metadata":${JSON.stringify(metadata(result))},"rows":[`;
  let separator = "\n";
  for (const row of result.rows) {
    yield `${separator}${JSON.stringify(JSON.stringify(simpleRow(result, row, formatted)))}`;
    separator = ",\n";
  }
  yield "]}";
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
    pivots: result.pivots.map(describePivot),
    has_subtotals: false,
    has_totals: plan.hasTotals,
    columns_truncated: "no",
    filter_expression: plan.query.filter_expression ?? null,
    filters: Object.fromEntries(plan.filters.map(({ field, expression }) => [field.name, expression])),
    sql: result.sql,
  };
}
