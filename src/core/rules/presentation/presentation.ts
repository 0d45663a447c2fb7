import type { CellTest, LookerHighlight } from "../../model/presentation.ts";
import type { Highlight } from "../../model/report.ts";
import type { Result } from "../../model/result.ts";
import type { Changes, Emphasis } from "../../model/show.ts";
import {
  type Cell,
  type Column,
  columnsNamed,
  distinctLabels,
  pivotedLabel,
  type Table,
} from "../../model/table.ts";
import type { TablePhrases } from "../../words/en/tables.ts";
import { type Comparison, comparisonText, holds } from "../comparison.ts";
import { numberOf } from "../numbers/cell-number.ts";
import { asOnPage } from "./rows.ts";

/** The whole result with the labels of its author in Looker; what is hidden there says so. */
export function asLabelled(result: Result): Result {
  const { presentation, table } = result;
  if (presentation === undefined) return result;
  const shown = new Set(presentation.columns);
  const named = table.columns.map((column, index) => ({
    ...withLabel(column, presentation.labels[index] ?? null),
    ...(!shown.has(index) && { isHidden: true as const }),
  }));
  const labels = distinctLabels(named).labels;
  const full = distinctLabels(
    named.map(({ name, label, fullLabel = label }) => ({ name, label: fullLabel })),
  );
  const columns = named.map((column, index) => ({
    ...column,
    label: labels[index] ?? column.label,
    ...(column.fullLabel !== undefined && { fullLabel: full.labels[index] ?? column.fullLabel }),
  }));
  return { ...result, table: { ...table, columns } };
}

function withLabel(column: Column, label: string | null): Column {
  if (label === null) return column;
  const { pivot } = column;
  const whole = pivot === undefined ? label : pivotedLabel(label, pivot.values);
  return { ...column, label: whole, ...(column.fullLabel !== undefined && { fullLabel: whole }) };
}

/** A result as it is to be read, and what stands out in its table. */
export interface ShownResult {
  readonly result: Result;
  readonly emphasis: readonly Emphasis[];
}

/**
 * What is read of a labelled result: the columns that its author shows in Looker, in that order. `own`: the report's highlights,
 * null where its table is not what the message shows; of a column that has some, Looker's do not count. Those of a hidden field mark
 * the row, in its first cell. Throws ReportError `config` for a highlight of a field that the table lacks.
 */
export function asShown(
  result: Result,
  own: readonly Highlight[] | null,
  phrases: TablePhrases,
): ShownResult {
  const { presentation } = result;
  const table = asOnPage(result);
  const highlights = own ?? [];
  const named = highlights.flatMap(({ field, when }) =>
    columnsNamed(table, field, "highlight").map((column) => ({ column, when })),
  );
  if (presentation === undefined) return { result, emphasis: named };
  const { columns } = presentation;
  const lookers = own === null ? [] : presentation.highlights;
  const rules = [
    ...named.map(({ column, when }) => ({ at: column, when })),
    ...lookerRules(lookers, new Set(highlights.map(({ field }) => field)), table.columns),
  ];
  const marked =
    columns.length === 0 ? { rows: [], emphasis: [] } : markedRows(table, columns, { rules, phrases });
  return {
    result: { ...pickedFrom(result, columns), table: { ...picked(table, columns), rows: marked.rows } },
    emphasis: marked.emphasis,
  };
}

interface Rule {
  /** Index of the column that it looks at, in the whole table. */
  readonly at: number;
  readonly when: Comparison | CellTest;
}

function lookerRules(
  highlights: readonly LookerHighlight[],
  own: ReadonlySet<string>,
  columns: readonly Column[],
): Rule[] {
  return highlights.flatMap(({ columns: places, when }) =>
    places.flatMap((at) => {
      const column = columns[at];
      return column === undefined || column.isHidden === true || own.has(column.name) ? [] : [{ at, when }];
    }),
  );
}

/** The rows of the columns that are shown, and what stands out in them. */
function markedRows(
  { columns, rows, rowCount }: Table,
  places: readonly number[],
  { rules, phrases }: { readonly rules: readonly Rule[]; readonly phrases: TablePhrases },
): { rows: readonly (readonly Cell[])[]; emphasis: readonly Emphasis[] } {
  const isWhole = rows.length >= rowCount;
  const tests: { rule: Rule; column: number; mark: string; test: (cell: Cell | undefined) => boolean }[] = [];
  const emphasis = rules.flatMap((rule, number): Emphasis[] => {
    const { at, when } = rule;
    const place = places.indexOf(at);
    if (!("kind" in when) && place !== -1) return [{ column: place, when }];
    const column = Math.max(0, place);
    const mark = `mark-${number + 1}`;
    const test = "kind" in when ? cellTest(when, at, isWhole ? rows : null) : whereHolds(when);
    if (test === null) return [];
    tests.push({ rule, column, mark, test });
    const label = columns[at]?.label ?? "";
    const words = ruleWords(when, phrases);
    return [{ column, when: { mark, words: place === -1 ? phrases.markWhere(label, words) : words } }];
  });
  if (tests.length === 0) return { rows: rows.map((row) => pick(row, places)), emphasis };
  const marked = rows.map((row) => {
    const cells = pick(row, places);
    for (const { rule, column, mark, test } of tests) {
      const cell = cells[column];
      if (cell !== undefined && test(row[rule.at]))
        cells[column] = { ...cell, marks: [...(cell.marks ?? []), mark] };
    }
    return cells;
  });
  return { rows: marked, emphasis };
}

