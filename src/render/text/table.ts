import type { Emphasis } from "../../core/model/show.ts";
import type { Cell, Column, Table } from "../../core/model/table.ts";
import { standsOut } from "../../core/rules/presentation/emphasis.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { isolatedLine, lineText } from "../words/cell-text.ts";
import { withLatest } from "../words/latest-columns.ts";
import { hasTotalLabel, isCutAt, subtotalsAfter } from "../words/shown.ts";
import { clipWidth, displayWidth } from "./display-width.ts";
import { brokenHead, flatHead, GAP, joined } from "./heads.ts";

const MARK = "* ";

export interface TextTable {
  readonly lines: readonly string[];
  /** Columns that fit; the others are left out. */
  readonly columnsShown: number;
  /** Of a pivot over time that had to be cut, the latest periods are shown. */
  readonly isLatest: boolean;
}

export interface TextBounds {
  readonly rowsMax: number;
  /** Of a line, in columns of a fixed-width font. */
  readonly widthMax: number;
  readonly cellWidthMax: number;
  readonly phrases: Phrases;
}

/**
 * A table as aligned lines: heading, rule, rows, and below another rule the totals. Numbers are aligned right; marked cells
 * have an asterisk. Where it is too wide, labels are broken and pivots have their values in lines of their own; where that does not
 * do, the last columns are left out, of a pivot over time the oldest.
 */
export function textTable(table: Table, bounds: TextBounds, emphasis: readonly Emphasis[] = []): TextTable {
  const flat = laidOut(table, bounds, emphasis, false);
  if (flat.columnsShown === table.columns.length) return flat;
  const narrow = laidOut(table, bounds, emphasis, true);
  for (let room = narrow.columnsShown; room > 1 && room < table.columns.length; room -= 1) {
    const latest = withLatest(table, emphasis, room);
    if (latest === null) break;
    const made = laidOut(latest.table, bounds, latest.emphasis, true);
    if (made.columnsShown === latest.table.columns.length) return { ...made, isLatest: true };
  }
  return narrow;
}

function laidOut(
  table: Table,
  { rowsMax, widthMax, cellWidthMax, phrases }: TextBounds,
  emphasis: readonly Emphasis[],
  isNarrow: boolean,
): TextTable {
  const clip = (text: string) => isolatedLine(clipWidth(lineText(text), cellWidthMax));
  const subtotals = subtotalsAfter(table, phrases);
  const rows = table.rows.slice(0, rowsMax).flatMap((row, index) => {
    const marked = markedIn(row, emphasis);
    const own = texts(row, table.columns, clip).map((text, column) =>
      marked.has(column) ? `${MARK}${text}` : text,
    );
    return [own, ...(subtotals.get(index) ?? []).map((cells) => texts(cells, table.columns, clip))];
  });
  const totals =
    table.totals === undefined ? null : named(texts(table.totals, table.columns, clip), table, phrases);
  const body = totals === null ? rows : [...rows, totals];
  const cellWidths = table.columns.map((_, column) =>
    body.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? "")), 0),
  );
  const head = isNarrow ? brokenHead(table, cellWidths, cellWidthMax) : flatHead(table, cellWidthMax);
  const widths = cellWidths.map((width, column) => Math.max(width, head.widths[column] ?? 0));
  const columnsShown = columnsWithin(widths, widthMax);
  const line = (cells: readonly string[]) => joined(table, cells, widths, columnsShown);
  const rule = line(widths.map((width) => "-".repeat(width)));
  const end =
    totals === null
      ? []
      : [rule, line(totals), ...totalNote(table, Math.min(rowsMax, table.rows.length), phrases)];
  const lines = [...head.lines(widths, columnsShown), rule, ...rows.map(line), ...end];
  return { lines, columnsShown, isLatest: false };
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

function named(totals: string[], table: Table, { tables }: Phrases): string[] {
  return hasTotalLabel(table) ? [tables.total, ...totals.slice(1)] : totals;
}

/** What the totals are of, on a line of its own: within the first column it would take the room of others. */
function totalNote(table: Table, rowsShown: number, { tables }: Phrases): string[] {
  return hasTotalLabel(table) && isCutAt(rowsShown, table) ? [tables.totalIsOfAll] : [];
}

function columnsWithin(widths: readonly number[], widthMax: number): number {
  let width = 0;
  for (const [column, own] of widths.entries()) {
    width += own + (column === 0 ? 0 : GAP.length);
    if (width > widthMax) return Math.max(1, column);
  }
  return widths.length;
}
