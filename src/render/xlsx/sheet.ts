import type { Emphasis } from "../../core/model/show.ts";
import type { Cell } from "../../core/model/table.ts";
import { numberOf } from "../../core/rules/numbers/cell-number.ts";
import { standsOut } from "../../core/rules/presentation/emphasis.ts";
import { safeHref } from "../words/cell-text.ts";
import { cellWriter, columnLetters, type Damage, textCell, type WriteCell } from "./cells.ts";
import type { SheetColumn } from "./columns.ts";
import type { Outline, OutlineRow } from "./outline.ts";
import type { Styles } from "./styles.ts";
import { attributeText, sheetText } from "./text.ts";

/** A row of a result: cells, or the raw texts of a large one. */
export type SheetRow = readonly (Cell | string)[];

export interface SheetOrder {
  readonly columns: readonly SheetColumn[];
  /** Index of the first of them in the rows. */
  readonly firstColumn: number;
  /** Data rows, without the headings and the totals. */
  readonly rowsMax: number;
  readonly styles: Styles;
  readonly damage: Damage;
  readonly isSelected: boolean;
  /** Written below the rows if these are the last. */
  readonly totals: readonly Cell[] | undefined;
  /** "Total", or what it totals. */
  readonly totalLabel: string;
  /** Subtotals between the rows; null: there are none. */
  readonly outline: Outline | null;
  /** Cells that stand out, by the columns of the whole table. */
  readonly emphasis: readonly Emphasis[];
}

/** What is known of a sheet once it is written. */
export interface WrittenSheet {
  rows: number;
  /** The addresses that cells lead to, in the order of their ids (rId1 …). */
  readonly hrefs: string[];
}

/** Rows that several sheets read, one after the other. */
export interface RowCursor {
  /** Undefined if there is none left. */
  next(): Promise<SheetRow | undefined>;
  isOver(): Promise<boolean>;
}

const CHUNK_CHARS = 64 * 1024;
/** Links in one sheet (Microsoft, "Excel specifications and limits"). */
const LINKS_MAX = 65_530;

const HEAD_LINE_POINTS = 15;

export const NAMESPACES =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';

/** A sheet's XML (ECMA-376, 18.3.1.99), chunk by chunk as the rows come; fills `written` on the way. */
export async function* sheetXml(
  order: SheetOrder,
  cursor: RowCursor,
  written: WrittenSheet,
): AsyncGenerator<Buffer> {
  const letters = order.columns.map((_, index) => columnLetters(index));
  const links = new Map<string, string>();
  const hrefIds = new Map<string, number>();
  const writers = order.columns.map((column, index) => {
    const body = cellWriter(column, "body", order.styles, order.damage);
    const marks = order.emphasis.filter((one) => one.column === order.firstColumn + index);
    return marks.length === 0 ? { body } : { body, ...marking(column, marks, order) };
  });
  const addLink = (href: string, ref: string): boolean => {
    const url = safeHref(href);
    if (url === null || links.size >= LINKS_MAX) return false;
    const id = hrefIds.get(url) ?? hrefIds.size + 1;
    if (id > written.hrefs.length) written.hrefs.push(url);
    hrefIds.set(url, id);
    links.set(ref, `rId${id}`);
    return true;
  };
  const level = order.outline?.rowLevel ?? 0;
  let inserted = 0;
  let xml = prelude(order) + headRow(order, letters);
  while (written.rows < order.rowsMax) {
    const row = await cursor.next();
    if (row === undefined) break;
    const lines = order.outline?.after.get(written.rows) ?? [];
    written.rows += 1;
    xml += rowXml(
      row,
      { number: written.rows + 1 + inserted, level },
      order.firstColumn,
      letters,
      writers,
      addLink,
    );
    for (const line of lines) {
      inserted += 1;
      xml += summaryRow(line, written.rows + 1 + inserted, order, letters);
    }
    if (xml.length > CHUNK_CHARS) {
      yield Buffer.from(xml);
      xml = "";
    }
  }
  if (order.totals !== undefined && (await cursor.isOver()))
    xml += totalsRow(order.totals, written.rows + 2 + inserted, order, letters);
  // Sorting would part subtotals from their rows.
  const filter =
    letters.length === 0 || order.outline !== null
      ? ""
      : `<autoFilter ref="A1:${letters.at(-1)}${written.rows + 1}"/>`;
  const linked = [...links].map(([ref, id]) => `<hyperlink ref="${ref}" r:id="${id}"/>`).join("");
  yield Buffer.from(
    `${xml}</sheetData>${filter}${linked === "" ? "" : `<hyperlinks>${linked}</hyperlinks>`}${EPILOGUE}`,
  );
}

const EPILOGUE =
  '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup orientation="landscape" fitToHeight="0"/></worksheet>';

