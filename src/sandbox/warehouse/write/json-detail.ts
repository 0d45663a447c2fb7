import type { RunOptions, WarehouseError } from "../contract.ts";
import { type CellLink, drillLinks, modelLinks } from "../model/drill-links.ts";
import type { Field, Value } from "../model/field.ts";
import type { Column, PivotColumn, Result } from "../result.ts";
import { envelopeHead, envelopeTail } from "./envelope.ts";

interface Cell {
  value: Value;
  rendered?: string;
  html?: string;
  filterable_value?: string;
  links?: CellLink[];
}

/** Looker's json_detail: everything about the result, and its rows as cells by field name and pivot key. */
export function* writeJsonDetail(result: Result, options: RunOptions): Generator<string> {
  const head = JSON.stringify(envelopeHead(result.plan, result.sql, result.truncated, options));
  yield `${head.slice(0, -1)},"data":[`;
  let separator = "\n";
  for (const row of result.rows) {
    yield `${separator}${JSON.stringify(detailRow(result, row, options))}`;
    separator = ",\n";
  }
  const tail = {
    ...(result.plan.pivots.length > 0 && {
      pivots: result.pivots.map((pivot) => describePivot(pivot, result.plan.pivots)),
      columns_truncated: yesOrNo(result.columnsTruncated),
    }),
    ...(result.totals !== null && { totals_data: totalsRow(result, result.totals) }),
    ...envelopeTail(),
  };
  yield `],${JSON.stringify(tail).slice(1)}`;
}

/**
 * The body of a json_detail result that failed: no rows, and the reason in `errors`. Where the query could not even be
 * understood there is no head to write.
 */
export function failedJsonDetail(
  head: Record<string, unknown> | null,
  error: WarehouseError,
  options: RunOptions,
): string {
  return JSON.stringify({
    ...(head ?? {
      from_cache: false,
      id: options.taskId,
      runtime: options.runtimeSeconds.toFixed(3),
      sql: null,
    }),
    data: [],
    errors: [
      {
        message: error.message,
        message_details: error.details,
        params: error.sql,
        edit_url: null,
        error_pos: null,
        level: "error",
        fatal: true,
        sql_error_loc: error.position,
      },
    ],
    ...envelopeTail(),
  });
}

/** As recorded answers have them: `labels` hold a dimension's HTML, and `rendered` is there only where formatting makes a difference. */
export function describePivot(pivot: PivotColumn, fields: readonly Field[]) {
  const values = Object.entries(pivot.data).map(([name, value], index) => {
    const rendered = pivot.labels[index] ?? "";
    const html = fields[index]?.html ?? null;
    return {
      name,
      label: html === null || value === null ? rendered : html(value),
      shown: rendered === String(value) || value === null ? { value } : { value, rendered },
    };
  });
  return {
    key: pivot.key,
    is_total: pivot.isTotal,
    data: pivot.data,
    labels: Object.fromEntries(values.map(({ name, label }) => [name, label])),
    metadata: Object.fromEntries(values.map(({ name, shown }) => [name, shown])),
    sort_values: pivot.data,
  };
}

export function yesOrNo(is: boolean): "yes" | "no" {
  return is ? "yes" : "no";
}

function detailRow(result: Result, row: readonly Value[], options: RunOptions): Record<string, unknown> {
  return nest(result, (column, index) => {
    const value = row[index] ?? null;
    return detailCell(result, column, value, row, options);
  });
}

/** The cells of a row without their links. */
export function cellRow(result: Result, row: readonly Value[]): Record<string, unknown> {
  return nest(result, (column, index) => shownCell(column, row[index] ?? null));
}

function totalsRow(result: Result, totals: readonly Value[]): Record<string, unknown> {
  return nest(result, (column, index) => {
    if (column.source.kind === "field" && column.source.field.category === "dimension") return null;
    return totalCell(column, totals[index] ?? null);
  });
}

/** As recorded answers have them: without `rendered`, with a link to nowhere. */
function totalCell(column: Column, value: Value): Cell {
  const text = value === null ? "" : column.render(value);
  return {
    value,
    html: `<a href="#drillmenu" target="_self">${text}</a>`,
    links: [{ label: "Show All", url: "", type: "measure_default" }],
  };
}

/** Lays the cells of a row out by field name, those of pivoted columns by pivot key below it. */
function nest(
  result: Result,
  cellOf: (column: Column, index: number) => Cell | null,
): Record<string, unknown> {
  const object: Record<string, Cell | Record<string, Cell>> = {};
  result.columns.forEach((column, index) => {
    const cell = cellOf(column, index);
    if (cell === null) return;
    if (column.pivot === null) {
      object[column.name] = cell;
      return;
    }
    const byKey = (object[column.name] ?? {}) as Record<string, Cell>;
    byKey[column.pivot.key] = cell;
    object[column.name] = byKey;
  });
  return object;
}

function detailCell(
  result: Result,
  column: Column,
  value: Value,
  row: readonly Value[],
  options: RunOptions,
): Cell {
  const cell = shownCell(column, value);
  if (column.source.kind !== "field") return cell;
  const { field } = column.source;
  if (field.html !== null && value !== null) cell.html = field.html(value);
  const links = [
    ...modelLinks(field, value),
    ...(options.generateDrillLinks ? drillLinks(result, column, value, row) : []),
  ];
  if (links.length > 0) cell.links = links;
  return cell;
}

/** `rendered` is there only where formatting makes a difference. */
function shownCell(column: Column, value: Value): Cell {
  if (value === null) return { value };
  const rendered = column.render(value);
  return rendered === String(value) ? { value } : { value, rendered };
}
