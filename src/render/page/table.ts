import { raw } from "hono/html";
import type { Emphasis } from "../../core/model/show.ts";
import type { Cell, Column, Table } from "../../core/model/table.ts";
import { standsOut } from "../../core/rules/presentation/emphasis.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { MARK } from "../mail/cell.ts";
import { bodyText, lineText, safeHref } from "../words/cell-text.ts";
import { type Heading, headingLines } from "../words/headings.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { hasTotalLabel, subtotalsAfter, totalLabel } from "../words/shown.ts";

export const PAGE_ROWS_MAX = 2_000;
const COLUMNS_MAX = 250;
/** With more cells, browsers no longer scroll smoothly. */
const CELLS_MAX = 60_000;
const CELL_CHARS_MAX = 1_000;
/** Across the whole page, a name and its number would be too far apart to read as one line. */
const NARROW_COLUMNS_MAX = 3;

export interface PageTable {
  readonly rowsShown: number;
  readonly columnsShown: number;
  html(): Generator<string>;
}

export interface PageTableOrder {
  readonly caption: string;
  readonly table: Table;
  readonly phrases: Phrases;
  readonly emphasis?: readonly Emphasis[];
  /** What to show in a cell in place of its text; null: its text. */
  readonly draw?: (row: number, column: number) => Markup | null;
}

/** A table as the page shows it, row by row. */
export function pageTable(order: PageTableOrder): PageTable {
  const { table } = order;
  const columns = table.columns.slice(0, COLUMNS_MAX);
  const rowsMax = Math.min(PAGE_ROWS_MAX, Math.floor(CELLS_MAX / Math.max(1, columns.length)));
  const rows = table.rows.slice(0, rowsMax);
  return { rowsShown: rows.length, columnsShown: columns.length, html: () => pieces(order, columns, rows) };
}

function* pieces(
  { caption, table, phrases, emphasis = [], draw }: PageTableOrder,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Generator<string> {
  yield `<section class="scroll" tabindex="0" aria-label="${markup`${lineText(caption, 200)}`}"><table${columns.length <= NARROW_COLUMNS_MAX ? ' class="narrow"' : ""}><caption>${markup`${lineText(caption, 200)}`}</caption><thead>`;
  for (const line of headingLines({ columns, pivotLabels: table.pivotLabels }))
    yield `<tr>${line.map(headCell).join("")}</tr>`;
  yield "</thead><tbody>";
  const subtotals = subtotalsAfter(table, phrases);
  for (const [index, row] of rows.entries()) {
    const cells = columns.map((column, at) => {
      const isMarked = emphasis.some((one) => one.column === at && row[at] && standsOut(one, row[at]));
      return bodyCell(row[at], column, isMarked, draw?.(index, at) ?? null);
    });
    yield `<tr>${cells.join("")}</tr>\n`;
    for (const subtotal of subtotals.get(index) ?? [])
      yield `<tr class="subtotal">${columns.map((column, at) => bodyCell(subtotal[at], column, false, null)).join("")}</tr>\n`;
  }
  yield "</tbody>";
  const { totals } = table;
  if (totals !== undefined) {
    const label = totalLabel(table, rows.length, phrases);
    const named = columns.map((_, at) =>
      at === 0 && hasTotalLabel(table) ? { value: label, rendered: label } : totals[at],
    );
    yield `<tfoot><tr>${columns.map((column, at) => bodyCell(named[at], column, false, null)).join("")}</tr></tfoot>`;
  }
  yield "</table></section>";
}

function headCell({ text, span, depth, isGroup, column }: Heading): string {
  const label = markup`${isolated(lineText(text, 200))}`;
  const spans = `${span > 1 ? ` colspan="${span}"` : ""}${depth > 1 ? ` rowspan="${depth}"` : ""}`;
  if (isGroup) return `<th scope="${span > 1 ? "colgroup" : "col"}" class="group"${spans}>${label}</th>`;
  return `<th scope="col"${column.isNumeric ? ' class="n"' : ""}${spans}>${label}</th>`;
}

// Dates and short words must not break at their hyphens.
const UNBROKEN = /^(\d{4}-\d{2}(-\d{2})?([ T]\d{2}:\d{2}(:\d{2})?)?|\S{1,16})$/;

function bodyCell(cell: Cell | undefined, column: Column, isMarked: boolean, drawn: Markup | null): string {
  const text = bodyText(cell?.rendered ?? "", CELL_CHARS_MAX);
  const href = safeHref(cell?.href);
  const words = drawn ?? isolated(text);
  const shown = href === null ? words : markup`<a href="${href}">${text === "" ? "–" : words}</a>`;
  const classes = [
    column.isNumeric ? "n" : "",
    isMarked ? "marked" : "",
    column.pivot?.isRowTotal === true ? "total" : "",
    !column.isNumeric && (UNBROKEN.test(text) || text === "") ? "s" : "",
  ].filter((one) => one !== "");
  const attribute = classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
  const mark = raw(isMarked ? `<b>${MARK}</b> ` : "");
  return `<td${attribute}>${mark}${shown}</td>`;
}
