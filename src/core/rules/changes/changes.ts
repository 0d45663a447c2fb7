import type { Changes, MovedRow } from "../../model/show.ts";
import type { Cell, Column, Table } from "../../model/table.ts";
import type { TablePhrases } from "../../words/en/tables.ts";
import { numberOf } from "../numbers/cell-number.ts";

/** How many rows of a section are kept for the next run to compare with. */
export const SNAPSHOT_ROWS_MAX = 10_000;
/** And at most so much of them, as JSON. */
const SNAPSHOT_CHARS_MAX = 16_000_000;

/** The rows of an earlier run. */
export interface Snapshot {
  readonly columns: readonly SnapshotColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Whether its run had more rows than these. */
  readonly isCut: boolean;
}

interface SnapshotColumn {
  /** Of the field, and its pivot values. */
  readonly id: string;
  readonly label: string;
}

/** A cell in little: its value, or value and rendering where they differ. */
type KeptCell = Cell["value"] | readonly [Cell["value"], string];

/** What the next run is to compare with, as JSON: the first rows, up to 10,000. */
export function snapshotOf(table: Table): { readonly data: string; readonly rowsKept: number } {
  const rows: string[] = [];
  let chars = 0;
  for (const row of table.rows.slice(0, SNAPSHOT_ROWS_MAX)) {
    const text = JSON.stringify(row.map(kept));
    chars += text.length;
    if (chars > SNAPSHOT_CHARS_MAX) break;
    rows.push(text);
  }
  const isCut = rows.length < table.rowCount || !table.rowCountIsExact;
  const columns = JSON.stringify(
    table.columns.map(({ label }, at) => ({ id: idOf(table.columns, at), label })),
  );
  const data = `{"version":1,"columns":${columns},"isCut":${isCut},"rows":[${rows.join(",")}]}`;
  return { data, rowsKept: rows.length };
}

/** Null where it is none, or one of a later version. */
export function readSnapshot(json: string): Snapshot | null {
  try {
    const { version, columns, rows, isCut } = JSON.parse(json) as {
      version: unknown;
      columns: SnapshotColumn[];
      rows: KeptCell[][];
      isCut: boolean;
    };
    if (version !== 1 || !Array.isArray(columns)) return null;
    return { columns, rows: rows.map((row) => row.map(cellOf)), isCut };
  } catch {
    return null;
  }
}

export interface ChangesOrder {
  /** Indexes of the columns that say which row is which. Rows with the same key are told apart by their order. */
  readonly key: readonly number[];
  /** When the earlier run was due, ISO 8601; null: there is none. */
  readonly since: string | null;
  /** How many rows each list is to hold. */
  readonly listMax: number;
  readonly words: TablePhrases;
}

export interface MadeChanges {
  readonly changes: Changes;
  readonly notices: readonly string[];
}

/**
 * How a table differs from an earlier one. Values are compared, not how they are rendered; columns that only one of the two has
 * are left out of it, and named.
 */
export function changesOf(table: Table, before: Snapshot | null, order: ChangesOrder): MadeChanges {
  const { key, listMax, words } = order;
  const rows = table.rows.slice(0, SNAPSHOT_ROWS_MAX);
  const places = before === null ? [] : placesIn(before, table.columns);
  const lacking = key.filter((at) => places[at] === -1).map((at) => table.columns[at]?.label ?? "");
  if (before === null || order.since === null || lacking.length > 0) {
    const counts = { added: 0, gone: 0, moved: 0, same: rows.length };
    const changes = { since: null, key, added: [], gone: [], moved: [], counts };
    return { changes, notices: before === null ? [] : [words.noKeyBefore(lacking)] };
  }
  // As today's table would have them: what it did not have then has no cell.
  const older = numbered(
    before.rows.map((row) => places.map((place) => row[place] ?? null)),
    key,
  );
  const lists = {
    added: [] as (readonly Cell[])[],
    gone: [] as (readonly Cell[])[],
    moved: [] as MovedRow[],
  };
  const counts = { added: 0, gone: 0, moved: 0, same: 0 };
  const moved: MovedRow[] = [];
  for (const [id, now] of numbered(rows, key)) {
    const earlier = older.get(id);
    older.delete(id);
    const was = earlier?.map((cell, at) => movedFrom(cell, now[at], table.columns[at])) ?? null;
    if (was === null) add(lists.added, now, "added");
    else if (was.some((cell) => cell !== null)) moved.push({ now, was });
    else counts.same += 1;
  }
  for (const row of largestFirst(moved, table.columns)) add(lists.moved, row, "moved");
  for (const row of older.values())
    add(
      lists.gone,
      row.map((cell) => cell ?? EMPTY),
      "gone",
    );
  return {
    changes: { since: order.since, key, ...lists, counts },
    notices: [...columnNotices(before, table, words), ...(before.isCut ? [words.cutBefore] : [])],
  };

  function add<T>(list: T[], item: T, kind: "added" | "gone" | "moved"): void {
    counts[kind] += 1;
    if (list.length < listMax) list.push(item);
  }
}