function prelude({ columns, isSelected, outline }: SheetOrder): string {
  const widths = columns.map(
    ({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet ${NAMESPACES}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView ${
    isSelected ? 'tabSelected="1" ' : ""
  }workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"${
    outline === null ? "" : ` outlineLevelRow="${outline.rowLevel}"`
  }/>${widths.length === 0 ? "" : `<cols>${widths.join("")}</cols>`}<sheetData>`;
}

function headRow({ columns, styles, damage }: SheetOrder, letters: readonly string[]): string {
  const cells = columns.map(({ heading, kind }, index) => {
    const isRight = kind === "number" || kind === "date";
    const style = styles.indexOf({ role: "head", format: null, ...(isRight && { align: "right" as const }) });
    return textCell(sheetText(heading, damage), `${letters[index]}1`, ` s="${style}"`);
  });
  const lines = Math.max(1, ...columns.map(({ headLines }) => headLines));
  return `<row r="1" ht="${6 + HEAD_LINE_POINTS * lines}" customHeight="1">${cells.join("")}</row>`;
}

function rowXml(
  row: SheetRow,
  { number, level }: { readonly number: number; readonly level: number },
  firstColumn: number,
  letters: readonly string[],
  writers: readonly ColumnWriter[],
  addLink: (href: string, ref: string) => boolean,
): string {
  let xml = `<row r="${number}"${levelOf(level)}>`;
  for (let index = 0; index < writers.length; index += 1) {
    const cell = row[firstColumn + index];
    const writer = writers[index];
    if (cell === undefined || writer === undefined) continue;
    const write = writer.isMarked?.(cell) === true ? (writer.marked ?? writer.body) : writer.body;
    const ref = `${letters[index]}${number}`;
    if (typeof cell === "string") xml += write(cell, ref, false);
    else
      xml += write(
        cell.value,
        ref,
        cell.href !== undefined && cell.value !== null && addLink(cell.href, ref),
      );
  }
  return `${xml}</row>`;
}

function levelOf(level: number): string {
  return level === 0 ? "" : ` outlineLevel="${level}"`;
}

function summaryRow(
  { cells, level }: OutlineRow,
  number: number,
  { columns, firstColumn, styles, damage }: SheetOrder,
  letters: readonly string[],
): string {
  const written = columns.map((column, index) => {
    const write = cellWriter(column, "total", styles, damage);
    return write(cells[firstColumn + index]?.value ?? null, `${letters[index]}${number}`, false);
  });
  return `<row r="${number}"${levelOf(level)}>${written.join("")}</row>`;
}

interface ColumnWriter {
  readonly body: WriteCell;
  /** For the cells of which `isMarked` is true. Absent: none stands out. */
  readonly marked?: WriteCell;
  readonly isMarked?: (cell: Cell | string) => boolean;
}

function marking(
  column: SheetColumn,
  marks: readonly Emphasis[],
  { styles, damage }: SheetOrder,
): Required<Omit<ColumnWriter, "body">> {
  const asCell = (text: string): Cell => {
    const value = column.kind === "number" ? (numberOf(text) ?? text) : text;
    return { value: text === "" ? null : value, rendered: text };
  };
  return {
    marked: cellWriter(column, "marked", styles, damage),
    isMarked: (cell) => marks.some((mark) => standsOut(mark, typeof cell === "string" ? asCell(cell) : cell)),
  };
}

function totalsRow(
  totals: readonly Cell[],
  number: number,
  { columns, firstColumn, styles, damage, totalLabel }: SheetOrder,
  letters: readonly string[],
): string {
  const cells = columns.map((column, index) => {
    const value = totals[firstColumn + index]?.value ?? null;
    const isFirst = firstColumn + index === 0 && (value === null || value === "");
    const write = cellWriter(column, "total", styles, damage);
    return write(isFirst ? totalLabel : value, `${letters[index]}${number}`, false);
  });
  return `<row r="${number}">${cells.join("")}</row>`;
}

/** A sheet of sentences. */
export function notesXml(sentences: readonly string[], styles: Styles): Buffer {
  const style = ` s="${styles.indexOf({ role: "note", format: null })}"`;
  const ignored = { cut: 0, replaced: 0 };
  const rows = sentences.map(
    (sentence, index) =>
      `<row r="${index + 1}">${textCell(sheetText(sentence, ignored), `A${index + 1}`, style)}</row>`,
  );
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet ${NAMESPACES}><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="1" width="110" customWidth="1"/></cols><sheetData>${rows.join("")}</sheetData></worksheet>`);
}

/** The relationships of a sheet with links. */
export function sheetRelationships(hrefs: readonly string[]): Buffer {
  const all = hrefs.map(
    (href, index) =>
      `<Relationship Id="rId${index + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="${attributeText(href)}" TargetMode="External"/>`,
  );
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join("")}</Relationships>`,
  );
}
