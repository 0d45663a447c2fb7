/** The end of a record by RFC 4180. */
export const RECORD_END = "\r\n";

export const BOM = "\ufeff";

/** How a file is written, once the options are read. */
export interface CsvStyle {
  readonly headings: readonly string[];
  readonly delimiter: string;
  readonly bom: boolean;
  readonly raw: boolean;
  readonly guard: boolean;
}

/**
 * One record by RFC 4180, without its end. A record of one empty cell is written `""`: an empty line would be skipped by
 * many readers.
 */
export function csvRecord(cells: readonly string[], delimiter: string): string {
  if (cells.length === 1 && cells[0] === "") return '""';
  return cells.map((cell) => csvCell(cell, delimiter)).join(delimiter);
}

function csvCell(text: string, delimiter: string): string {
  return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}
