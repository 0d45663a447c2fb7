import { raw } from "hono/html";
import type { Emphasis } from "../../core/model/show.ts";
import type { Cell, Column, Table } from "../../core/model/table.ts";
import { lineText } from "../words/cell-text.ts";
import { type Heading, headingLines } from "../words/headings.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { hasTotalLabel, isFigures, subtotalsAfter, totalLabel } from "../words/shown.ts";
import { bodyCell, type CellSetting, cellSettings } from "./cell.ts";
import { CARD_TEXT_WIDTH, DIM, HAIR, INK, RULE } from "./style.ts";

const COLUMNS_MAX = 40;

/** A table of the digest, whose size is known row by row. */
export interface MailTable {
  /** UTF-8 bytes of each row. */
  readonly rowBytes: readonly number[];
  readonly columnsShown: number;
  /** Whether it is certainly wider than the card. */
  readonly isWide: boolean;
  /** The whole with its first `rowsShown` rows. */
  with(rowsShown: number): Markup;
}

export interface TableOrder {
  readonly title: string;
  readonly table: Table;
  readonly rowsMax: number;
  readonly bytesMax: number;
  readonly emphasis?: readonly Emphasis[];
  /** What to show in a cell in place of its text; null: its text. */
  readonly draw?: (row: number, column: number) => Markup | null;
}

/** Prepares at most `rowsMax` rows, and no more than `bytesMax` can hold. */
export function mailTable(order: TableOrder): MailTable {
  const { title, rowsMax, bytesMax, draw } = order;
  const table = withColumns(order.table, COLUMNS_MAX);
  const typography = typographyOf(table, draw !== undefined);
  const emphasis = order.emphasis ?? [];
  const settings = cellSettings(table.columns, typography.isFigures, emphasis);
  const rowOpen = `<tr valign="top" style="border-bottom:${typography.isFigures ? "0" : `1px solid ${HAIR}`}">`;
  const subtotals = subtotalsAfter(table);
  const rows: string[] = [];
  const rowBytes: number[] = [];
  let bytes = 0;
  for (const [index, cells] of table.rows.slice(0, rowsMax).entries()) {
    let row = rowOpen;
    for (const [column, setting] of settings.entries())
      row += bodyCell(cells[column], setting, draw?.(index, column) ?? null);
    row += "</tr>";
    for (const subtotal of subtotals.get(index) ?? []) row += subtotalRow(subtotal, settings);
    const size = Buffer.byteLength(row);
    rows.push(row);
    rowBytes.push(size);
    bytes += size;
    if (bytes > bytesMax) break;
  }
  const open = opening(title, table, typography, emphasis.length > 0);
  const totals = (rowsShown: number) => totalsRow(table, settings, rowsShown);
  return {
    rowBytes,
    columnsShown: table.columns.length,
    isWide: leastWidth(table, typography) > CARD_TEXT_WIDTH,
    with: (rowsShown) =>
      markup`${open}<tbody>${raw(rows.slice(0, rowsShown).join(""))}</tbody>${totals(rowsShown)}</table></div>`,
  };
}

/** How large the cells are: smaller with more columns; a single row of a few numbers is shown as large figures. */
interface Typography {
  readonly isFigures: boolean;
  readonly fontPx: number;
  readonly padding: number;
}

function typographyOf(table: Table, isDrawn: boolean): Typography {
  if (!isDrawn && isFigures(table)) return { isFigures: true, fontPx: 13, padding: 4 };
  const columns = table.columns.length;
  const fontPx = columns <= MANY_COLUMNS ? 14 : columns <= 12 ? 13 : 12;
  return { isFigures: false, fontPx, padding: columns <= MANY_COLUMNS ? 7 : 5 };
}

const MANY_COLUMNS = 7;

/** Pixels that the columns need if they wrap at each space: an estimate, with letters half as wide as high. */
function leastWidth(table: Table, typography: Typography): number {
  return table.columns.reduce((width, column, index) => {
    const texts = [column.label, ...table.rows.slice(0, 10).map((row) => row[index]?.rendered ?? "")];
    const words = texts
      .flatMap((text) => text.slice(0, 300).split(/\s+/))
      .map((word) => Math.min(word.length, 40));
    return width + Math.max(...words) * typography.fontPx * 0.55 + 2 * (typography.padding + 3);
  }, 0);
}

