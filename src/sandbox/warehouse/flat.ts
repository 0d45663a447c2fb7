import { EVERY_ROW, orderBySql, selectSql } from "./compile.ts";
import type { Value } from "./model/field.ts";
import type { Query } from "./pivot.ts";
import type { Plan } from "./plan.ts";
import {
  type Column,
  calculate,
  calculationColumn,
  compareValues,
  fieldColumn,
  type Result,
} from "./result.ts";

/** Runs a query without pivots: one row of the database is one row of the result. */
export function runFlat(plan: Plan, query: Query, now: Date): Result {
  const fields = [...plan.dimensions, ...plan.measures];
  const columns = [
    ...fields.map((field) => fieldColumn(field)),
    ...plan.calculations.map((calculation) => calculationColumn(calculation)),
  ];
  const parts = { dimensions: plan.dimensions, measures: plan.measures };
  const sql = selectSql(
    plan,
    { ...parts, withHaving: true, orderBy: orderBySql(plan, fields), rowsMax: plan.rowsMax },
    now,
  );
  const rows = query(sql).map((row) => calculate(columns, row));
  sortByCalculations(plan, columns, rows);
  return {
    plan,
    sql,
    columns,
    pivots: [],
    rows,
    rowCount: rows.length,
    totals: plan.hasTotals ? totals(plan, columns, query, now) : null,
    truncated: rows.length >= plan.rowsMax,
    columnsTruncated: false,
  };
}

function totals(plan: Plan, columns: readonly Column[], query: Query, now: Date): Value[] {
  const parts = { ...EVERY_ROW, dimensions: [], measures: plan.measures, withHaving: false };
  const [sums = []] = query(selectSql(plan, parts, now));
  return calculate(columns, [...plan.dimensions.map(() => null), ...sums]);
}

/** Table calculations are sorted by after the limit, as in Looker: the database has not seen them. */
function sortByCalculations(plan: Plan, columns: readonly Column[], rows: Value[][]): void {
  const calculated = new Set(plan.calculations.map(({ name }) => name));
  const sort = plan.sorts.find(({ name }) => calculated.has(name));
  if (sort === undefined) return;
  const at = columns.findIndex(({ name }) => name === sort.name);
  const sign = sort.descending ? -1 : 1;
  rows.sort((left, right) => sign * compareValues(left[at] ?? null, right[at] ?? null));
}
