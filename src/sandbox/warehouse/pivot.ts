import { EVERY_ROW, orderBySql, selectSql } from "./compile.ts";
import { fieldsIn } from "./model/expression.ts";
import type { Value } from "./model/field.ts";
import type { Plan } from "./plan.ts";
import {
  type Column,
  calculate,
  calculationColumn,
  compareValues,
  fieldColumn,
  type PivotColumn,
  type Result,
  ROW_TOTAL_KEY,
} from "./result.ts";
import { renderOf } from "./value-format.ts";

export type Query = (sql: string) => Value[][];

/**
 * Runs a query with pivots: the database groups by dimensions and pivots together, and the groups are laid side by side
 * here. The row limit counts the rows that are shown, the column limit the pivot columns.
 */
export function runPivoted(plan: Plan, query: Query, now: Date): Result {
  const grouped = [...plan.dimensions, ...plan.pivots];
  const orderBy = orderBySql(plan, plan.dimensions);
  const sql = selectSql(plan, { ...EVERY_ROW, dimensions: grouped, measures: plan.measures, orderBy }, now);
  const groups = query(sql).map((cells) => ({
    dimensions: cells.slice(0, plan.dimensions.length),
    key: keyOf(cells.slice(plan.dimensions.length, grouped.length)),
    measures: cells.slice(grouped.length),
  }));
  const { pivots, columnsTruncated } = pivotColumns(plan, new Set(groups.map(({ key }) => key)), query, now);
  const columns = layOut(plan, pivots);
  const rows = new Map<string, Value[]>();
  for (const { dimensions, key, measures } of groups) {
    place(plan, columns, rowFor(rows, dimensions, columns.length), key, measures);
  }
  if (plan.hasRowTotals) addRowTotals(plan, columns, rows, query, now);
  const all = [...rows.values()].map((row) => calculate(columns, row));
  sortRows(plan, columns, pivots, all);
  const shown = all.slice(0, plan.rowsMax);
  return {
    plan,
    sql,
    columns,
    pivots,
    rows: shown,
    rowCount: shown.length,
    totals: plan.hasTotals ? pivotedTotals(plan, columns, query, now) : null,
    truncated: all.length > shown.length,
    columnsTruncated,
  };
}

/**
 * The values that occur in the groups, in their order, up to the column limit: a filter on a measure may leave none of a value's
 * groups.
 */
function pivotColumns(
  plan: Plan,
  occurring: ReadonlySet<string>,
  query: Query,
  now: Date,
): { pivots: PivotColumn[]; columnsTruncated: boolean } {
  const sorted = orderBySql(plan, plan.pivots);
  const named = new Set(plan.sorts.map((sort) => sort.name));
  const rest = plan.pivots.filter((field) => !named.has(field.name)).map((field) => `MIN(${field.sortSql})`);
  const parts = { ...EVERY_ROW, dimensions: plan.pivots, measures: [], withHaving: false };
  const renders = plan.pivots.map(renderOf);
  const all = query(selectSql(plan, { ...parts, orderBy: [...sorted, ...rest] }, now))
    .map((values) => ({
      key: keyOf(values),
      data: Object.fromEntries(plan.pivots.map((field, index) => [field.name, values[index] ?? null])),
      labels: values.map((value, index) => renders[index]?.(value) ?? ""),
      isTotal: false,
    }))
    .filter(({ key }) => occurring.has(key));
  const found = all.slice(0, plan.columnsMax);
  const columnsTruncated = found.length < all.length;
  if (!plan.hasRowTotals) return { pivots: found, columnsTruncated };
  const labels = plan.pivots.map(() => "Row Totals");
  return {
    pivots: [...found, { key: ROW_TOTAL_KEY, data: {}, labels, isTotal: true }],
    columnsTruncated,
  };
}

function keyOf(values: readonly Value[]): string {
  return values.map((value) => String(value)).join("|FIELD|");
}

