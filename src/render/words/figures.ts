import type { Table } from "../../core/model/table.ts";

const COLUMNS_MAX = 3;

/** Whether a table is nothing but a few numbers, which read better as large figures than as a grid of one row. */
export function isFigures(table: Table): boolean {
  return (
    table.rowCount === 1 &&
    table.rows.length === 1 &&
    table.totals === undefined &&
    table.columns.length <= COLUMNS_MAX &&
    table.columns.every((column) => column.isNumeric && column.pivot === undefined)
  );
}
