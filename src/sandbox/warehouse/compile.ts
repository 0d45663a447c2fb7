import { filterCondition } from "./filter/filter.ts";
import type { Field } from "./model/field.ts";
import { findField } from "./model/model.ts";
import { constantIn, type Plan } from "./plan.ts";

export interface SelectParts {
  dimensions: readonly Field[];
  measures: readonly Field[];
  /** Column totals leave filters on measures out, as Looker does: the groups they are about are gone. */
  withHaving: boolean;
  orderBy: readonly string[];
  rowsMax: number;
}

/** The parts of a query without order or limit. */
export const EVERY_ROW = { withHaving: true, orderBy: [], rowsMax: Number.POSITIVE_INFINITY } as const;

/** The SQL of one of the queries that a plan needs; its columns are the dimensions, then the measures. */
export function selectSql(plan: Plan, parts: SelectParts, now: Date): string {
  const columns = [...parts.dimensions, ...parts.measures];
  const select = columns.map((field) => `${field.sql} AS "${field.name}"`);
  const lines = [`SELECT\n    ${select.join(",\n    ")}`, fromClause(plan, columns, parts.orderBy)];
  const where = [...conditions(plan, "dimension", now), ...constant(plan)];
  if (where.length > 0) lines.push(`WHERE ${where.join("\n  AND ")}`);
  if (parts.dimensions.length > 0) {
    lines.push(`GROUP BY\n    ${parts.dimensions.map((_, index) => index + 1).join(",\n    ")}`);
  }
  const having = parts.withHaving ? conditions(plan, "measure", now) : [];
  if (having.length > 0) lines.push(`HAVING ${having.join("\n  AND ")}`);
  if (parts.orderBy.length > 0) lines.push(`ORDER BY\n    ${parts.orderBy.join(",\n    ")}`);
  if (Number.isFinite(parts.rowsMax)) lines.push(`LIMIT ${parts.rowsMax}`);
  return lines.join("\n");
}

/** What `fields` are ordered by according to the query's sorts; sorts by table calculations are left to the result. */
export function orderBySql(plan: Plan, fields: readonly Field[]): string[] {
  return plan.sorts.flatMap((sort) => {
    const field = fields.find(({ name }) => name === sort.name) ?? unselectedMeasure(plan, sort.name);
    if (field === undefined) return [];
    const direction = sort.descending ? " DESC" : "";
    if (field.sortSql === field.sql && fields.includes(field)) return [`"${field.name}"${direction}`];
    // Every row of a group has the same value, so that any aggregate of what it is ordered by will do.
    return [`${field.category === "dimension" ? `MIN(${field.sortSql})` : field.sortSql}${direction}`];
  });
}

/** Groups can be ordered by a measure that is not shown, never by a dimension that they are not grouped by. */
function unselectedMeasure(plan: Plan, name: string): Field | undefined {
  const field = findField(plan.explore, name);
  return field?.category === "measure" && plan.pivots.length === 0 ? field : undefined;
}

function fromClause(plan: Plan, columns: readonly Field[], orderBy: readonly string[]): string {
  const { explore } = plan;
  const fields = [...columns, ...plan.filters.map(({ field }) => field)];
  const used = [...fields.map(({ sql, filterSql }) => `${sql} ${filterSql}`), ...orderBy].join(" ");
  const from = [`FROM ${explore.sqlTable} AS ${explore.view}`];
  // As in LookML, a join is left out of queries that use none of its fields.
  for (const join of explore.joins) {
    if (new RegExp(`\\b${join.name}\\.`).test(used))
      from.push(`LEFT JOIN ${join.sqlTable} AS ${join.name} ON ${join.sqlOn}`);
  }
  return from.join("\n");
}

function constant({ query }: Plan): string[] {
  return query.filter_expression && constantIn(query.filter_expression) === false ? ["1 = 0"] : [];
}

function conditions(plan: Plan, category: "dimension" | "measure", now: Date): string[] {
  return plan.filters
    .filter(({ field }) => field.category === category)
    .map(({ field, expression }) => filterCondition(field, expression, now))
    .filter((sql) => sql !== null);
}