function withColumns(table: Table, columnsMax: number): Table {
  if (table.columns.length <= columnsMax) return table;
  return {
    ...table,
    columns: table.columns.slice(0, columnsMax),
    rows: table.rows.map((row) => row.slice(0, columnsMax)),
    ...(table.totals === undefined ? {} : { totals: table.totals.slice(0, columnsMax) }),
    ...(table.subtotals === undefined
      ? {}
      : { subtotals: table.subtotals.map((one) => ({ ...one, cells: one.cells.slice(0, columnsMax) })) }),
  };
}

// The wrapper scrolls sideways if the client allows it (Apple Mail, Gmail), which matters most on a phone.
function opening(title: string, table: Table, typography: Typography, isMarked: boolean): Markup {
  const lines = headingLines(table);
  const kind = `${typography.isFigures ? "d f" : typography.padding < 7 ? "d w" : "d"}${isMarked ? " m" : ""}`;
  const width = raw(typography.isFigures ? "" : ' width="100%"');
  return markup`<div class="x" style="overflow-x:auto;-webkit-overflow-scrolling:touch"><table class="${kind}"${width} cellpadding="${typography.padding}" cellspacing="0" border="0" style="border-collapse:collapse;font-size:${typography.fontPx}px;line-height:1.4;color:${INK};font-variant-numeric:tabular-nums"><caption style="font-size:0;line-height:0;max-height:0;overflow:hidden;mso-hide:all">${lineText(title, 200)}</caption><thead>${lines.map(
    (line, level) => headRow(line, level === lines.length - 1, table, typography),
  )}</thead>`;
}

function headRow(line: readonly Heading[], isLast: boolean, table: Table, typography: Typography): Markup {
  const isRuled = isLast && !typography.isFigures;
  const rule = raw(isRuled ? ` class="rule" style="border-bottom:1px solid ${RULE}"` : "");
  return markup`<tr valign="bottom"${rule}>${line.map((heading) => headCell(heading, table, typography))}</tr>`;
}

function headCell(heading: Heading, table: Table, typography: Typography): Markup {
  const label = isolated(lineText(heading.text, 80));
  const depth = raw(heading.depth > 1 ? ` rowspan="${heading.depth}"` : "");
  if (heading.isGroup) {
    const [scope, span] = heading.span > 1 ? ["colgroup", raw(` colspan="${heading.span}"`)] : ["col", null];
    return markup`<th scope="${scope}"${span}${depth} align="center" style="font-size:13px;line-height:16px;font-weight:400;color:${DIM}"><div class="grp" style="padding-bottom:3px;border-bottom:1px solid ${RULE}">${label}</div></th>`;
  }
  const align = heading.column.isNumeric && !typography.isFigures ? "right" : "left";
  const width = needsWidth(heading.column, table) ? ";min-width:130px" : "";
  const isShort = heading.text.length <= 12 && table.columns.length <= MANY_COLUMNS;
  const nowrap = raw(isShort ? " nowrap" : "");
  return markup`<th scope="col" align="${align}"${depth}${nowrap} style="font-size:13px;line-height:16px;font-weight:400;color:${DIM}${width}">${label}</th>`;
}

// On a phone a column of names would otherwise be squeezed to one word a line, although the table scrolls.
function needsWidth(column: Column, table: Table): boolean {
  const index = table.columns.indexOf(column);
  return !column.isNumeric && table.rows.slice(0, 50).some((row) => (row[index]?.rendered.length ?? 0) > 18);
}

function subtotalRow(cells: readonly Cell[], settings: readonly CellSetting[]): string {
  const set = settings.map((setting, index) => bodyCell(cells[index], { ...setting, marks: [] }, null));
  return `<tr valign="top" style="border-bottom:1px solid ${RULE};font-weight:600">${set.join("")}</tr>`;
}

function totalsRow(table: Table, settings: readonly CellSetting[], rowsShown: number): Markup | null {
  const { totals } = table;
  if (totals === undefined) return null;
  const label = totalLabel(table, rowsShown);
  const cells = settings.map((setting, index) => {
    const cell = index === 0 && hasTotalLabel(table) ? { value: label, rendered: label } : totals[index];
    return bodyCell(cell, { ...setting, marks: [] }, null);
  });
  return markup`<tfoot><tr class="rule" valign="top" style="border-top:1px solid ${RULE};font-weight:600">${raw(cells.join(""))}</tr></tfoot>`;
}
