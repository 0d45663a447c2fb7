import type { RowOrder } from "../../model/message.ts";
import type { Result } from "../../model/result.ts";
import type { Cell, Column, Table } from "../../model/table.ts";
import type { Wording } from "../../model/wording.ts";
import { readDateCell } from "../dates/date-value.ts";
import { numberOf } from "../numbers/cell-number.ts";
import { columnWords } from "./leader.ts";

/**
 * What order a table's rows have, as Looker was asked to sort them: which of them a cut one has. Null where Looker chose it, where the rows at
 * hand are not in it (Looker sorts text, and rows without a value, as the database does), or where it holds within the cut alone. `result`: as the
 * model calls its columns, hidden ones marked.
 */
export function rowOrderOf(
  { table, sortedBy }: Pick<Result, "table" | "sortedBy">,
  wording: Wording | undefined,
): RowOrder | null {
  const at = sortedColumn(table, sortedBy);
  const column = table.columns[at ?? -1];
  if (at === null || column === undefined || sortedBy === undefined) return null;
  const isWhole = table.rowCountIsExact && table.rows.length >= table.rowCount;
  if (column.kind === "calculation" && !isWhole) return null;
  const kind = kindOf(
    column,
    table.rows.map((row) => row[at]),
    sortedBy.isDescending,
  );
  // "highest delay (min) first" is no sentence.
  const label = columnWords(column, table, wording).replace(/\s*\([^()]*\)$/, "");
  return kind === null ? null : { kind, label };
}

/** The one column of the field that is sorted by; a pivoted one is sorted by one of several, and which is not known. */
function sortedColumn({ columns }: Table, sortedBy: Result["sortedBy"]): number | null {
  const places = columns.flatMap(({ name }, index) => (name === sortedBy?.field ? [index] : []));
  const [at, ...others] = places;
  const column = columns[at ?? -1];
  const isOne = others.length === 0 && column !== undefined && column.pivot === undefined;
  return at !== undefined && isOne && column.isHidden !== true ? at : null;
}

function kindOf(
  { type, isNumeric }: Column,
  cells: readonly (Cell | undefined)[],
  isDescending: boolean,
): RowOrder["kind"] | null {
  if (type?.startsWith("date") === true) {
    const dates = cells.map((cell) => readDateCell(cell, type)?.iso ?? null);
    return isInOrder(dates, isDescending) ? (isDescending ? "newest" : "oldest") : null;
  }
  if (isNumeric) {
    const numbers = cells.map((cell) => numberOf(cell?.value ?? null));
    const [most, least] = type?.startsWith("count") === true ? MOST : HIGHEST;
    return isInOrder(numbers, isDescending) ? (isDescending ? most : least) : null;
  }
  if (type === "yesno") return null;
  return isDescending ? "descending" : "ascending";
}

/** Flights are many, and delays are high. */
const MOST = ["most", "fewest"] as const;
const HIGHEST = ["highest", "lowest"] as const;

/** Values that are missing come last, or the first rows are not what their order says. */
function isInOrder<T extends string | number>(values: readonly (T | null)[], isDescending: boolean): boolean {
  const known = values.filter((value) => value !== null);
  return (
    known.length > 0 &&
    values.slice(0, known.length).every((value) => value !== null) &&
    known.every((value, index) => {
      const before = known[index - 1] ?? value;
      return isDescending ? value <= before : value >= before;
    })
  );
}
