import type { Table } from "../../core/model/table.ts";
import { broken } from "../markdown/text.ts";
import { isolatedLine, lineText } from "../words/cell-text.ts";
import { flatLabel, headingLines } from "../words/headings.ts";
import { clipWidth, displayWidth, padWidth } from "./display-width.ts";

/** A table's head in lines of plain text. */
export interface TextHead {
  /** Of each column, so that its head fits. */
  readonly widths: readonly number[];
  /** Of the first `columns` columns, which are this wide. */
  lines(widths: readonly number[], columns: number): readonly string[];
}

const LINES_MAX = 3;

/** A label a column on one line; pivoted ones with all their values. */
export function flatHead(table: Table, cellWidthMax: number): TextHead {
  const labels = table.columns.map((column) => clipped(flatLabel(column), cellWidthMax));
  return {
    widths: labels.map(displayWidth),
    lines: (widths, columns) => [joined(table, labels, widths, columns)],
  };
}

/**
 * For a table that is too wide: labels broken between words, and the values of pivots once above their columns, as `cellWidths` are as wide as
 * the cells.
 */
export function brokenHead(table: Table, cellWidths: readonly number[], cellWidthMax: number): TextHead {
  const lines = headingLines(table);
  const groups = lines.slice(0, -1).map((line) => line.filter(({ isGroup }) => isGroup));
  const own = table.columns.map((column) => {
    const heading = lines.flat().find((one) => !one.isGroup && one.column === column);
    return brokenLabel(
      heading?.text ?? flatLabel(column),
      cellWidths[table.columns.indexOf(column)] ?? 0,
      cellWidthMax,
    );
  });
  const widths = own.map((parts) => Math.max(...parts.map(displayWidth)));
  const depth = Math.max(1, ...own.map(({ length }) => length));
  return {
    widths: widthsOfGroups(table, groups, widths, cellWidths),
    lines: (whole, columns) => [
      ...groups.map((line) => groupLine(table, line, whole, columns)),
      // What is short is right above its cells.
      ...Array.from({ length: depth }, (_, at) =>
        joined(
          table,
          own.map((parts) => parts[at - depth + parts.length] ?? ""),
          whole,
          columns,
        ),
      ),
    ],
  };
}

type Groups = ReturnType<typeof headingLines>[number];

/** As narrow as its cells allow, in at most three lines; a word is not broken. */
function brokenLabel(label: string, cellWidth: number, cellWidthMax: number): string[] {
  const line = lineText(label);
  for (let width = Math.max(cellWidth, 6); width < cellWidthMax; width += 1) {
    const parts = broken(line, width);
    if (parts.length <= LINES_MAX && parts.every((part) => displayWidth(part) <= width))
      return parts.map((part) => isolatedLine(part));
  }
  return [clipped(line, cellWidthMax)];
}

/** The last column of a group has what its value is wider than all of them. */
function widthsOfGroups(
  table: Table,
  groups: readonly Groups[],
  own: readonly number[],
  cellWidths: readonly number[],
): readonly number[] {
  const widths = [...own];
  for (const { text, column, span } of groups.flat()) {
    const first = table.columns.indexOf(column);
    const last = first + span - 1;
    const room = sum(
      widths.slice(first, last + 1).map((width, at) => Math.max(width, cellWidths[first + at] ?? 0)),
    );
    const missing = displayWidth(lineText(text)) - room - GAP.length * (span - 1);
    if (missing > 0) widths[last] = Math.max(widths[last] ?? 0, cellWidths[last] ?? 0) + missing;
  }
  return widths;
}

function groupLine(table: Table, line: Groups, widths: readonly number[], columns: number): string {
  let set = "";
  for (const { text, column, span } of line) {
    const first = table.columns.indexOf(column);
    const until = Math.min(first + span, columns);
    if (first >= columns) break;
    const start = sum(widths.slice(0, first)) + GAP.length * first;
    const room = sum(widths.slice(first, until)) + GAP.length * (until - first - 1);
    set += " ".repeat(Math.max(0, start - displayWidth(set)));
    set += padWidth(clipped(lineText(text), room), room, span === 1 ? "right" : "left");
  }
  return set.trimEnd();
}

export const GAP = "  ";

/** Cells of the first columns, numbers to the right. */
export function joined(
  { columns }: Table,
  cells: readonly string[],
  widths: readonly number[],
  count: number,
): string {
  return cells
    .slice(0, count)
    .map((cell, at) => padWidth(cell, widths[at] ?? 0, columns[at]?.isNumeric === true ? "right" : "left"))
    .join(GAP)
    .trimEnd();
}

function clipped(text: string, widthMax: number): string {
  return isolatedLine(clipWidth(lineText(text), widthMax));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
