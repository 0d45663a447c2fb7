import type { Cell, Column, Subtotal, Table } from "../../core/model/table.ts";
import { type JsonObject, objectIn, objectsIn, textsIn } from "../http/loose-json.ts";

/** Of a row of subtotals: the dimensions whose values its rows share. */
const GROUPING = "$$$__grouping__$$$";

/**
 * The subtotals of a json_detail result (`subtotals_data`: a list of rows for each level, by its number), each after the rows that it
 * is of. Left out are those whose rows do not follow one another, since no place would be right, and where the result is cut, that of
 * the last group.
 */
export function subtotalsOf(
  detail: JsonObject,
  { columns, rows, rowCountIsExact }: Pick<Table, "columns" | "rows" | "rowCountIsExact">,
  cellsOf: (row: JsonObject) => readonly Cell[],
): readonly Subtotal[] {
  const dimensions = columns.flatMap(({ kind, pivot }, index) =>
    kind === "dimension" && pivot === undefined ? [index] : [],
  );
  const found = Object.entries(objectIn(detail.subtotals_data)).flatMap(([level, list]) => {
    const byLevel = dimensions.slice(0, Number(level) || 0);
    return objectsIn(list).flatMap((row) => {
      const grouping = groupedBy(row, columns) ?? byLevel;
      if (grouping.length === 0) return [];
      const cells = cellsOf(row);
      const after = lastOf(cells, grouping, rows);
      if (after === null || (!rowCountIsExact && after === rows.length - 1)) return [];
      const shared = cells.map((cell, index) =>
        dimensions.includes(index) && !grouping.includes(index) ? { value: null, rendered: "" } : cell,
      );
      return [{ after, depth: grouping.length, cells: shared }];
    });
  });
  return found
    .sort((a, b) => a.after - b.after || b.depth - a.depth)
    .map(({ after, cells }) => ({ after, cells }));
}

/** Null where the row does not say, or names what is no column. */
function groupedBy(row: JsonObject, columns: readonly Column[]): number[] | null {
  const places = textsIn(row[GROUPING]).map((field) => columns.findIndex(({ name }) => name === field));
  return places.length === 0 || places.includes(-1) ? null : places;
}

/** The last of the rows with these values; null where there are none, or others between them. */
function lastOf(
  cells: readonly Cell[],
  grouping: readonly number[],
  rows: readonly (readonly Cell[])[],
): number | null {
  const isIn = (row: readonly Cell[]) => grouping.every((at) => row[at]?.value === cells[at]?.value);
  const first = rows.findIndex(isIn);
  const last = rows.findLastIndex(isIn);
  return first === -1 || !rows.slice(first, last).every(isIn) ? null : last;
}
