import type { Emphasis } from "../../core/model/show.ts";
import type { Cell, Column, Table } from "../../core/model/table.ts";
import { standsOut } from "../../core/rules/presentation/emphasis.ts";
import { isolatedLine, lineText } from "../words/cell-text.ts";
import { flatLabel } from "../words/headings.ts";
import { hasTotalLabel, subtotalsAfter, totalLabel } from "../words/shown.ts";
import { clipWidth, displayWidth, padWidth } from "./display-width.ts";

const GAP = "  ";
const MARK = "* ";

export interface TextTable {
  readonly lines: readonly string[];
  /** Columns that fit; the others are left out. */
  readonly columnsShown: number;
}

export interface TextBounds {
  readonly rowsMax: number;
  /** Of a line, in columns of a fixed-width font. */
  readonly widthMax: number;
  readonly cellWidthMax: number;
}

/**
 * A table as aligned lines: heading, rule, rows, and below another rule the totals. Numbers are aligned right; marked cells
 * have an asterisk.
 */
export function textTable(table: Table, bounds: TextBounds, emphasis: readonly Emphasis[] = []): TextTable {
  const clip = (text: string) => isolatedLine(clipWidth(lineText(text), bounds.cellWidthMax));
  const heads = table.columns.map((column) => clip(flatLabel(column)));
  const subtotals = subtotalsAfter(table);
  const rows = table.rows.slice(0, bounds.rowsMax).flatMap((row, index) => {
    const marked = markedIn(row, emphasis);
    const own = texts(row, table.columns, clip).map((text, column) =>
      marked.has(column) ? `${MARK}${text}` : text,
    );
    return [own, ...(subtotals.get(index) ?? []).map((cells) => texts(cells, table.columns, clip))];
  });
  const totals = table.totals === undefined ? null : named(texts(table.totals, table.columns, clip), table);
  const body = totals === null ? rows : [...rows, totals];
  const widths = heads.map((head, column) =>
    body.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? "")), displayWidth(head)),
  );
  const columnsShown = columnsWithin(widths, bounds.widthMax);
  const line = (cells: readonly string[]) =>
    cells
      .slice(0, columnsShown)
      .map((cell, column) =>
        padWidth(cell, widths[column] ?? 0, table.columns[column]?.isNumeric === true ? "right" : "left"),
      )
      .join(GAP)
      .trimEnd();
  const rule = line(widths.map((width) => "-".repeat(width)));
  const end =
    totals === null
      ? []
      : [rule, line(totals), ...totalNote(table, Math.min(bounds.rowsMax, table.rows.length))];
  return { lines: [line(heads), rule, ...rows.map(line), ...end], columnsShown };
}

function markedIn(row: readonly Cell[], emphasis: readonly Emphasis[]): ReadonlySet<number> {
  const marked = emphasis.filter((one) => {
    const cell = row[one.column];
    return cell !== undefined && standsOut(one, cell);
  });
  return new Set(marked.map(({ column }) => column));
}

function texts(row: readonly Cell[], columns: readonly Column[], clip: (text: string) => string): string[] {
  return columns.map((_, index) => clip(row[index]?.rendered ?? ""));
}

function named(totals: string[], table: Table): string[] {
  return hasTotalLabel(table) ? [TOTAL, ...totals.slice(1)] : totals;
}

const TOTAL = "Total";

/** What the totals are of, on a line of its own: within the first column it would take the room of others. */
function totalNote(table: Table, rowsShown: number): string[] {
  const label = totalLabel(table, rowsShown);
  return hasTotalLabel(table) && label !== TOTAL ? [label.replace(TOTAL, "Total:")] : [];
}

function columnsWithin(widths: readonly number[], widthMax: number): number {
  let width = 0;
  for (const [column, own] of widths.entries()) {
    width += own + (column === 0 ? 0 : GAP.length);
    if (width > widthMax) return Math.max(1, column);
  }
  return widths.length;
}
