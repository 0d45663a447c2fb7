import type { Cell, Column, Table } from "../../core/model/table.ts";
import { isObject, type JsonObject, objectIn, objectsIn, textIn } from "../http/loose-json.ts";
import { cellOf, EMPTY_CELL } from "./cells.ts";
import { columnsOf, fieldsOf, pivotsOf } from "./columns.ts";

export interface DetailFacts {
  /** Where relative links lead. */
  readonly webUrl: string;
  /** The query's fields, in its own order. */
  readonly fieldOrder: readonly string[];
  /** The row limit that the query ran with. */
  readonly limit: number;
}

export interface Detail {
  readonly table: Table;
  /** Null where Looker does not tell. */
  readonly ranAt: Date | null;
  readonly fromCache: boolean | null;
  readonly sql: string | null;
  readonly warnings: readonly string[];
}

/** A json_detail result as a table. Its errors are not looked at here. */
export function readDetail(detail: JsonObject, facts: DetailFacts): Detail {
  const pivots = pivotsOf(detail);
  const { fields, warnings } = fieldsOf(detail, facts.fieldOrder, pivots);
  const data = objectsIn(detail.data);
  const columns = columnsOf(fields, pivots).filter(
    ({ name, pivot, pivotKey }) =>
      !pivot?.isRowTotal || data.some((row) => pivotKey !== null && pivotKey in objectIn(row[name])),
  );
  const cells = (row: JsonObject): Cell[] =>
    columns.map(({ name, pivotKey }) => {
      const raw = row[name];
      if (pivotKey === null) return cellOf(raw, facts.webUrl);
      return isObject(raw) ? cellOf(raw[pivotKey], facts.webUrl) : EMPTY_CELL;
    });
  const rows = data.map(cells);
  const totals = objectIn(detail.totals_data);
  return {
    table: {
      columns: columns.map(({ pivotKey: _, ...column }) => column),
      pivotLabels: pivots.labels,
      rows,
      ...(Object.keys(totals).length > 0 && { totals: cells(totals) }),
      rowCount: rows.length,
      rowCountIsExact: isWhole(rows.length, facts.limit, columns),
    },
    ranAt: dateIn(detail.ran_at),
    fromCache: typeof detail.from_cache === "boolean" ? detail.from_cache : null,
    sql: textIn(detail.sql),
    warnings,
  };
}

/** A query without dimensions has one row, whatever its limit. */
function isWhole(rowCount: number, limit: number, columns: readonly Column[]): boolean {
  if (limit <= 0 || rowCount < limit) return true;
  return rowCount === 1 && columns.length > 0 && columns.every(({ kind }) => kind === "measure");
}

function dateIn(value: unknown): Date | null {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : new Date(ms);
}
