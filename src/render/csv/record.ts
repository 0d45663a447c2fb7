import type { Formulas } from "./formula.ts";

/** What ends a record (RFC 4180). */
export const RECORD_END = "\r\n";

export const BOM = "\ufeff";

/** How a file is written, once the options are read. */
export interface CsvStyle {
  readonly headings: readonly string[];
  readonly delimiter: string;
  readonly bom: boolean;
  readonly raw: boolean;
  readonly formulas: Formulas;
}

/**
 * One record (RFC 4180), without its end. A record of one empty cell is written `""`, since many readers skip
 * an empty line.
 */
export function csvRecord(cells: readonly string[], delimiter: string): string {
  if (cells.length === 1 && cells[0] === "") return '""';
  return cells.map((cell) => csvCell(cell, delimiter)).join(delimiter);
}

/** What a file has before its first row. */
export function fileBeginning({ bom, headings, delimiter }: CsvStyle): string {
  return `${bom ? BOM : ""}${csvRecord(headings, delimiter)}${RECORD_END}`;
}

function csvCell(text: string, delimiter: string): string {
  return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}