/** The earlier cell where it differs and is shown; a reader has no use for rows in which nothing moved that there is to see. */
function movedFrom(was: Cell | null, now: Cell | undefined, column: Column | undefined): Cell | null {
  return was === null || column?.isHidden === true || isSame(was, now) ? null : was;
}

/** By how far the first measured column moved; where it did not, or has no number, as the table has them, after the others. */
function largestFirst(moved: readonly MovedRow[], columns: readonly Column[]): MovedRow[] {
  const at = columns.findIndex(
    ({ isNumeric, kind }, column) =>
      isNumeric && kind !== "dimension" && moved.some((row) => sizeOf(row, column) > 0),
  );
  if (at === -1) return [...moved];
  // Sorting keeps the order of rows that moved as far.
  return [...moved].sort((a, b) => sizeOf(b, at) - sizeOf(a, at));
}

function sizeOf({ now, was }: MovedRow, at: number): number {
  const [before, after] = [numberOf(was[at]?.value ?? null), numberOf(now[at]?.value ?? null)];
  return before === null || after === null ? 0 : Math.abs(after - before);
}

const EMPTY: Cell = { value: null, rendered: "" };

/** Where the earlier table has the columns of this one; -1: nowhere. */
function placesIn(before: Snapshot, columns: readonly Column[]): number[] {
  const ids = new Map(before.columns.map(({ id }, place) => [id, place]));
  return columns.map((_, at) => ids.get(idOf(columns, at)) ?? -1);
}

/** Rows by their key; where it repeats, by key and number. */
function numbered<C extends Cell | null>(
  rows: readonly (readonly C[])[],
  key: readonly number[],
): Map<string, readonly C[]> {
  const found = new Map<string, readonly C[]>();
  const times = new Map<string, number>();
  for (const row of rows) {
    const id = JSON.stringify(key.map((at) => keyText(row[at]?.value ?? null)));
    const time = times.get(id) ?? 0;
    times.set(id, time + 1);
    found.set(`${id} ${time}`, row);
  }
  return found;
}

/** 7, 7.0 and "7" are one key; null is another than "null". */
function keyText(value: Cell["value"]): string | null {
  return value === null ? null : String(value);
}

/** What a reader cannot see is not a change: null and "", the last digits of a sum of fractions. */
function isSame({ value: a, rendered }: Cell, now: Cell | undefined): boolean {
  const b = now?.value ?? null;
  if (a === b || (a ?? "") === (b ?? "")) return true;
  if (rendered !== "" && rendered === now?.rendered) return true;
  // A number that no double can hold comes as text: only where one of them is a number are the two the same kind of thing.
  if (typeof a !== "number" && typeof b !== "number") return false;
  const [left, right] = [numberOf(a), numberOf(b)];
  return left !== null && left === right;
}

function columnNotices(before: Snapshot, { columns }: Table, words: TablePhrases): string[] {
  const then = new Set(before.columns.map(({ id }) => id));
  const now = new Set(columns.map((_, at) => idOf(columns, at)));
  const fresh = columns
    .filter(({ isHidden }, at) => isHidden !== true && !then.has(idOf(columns, at)))
    .map(({ label }) => label);
  const lost = before.columns.filter(({ id }) => !now.has(id)).map(({ label }) => label);
  return [
    ...(fresh.length > 0 ? [words.newColumns(fresh)] : []),
    ...(lost.length > 0 ? [words.lostColumns(lost)] : []),
  ];
}

/** Of the field and its pivot values; numbered where even these repeat. */
function idOf(columns: readonly Column[], at: number): string {
  const column = columns[at];
  if (column === undefined) return "";
  const { name, pivot } = column;
  return pivot === undefined ? name : JSON.stringify([name, pivot.isRowTotal, ...pivot.values]);
}

function kept({ value, rendered }: Cell): KeptCell {
  return rendered === String(value ?? "") ? value : [value, rendered];
}

function cellOf(cell: KeptCell): Cell {
  if (Array.isArray(cell)) return { value: cell[0], rendered: cell[1] };
  return { value: cell as Cell["value"], rendered: String(cell ?? "") };
}
