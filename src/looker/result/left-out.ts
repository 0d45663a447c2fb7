import type { RowsShown } from "../../core/model/presentation.ts";
import { NULL_PIVOT_VALUE } from "../../core/model/table.ts";
import { numberOf } from "../../core/rules/numbers/cell-number.ts";
import { type JsonObject, objectIn } from "../http/loose-json.ts";
import {
  type ColumnsNamed,
  KEY_SEPARATOR,
  namesIn,
  type PlacedColumn,
  ROW_TOTAL_KEY,
} from "./placed-columns.ts";

const TABLES: ReadonlySet<unknown> = new Set([undefined, "looker_grid", "table"]);

/** Pages of other kinds keep settings of a table that they were before. */
export function isTable({ type }: JsonObject): boolean {
  return TABLES.has(type);
}

/** Newer releases write `show_totals`, older ones `hide_totals`; of both the newer counts. */
export function isOff(settings: JsonObject, what: "totals" | "row_totals"): boolean {
  const { [`show_${what}`]: shown, [`hide_${what}`]: hidden } = settings;
  return shown === false || (shown !== true && hidden === true);
}

/** `hidden_pivots`: by a pivot's key, that all of its columns are hidden, or those of some measures; and the row totals that are switched off. */
export function pivotsHidden(settings: JsonObject): (column: PlacedColumn) => boolean {
  const hidden = Object.entries(objectIn(settings.hidden_pivots)).map(([key, value]) => {
    const { is_entire_pivot_hidden: isWhole, measure_names: names } = objectIn(value);
    return { key, isWhole: isWhole === true, names: new Set(namesIn(names)) };
  });
  const hasRowTotals = !(isTable(settings) && isOff(settings, "row_totals"));
  return (column) => {
    const { name, pivot } = column;
    if (pivot === undefined) return false;
    if (pivot.isRowTotal && !hasRowTotals) return true;
    return hidden.some(({ key, isWhole, names }) => (isWhole || names.has(name)) && isKeyOf(key, column));
  };
}

function isKeyOf(key: string, { pivot, pivotKey }: PlacedColumn): boolean {
  if (pivot === undefined) return false;
  if (key === ROW_TOTAL_KEY || pivot.isRowTotal) return key === ROW_TOTAL_KEY && pivot.isRowTotal;
  const values = pivot.values.map((value) => (value === NULL_PIVOT_VALUE ? "" : value));
  const parts = key.split(KEY_SEPARATOR).map((part) => (/___null$/.test(part) ? "" : part));
  return key === pivotKey || parts.join(KEY_SEPARATOR) === values.join(KEY_SEPARATOR);
}

/** `hidden_points_if_no` and `limit_displayed_rows`; null where they hide no row. */
export function rowsIn(
  settings: JsonObject,
  columns: readonly PlacedColumn[],
  named: ColumnsNamed,
): RowsShown | null {
  const notIfNo = namesIn(settings.hidden_points_if_no)
    .flatMap((name) => named(name))
    .filter((index) => columns[index]?.pivot === undefined);
  const part = settings.limit_displayed_rows === true ? partIn(settings.limit_displayed_rows_values) : null;
  return notIfNo.length === 0 && part === null ? null : { notIfNo, part };
}

/** `num_rows` is mostly a text. */
function partIn(values: unknown): RowsShown["part"] {
  const { show_hide: way, first_last: end, num_rows: number } = objectIn(values);
  const count = typeof number === "number" || typeof number === "string" ? numberOf(number) : null;
  const isWay = way === "show" || way === "hide";
  if (!isWay || (end !== "first" && end !== "last")) return null;
  return count === null || !Number.isInteger(count) || count < 1
    ? null
    : { isShown: way === "show", end, count };
}