function whereHolds(when: Comparison): (cell: Cell | undefined) => boolean {
  return (cell) => cell !== undefined && holds(when, cell);
}

/** Null where it cannot be told: what is largest is known only where all rows are at hand. */
function cellTest(
  when: CellTest,
  at: number,
  all: readonly (readonly Cell[])[] | null,
): ((cell: Cell | undefined) => boolean) | null {
  const numberIn = (cell: Cell | undefined) => numberOf(cell?.value ?? null);
  switch (when.kind) {
    case "empty":
      return (cell) => (cell?.value ?? null) === null;
    case "present":
      return (cell) => (cell?.value ?? null) !== null;
    case "within":
    case "outside":
      return (cell) => {
        const number = numberIn(cell);
        if (number === null) return false;
        return (number >= when.low && number <= when.high) === (when.kind === "within");
      };
    case "largest": {
      const numbers = (all ?? []).flatMap((row) => numberIn(row[at]) ?? []);
      const most = numbers.reduce((largest, number) => Math.max(largest, number), Number.NEGATIVE_INFINITY);
      // Where all are alike, none stands out.
      return numbers.some((number) => number < most) ? (cell) => numberIn(cell) === most : null;
    }
  }
}

function ruleWords(when: Comparison | CellTest, { mark }: TablePhrases): string {
  if (!("kind" in when)) return comparisonText(when);
  if (when.kind === "within" || when.kind === "outside") return mark[when.kind](when.low, when.high);
  return mark[when.kind];
}

/** The table with some of its columns, in this order. */
function picked(table: Table, places: readonly number[]): Table {
  const { totals, subtotals } = table;
  return {
    ...table,
    columns: places.flatMap((place) => table.columns[place] ?? []),
    rows: [],
    ...(totals !== undefined && { totals: pick(totals, places) }),
    ...(subtotals !== undefined && {
      subtotals: subtotals.map((one) => ({ ...one, cells: pick(one.cells, places) })),
    }),
  };
}

/** The same of a large result, whose files stay as they are. */
function pickedFrom(result: Result, columns: readonly number[]): Result {
  const { csv, table, presentation } = result;
  if (csv === undefined || presentation === undefined) return result;
  const labels = columns.map((place) => {
    const { label = "", fullLabel = label } = table.columns[place] ?? {};
    return fullLabel;
  });
  const isWhole = columns.length === table.columns.length && columns.every((place, index) => place === index);
  const files = { ...csv, labels, ...(!isWhole && { picked: { columns, of: table.columns.length } }) };
  return { ...result, csv: files };
}

function pick(row: readonly Cell[], places: readonly number[]): Cell[] {
  return places.flatMap((place) => row[place] ?? []);
}

/**
 * Changes of a labelled result, by the columns that are shown: a row that differs in others alone is the same. Where none of these is of
 * the key, the first stands for it.
 */
export function shownChanges(changes: Changes, { presentation }: Result): Changes {
  if (presentation === undefined || presentation.columns.length === 0) return changes;
  const { columns } = presentation;
  const key = columns.flatMap((place, at) => (changes.key.includes(place) ? [at] : []));
  const moved = changes.moved
    .map(({ now, was }) => ({ now: pick(now, columns), was: columns.map((place) => was[place] ?? null) }))
    .filter(({ was }) => was.some((cell) => cell !== null));
  const unseen = changes.moved.length - moved.length;
  const { counts } = changes;
  return {
    ...changes,
    key: key.length === 0 ? [0] : key,
    added: changes.added.map((row) => pick(row, columns)),
    gone: changes.gone.map((row) => pick(row, columns)),
    moved,
    counts: { ...counts, moved: counts.moved - unseen, same: counts.same + unseen },
  };
}

/** That nothing is left to show, for recipients; null: something is. */
export function nothingShown({ table, presentation }: Result, words: TablePhrases): string | null {
  if (presentation === undefined || presentation.columns.length > 0 || table.columns.length === 0)
    return null;
  return words.nothingShown(table.columns.length);
}
