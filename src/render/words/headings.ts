import type { LargeCsv } from "../../core/model/result.ts";
import {
  type Column,
  distinctLabels,
  NULL_PIVOT_VALUE,
  pivotedLabel,
  ROW_TOTAL,
  type Table,
} from "../../core/model/table.ts";

/** A cell of a table's head. `span` counts columns, `depth` lines. */
export interface Heading {
  readonly text: string;
  readonly span: number;
  readonly depth: number;
  /** Whether it is above several columns' own headings. */
  readonly isGroup: boolean;
  readonly column: Column;
}

/**
 * The lines of a table's head, top first: one line without pivots; otherwise one for each pivot field, with equal
 * neighbours joined, above one of measure labels. Columns outside the pivot, and row totals, span all lines.
 */
export function headingLines(table: Pick<Table, "columns" | "pivotLabels">): readonly (readonly Heading[])[] {
  const isPivoted = table.columns.some((column) => column.pivot !== undefined);
  const levels = isPivoted ? Math.max(1, table.pivotLabels.length) : 0;
  const lines: Heading[][] = [];
  for (let level = 0; level < levels; level += 1) lines.push(pivotLine(table.columns, level, levels));
  lines.push(
    table.columns
      .filter((column) => levels === 0 || column.pivot !== undefined)
      .map((column) => ({ text: ownLabel(column), span: 1, depth: 1, isGroup: false, column })),
  );
  return lines;
}

/** One line of text for a column: its label, and for a pivoted one the pivot values too, "Flights – JFK – 2026". */
export function flatLabel(column: Column): string {
  if (column.pivot === undefined) return column.label;
  const values = pivotValues(column);
  return holdsAll(column.label, values) ? column.label : pivotedLabel(column.label, values);
}

function pivotLine(columns: readonly Column[], level: number, levels: number): Heading[] {
  const line: Heading[] = [];
  let previous = "";
  for (const column of columns) {
    if (column.pivot === undefined) {
      if (level === 0) line.push({ text: column.label, span: 1, depth: levels + 1, isGroup: false, column });
      previous = "";
      continue;
    }
    if (column.pivot.isRowTotal && level > 0) continue;
    const group = groupKey(column, level);
    const last = line.at(-1);
    if (last !== undefined && group === previous) line[line.length - 1] = { ...last, span: last.span + 1 };
    else line.push(pivotHeading(column, level, levels));
    previous = group;
  }
  return line;
}

function pivotHeading(column: Column, level: number, levels: number): Heading {
  if (column.pivot?.isRowTotal === true)
    return { text: ROW_TOTAL, span: 1, depth: levels, isGroup: true, column };
  const text = column.pivot?.values[level] ?? "";
  return { text: text === "" ? NULL_PIVOT_VALUE : text, span: 1, depth: 1, isGroup: true, column };
}

function groupKey(column: Column, level: number): string {
  return column.pivot?.isRowTotal === true
    ? "total"
    : JSON.stringify(column.pivot?.values.slice(0, level + 1) ?? []);
}

function pivotValues(column: Column): readonly string[] {
  if (column.pivot?.isRowTotal === true) return [ROW_TOTAL];
  return (column.pivot?.values ?? []).filter((value) => value !== "");
}

function holdsAll(label: string, values: readonly string[]): boolean {
  const low = label.toLowerCase();
  return values.every((value) => low.includes(value.toLowerCase()));
}

/** The label without the pivot values that make it unique: those are in the lines above. */
function ownLabel(column: Column): string {
  if (column.pivot === undefined) return column.label;
  const suffix = pivotedLabel("", pivotValues(column));
  const { label } = column;
  return label.toLowerCase().endsWith(suffix.toLowerCase())
    ? label.slice(0, label.length - suffix.length)
    : label;
}

/** What heads a column in a file: as Looker's own files are headed, or the fields' names, `view.field`. */
export type HeadingStyle = "labels" | "names";

/** One heading for each column, unique within the file, for results of every size. Those of the digest are shorter. */
export function fileHeadings(
  { table, csv }: { readonly table: Pick<Table, "columns">; readonly csv?: Pick<LargeCsv, "labels"> },
  style: HeadingStyle,
): readonly string[] {
  if (style === "names") return nameHeadings(table);
  if (csv !== undefined) return csv.labels;
  const full = table.columns.map((column) => ({ ...column, label: column.fullLabel ?? column.label }));
  return distinctLabels(full.map((column) => ({ name: column.name, label: flatLabel(column) }))).labels;
}

/** "flights.count", and for a pivoted column "flights.count – JFK – 2026". */
function nameHeadings({ columns }: Pick<Table, "columns">): readonly string[] {
  return distinctLabels(
    columns.map((column) => {
      const label = pivotedLabel(column.name, pivotPath(column));
      return { name: label, label };
    }),
  ).labels;
}

/** The pivot values of a column, outermost first; none for a column outside the pivot. */
export function pivotPath({ pivot }: Column): readonly string[] {
  if (pivot === undefined) return [];
  return pivot.isRowTotal ? [ROW_TOTAL] : pivot.values;
}
