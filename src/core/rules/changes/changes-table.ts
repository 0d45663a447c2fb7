import type { Changes, MovedRow } from "../../model/show.ts";
import { type Cell, type Column, distinctLabels, type Table } from "../../model/table.ts";
import type { Phrases } from "../../words/phrases.ts";
import { numberOf } from "../numbers/cell-number.ts";
import { exactDifference, exactDigits } from "../numbers/exact.ts";
import { inFormat } from "../numbers/value-format.ts";

/** A column of the file, and what each kind of row has in it. `was`: the earlier row, null of a new one; `now`: null of a gone one. */
interface FileColumn {
  readonly column: Column;
  cell(was: readonly Cell[] | null, now: readonly Cell[] | null): Cell;
}

const NONE: Cell = { value: null, rendered: "" };

/**
 * Changes as rows of a file: what became of each, its key, and of every other column the earlier value, the present one and, of
 * numbers that are measured, the difference. Rows that are as they were are not among them. `table`: the one whose changes they are.
 */
export function changesTable(changes: Changes, table: Table, phrases: Phrases): Table {
  const { changeColumns, changeKinds } = phrases.tables;
  const made = table.columns.flatMap((column, at) =>
    changes.key.includes(at) ? [keyColumn(column, at)] : columnsOf(table, at, phrases),
  );
  const rows = [
    ...changes.moved.map((row) => rowOf(changeKinds.changed, earlier(row), row.now, made)),
    ...changes.added.map((row) => rowOf(changeKinds.new, null, row, made)),
    ...changes.gone.map((row) => rowOf(changeKinds.gone, row, null, made)),
  ];
  const columns = [kindColumn(changeColumns.change), ...made.map(({ column }) => column)];
  const labels = distinctLabels(columns).labels;
  return {
    columns: columns.map((column, index) => ({ ...column, label: labels[index] ?? column.label })),
    pivotLabels: [],
    rows,
    rowCount: rows.length,
    rowCountIsExact: table.rowCountIsExact,
    ...(table.columnsCut !== undefined && { columnsCut: table.columnsCut }),
  };
}

function kindColumn(label: string): Column {
  return {
    name: "change",
    label,
    kind: "dimension",
    isNumeric: false,
    valueFormat: null,
    type: "string",
  };
}

function rowOf(
  kind: string,
  was: readonly Cell[] | null,
  now: readonly Cell[] | null,
  columns: readonly FileColumn[],
): Cell[] {
  return [{ value: kind, rendered: kind }, ...columns.map(({ cell }) => cell(was, now))];
}

/** What has not changed is as it is now. */
function earlier({ now, was }: MovedRow): Cell[] {
  return now.map((cell, at) => was[at] ?? cell);
}

function keyColumn(column: Column, at: number): FileColumn {
  return { column: named(column, "", column.label), cell: (was, now) => (now ?? was)?.[at] ?? NONE };
}

function columnsOf(table: Table, at: number, phrases: Phrases): FileColumn[] {
  const { before, now, difference: apart } = phrases.tables.changeColumns;
  const column = table.columns[at];
  if (column === undefined) return [];
  const both: FileColumn[] = [
    { column: named(column, " before", before(column.label)), cell: (was) => was?.[at] ?? NONE },
    { column: named(column, " now", now(column.label)), cell: (_, now) => now?.[at] ?? NONE },
  ];
  if (!column.isNumeric || column.kind === "dimension") return both;
  const seen = table.rows.slice(0, 100).flatMap((row) => row[at] ?? []);
  return [
    ...both,
    {
      column: named(column, " difference", apart(column.label)),
      cell: (was, now) => difference(was?.[at], now?.[at], column, { seen, phrases }),
    },
  ];
}

/** Of a pivoted column, the label says the pivot values. */
function named(
  { pivot: _pivot, fullLabel: _full, ...column }: Column,
  suffix: string,
  label: string,
): Column {
  return { ...column, name: `${column.name}${suffix}`, label };
}

function difference(
  was: Cell | undefined,
  now: Cell | undefined,
  column: Column,
  { seen, phrases }: { readonly seen: readonly Cell[]; readonly phrases: Phrases },
): Cell {
  const [before, after] = [numberOf(was?.value ?? null), numberOf(now?.value ?? null)];
  if (before === null || after === null) return NONE;
  const digits = exactly(was?.value ?? null, now?.value ?? null);
  // In files numbers that no double holds are their digits.
  if (digits !== null) return { value: digits, rendered: digits };
  // 0.3 - 0.1 is 0.19999999999999998.
  const value = Number((after - before).toPrecision(12));
  const shown = inFormat(value, column, seen) ?? String(value);
  // "2.5%" would be read as a change in percent.
  return { value, rendered: /%$/.test(shown) ? phrases.figures.points(shown.replace(/\s?%$/, "")) : shown };
}

/** Where doubles do not hold both: to the last digit. */
function exactly(before: Cell["value"], after: Cell["value"]): string | null {
  if (exactDigits(before) === null && exactDigits(after) === null) return null;
  return exactDifference(String(after), String(before));
}