/** Dimensions, then for each pivot column the measures and the calculations on them. */
function layOut(plan: Plan, pivots: readonly PivotColumn[]): Column[] {
  const pivoted = plan.calculations.filter((calculation) => usesMeasure(plan, calculation.name));
  const flat = plan.calculations.filter((calculation) => !pivoted.includes(calculation));
  return [
    ...plan.dimensions.map((field) => fieldColumn(field)),
    ...flat.map((calculation) => calculationColumn(calculation)),
    ...pivots.flatMap((pivot) => [
      ...plan.measures.map((field) => fieldColumn(field, pivot)),
      ...pivoted.map((calculation) => calculationColumn(calculation, pivot)),
    ]),
  ];
}

/** Whether a calculation uses a measure, itself or through another calculation. */
function usesMeasure(plan: Plan, name: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (plan.measures.some((field) => field.name === name)) return true;
  const calculation = plan.calculations.find((candidate) => candidate.name === name);
  if (calculation === undefined || seen.has(name)) return false;
  return fieldsIn(calculation.expression).some((used) => usesMeasure(plan, used, new Set([...seen, name])));
}

function rowFor(rows: Map<string, Value[]>, dimensions: readonly Value[], width: number): Value[] {
  const key = JSON.stringify(dimensions);
  const known = rows.get(key);
  if (known !== undefined) return known;
  const row: Value[] = [...dimensions, ...new Array<null>(width - dimensions.length).fill(null)];
  rows.set(key, row);
  return row;
}

function place(
  plan: Plan,
  columns: readonly Column[],
  row: Value[],
  key: string,
  values: readonly Value[],
): void {
  plan.measures.forEach((measure, index) => {
    const at = columns.findIndex((column) => column.pivot?.key === key && column.name === measure.name);
    if (at >= 0) row[at] = values[index] ?? null;
  });
}

// Totals are asked of the database, not added up here: averages and distinct counts do not add up.
function addRowTotals(
  plan: Plan,
  columns: readonly Column[],
  rows: Map<string, Value[]>,
  query: Query,
  now: Date,
): void {
  const parts = { ...EVERY_ROW, dimensions: plan.dimensions, measures: plan.measures, withHaving: false };
  const sql = selectSql(plan, parts, now);
  for (const cells of query(sql)) {
    const row = rows.get(JSON.stringify(cells.slice(0, plan.dimensions.length)));
    if (row !== undefined) place(plan, columns, row, ROW_TOTAL_KEY, cells.slice(plan.dimensions.length));
  }
}

function pivotedTotals(plan: Plan, columns: readonly Column[], query: Query, now: Date): Value[] {
  const row = new Array<Value>(columns.length).fill(null);
  const parts = { ...EVERY_ROW, measures: plan.measures, withHaving: false };
  for (const cells of query(selectSql(plan, { ...parts, dimensions: plan.pivots }, now))) {
    place(plan, columns, row, keyOf(cells.slice(0, plan.pivots.length)), cells.slice(plan.pivots.length));
  }
  if (plan.hasRowTotals) {
    const [whole = []] = query(selectSql(plan, { ...parts, dimensions: [] }, now));
    place(plan, columns, row, ROW_TOTAL_KEY, whole);
  }
  return calculate(columns, row);
}

/** The database has sorted by dimensions; measures can be sorted by only now that they are in pivot columns. */
function sortRows(
  plan: Plan,
  columns: readonly Column[],
  pivots: readonly PivotColumn[],
  rows: Value[][],
): void {
  const pivoted = new Set(plan.pivots.map((field) => field.name));
  const keys = plan.sorts
    .filter((sort) => !pivoted.has(sort.name))
    .map((sort) => ({
      at: columns.findIndex(
        ({ name, pivot }) =>
          name === sort.name && (pivot === null || pivot === (pivots[sort.pivotIndex] ?? null)),
      ),
      sign: sort.descending ? -1 : 1,
    }))
    .filter(({ at }) => at >= 0);
  if (!keys.some(({ at }) => at >= plan.dimensions.length)) return;
  rows.sort((left, right) => {
    for (const { at, sign } of keys) {
      const order = compareValues(left[at] ?? null, right[at] ?? null);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}
