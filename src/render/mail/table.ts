import { raw } from "hono/html";
import type { Emphasis } from "../../core/model/show.ts";
import type { Cell, Table } from "../../core/model/table.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { lineText } from "../words/cell-text.ts";
import { type Heading, headingLines } from "../words/headings.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { hasTotalLabel, subtotalsAfter, totalLabel } from "../words/shown.ts";
import { bodyCell, type CellSetting, cellSettings } from "./cell.ts";
import { DIM, HAIR, INK, RULE } from "./style.ts";
import { hasLongWords, type Narrow, type Typography, tooWideFor, typographyOf } from "./width.ts";

const COLUMNS_MAX = 40;

/** A table of the digest, whose size is known row by row. */
export interface MailTable {
  /** UTF-8 bytes of each row. */
  readonly rowBytes: readonly number[];
  readonly columnsShown: number;
  readonly tooWideFor: Narrow;
  /** The whole with its first `rowsShown` rows. */
  with(rowsShown: number): Markup;
}

export interface TableOrder {
  readonly title: string;
  readonly table: Table;
  readonly rowsMax: number;
  readonly bytesMax: number;
  readonly phrases: Phrases;
  readonly emphasis?: readonly Emphasis[];
  /** What to show in a cell in place of its text; null: its text. */
  readonly draw?: (row: number, column: number) => Markup | null;
  /** The table with the texts that `draw` shows, by which its width is estimated; `table` unless given. */
  readonly drawn?: Table;
}

/** Prepares at most `rowsMax` rows, and no more than `bytesMax` can hold. */
export function mailTable(order: TableOrder): MailTable {
  const { title, rowsMax, bytesMax, phrases, draw } = order;
  const table = withColumns(order.table, COLUMNS_MAX);
  const typography = typographyOf(table, draw !== undefined);
  const emphasis = order.emphasis ?? [];
  const settings = cellSettings(table.columns, typography.isFigures, emphasis);
  const rowOpen = `<tr valign="top" style="border-bottom:${typography.isFigures ? "0" : `1px solid ${HAIR}`}">`;
  const subtotals = subtotalsAfter(table, phrases);
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
  const narrow = tooWideFor(order.drawn ?? table, typography);
  const open = opening(title, table, typography, {
    isMarked: emphasis.length > 0,
    isScrolled: narrow !== null,
  });
  const totals = (rowsShown: number) => totalsRow(table, settings, rowsShown, phrases);
  return {
    rowBytes,
    columnsShown: table.columns.length,
    tooWideFor: narrow,
    with: (rowsShown) =>
      markup`${open}<tbody>${raw(rows.slice(0, rowsShown).join(""))}</tbody>${totals(rowsShown)}</table></div>`,
  };
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

// The wrapper scrolls sideways if the client allows it (Apple Mail, Gmail), which matters most on a phone; by keys too, where it does.
function opening(
  title: string,
  table: Table,
  typography: Typography,
  { isMarked, isScrolled }: { readonly isMarked: boolean; readonly isScrolled: boolean },
): Markup {
  const lines = headingLines(table);
  const kind = `${typography.kind}${isMarked ? " m" : ""}`;
  const name = lineText(title, 200);
  const scrolled = isScrolled ? markup` role="group" aria-label="${name}" tabindex="0"` : null;
  const width = raw(typography.isFigures ? "" : ' width="100%"');
  return markup`<div class="x"${scrolled} style="overflow-x:auto;-webkit-overflow-scrolling:touch"><table class="${kind}"${width} cellpadding="${typography.padding}" cellspacing="0" border="0" style="border-collapse:collapse;font-size:${typography.fontPx}px;line-height:1.4;color:${INK};font-variant-numeric:tabular-nums"><caption style="font-size:0;line-height:0;max-height:0;overflow:hidden;mso-hide:all">${name}</caption><thead>${lines.map(
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
  const width = hasLongWords(table, table.columns.indexOf(heading.column))
    ? `;min-width:${typography.wordsWidth}px`
    : "";
  const isShort = heading.text.length <= 12 && typography.kind === "d";
  const nowrap = raw(isShort ? " nowrap" : "");
  return markup`<th scope="col" align="${align}"${depth}${nowrap} style="font-size:${Math.min(13, typography.fontPx)}px;line-height:16px;font-weight:400;color:${DIM}${width}">${label}</th>`;
}

function subtotalRow(cells: readonly Cell[], settings: readonly CellSetting[]): string {
  const set = settings.map((setting, index) => bodyCell(cells[index], { ...setting, marks: [] }, null));
  return `<tr valign="top" style="border-bottom:1px solid ${RULE};font-weight:600">${set.join("")}</tr>`;
}

function totalsRow(
  table: Table,
  settings: readonly CellSetting[],
  rowsShown: number,
  phrases: Phrases,
): Markup | null {
  const { totals } = table;
  if (totals === undefined) return null;
  const label = totalLabel(table, rowsShown, phrases);
  const cells = settings.map((setting, index) => {
    const cell = index === 0 && hasTotalLabel(table) ? { value: label, rendered: label } : totals[index];
    return bodyCell(cell, { ...setting, marks: [] }, null);
  });
  return markup`<tfoot><tr class="rule" valign="top" style="border-top:1px solid ${RULE};font-weight:600">${raw(cells.join(""))}</tr></tfoot>`;
}
