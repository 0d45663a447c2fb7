import type { RowsShown } from "../../model/presentation.ts";
import type { Result } from "../../model/result.ts";
import type { Cell, Table } from "../../model/table.ts";

/**
 * The rows and totals that its author shows in Looker. All rows of a large result: which of them are shown can be told only where all are
 * at hand.
 */
export function asOnPage({
  table,
  presentation,
  csv,
}: Pick<Result, "table" | "presentation" | "csv">): Table {
  if (presentation === undefined) return table;
  const { rows, hidesTotals } = presentation;
  const { totals, ...bare } = table;
  const shown: Table = hidesTotals === true || totals === undefined ? bare : table;
  if (rows === undefined || csv !== undefined || table.rows.length < table.rowCount) return shown;
  const kept = keptRows(table.rows, rows);
  const rowsHidden = table.rows.length - kept.length;
  if (rowsHidden === 0) return shown;
  // Which rows they are the totals of would no longer be told.
  const { subtotals: _subtotals, ...whole } = shown;
  return { ...whole, rows: kept, rowCount: kept.length, rowsHidden };
}

function keptRows(rows: Table["rows"], { notIfNo, part }: RowsShown): Table["rows"] {
  const kept = rows.filter((row) => !notIfNo.some((index) => isNo(row[index])));
  if (part === null) return kept;
  const { isShown, end, count } = part;
  const from = Math.max(0, kept.length - count);
  if (end === "first") return isShown ? kept.slice(0, count) : kept.slice(count);
  return isShown ? kept.slice(from) : kept.slice(0, from);
}

function isNo(cell: Cell | undefined): boolean {
  return cell?.value === false || (typeof cell?.value === "string" && /^no$/i.test(cell.value));
}
