/** What ends a record (RFC 4180). */
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
 * One record (RFC 4180), without its end. A record of one empty cell is written `""`, since many readers skip
 * an empty line.
 */
export function csvRecord(cells: readonly string[], delimiter: string): string {
  if (cells.length === 1 && cells[0] === "") return '""';
  return cells.map((cell) => csvCell(cell, delimiter)).join(delimiter);
}

function csvCell(text: string, delimiter: string): string {
  return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection"): a first character of = + - @ TAB CR.
 */
const TRIGGER = /^[=+\-@\t\r]/;

// Digits with grouping, decimals, one currency sign or code at either end, a percent sign or an exponent: "-3.2%",
// "-$1,200", "+5", "-1.5e-7", "-4 EUR". Anything with a second operator ("+1-555", "-1+2") is not a number.
const NUMBER =
  /^[+-]\s?(?:\p{Sc}|[A-Z]{3}\s)?\s?(?:\d[\d,.'’\s]*|\.\d+)(?:[eE][+-]?\d+)?\s?(?:%|\p{Sc}|[A-Z]{3}|[KMBT])?$/u;

/**
 * Puts `'` before text that a spreadsheet would run. Numbers stay as they are: "-3.2%" starts with a minus because the
 * value is negative, runs nothing, and would no longer add up as text. `isNumber`: the cell holds a number, whatever
 * it looks like. A string that reads as a number passes as well.
 */
export function guardFormula(text: string, isNumber: boolean): string {
  return isFormula(text, isNumber) ? `'${text}` : text;
}

export function isFormula(text: string, isNumber: boolean): boolean {
  if (!TRIGGER.test(text)) return false;
  const signed = text.startsWith("-") || text.startsWith("+");
  return !(signed && (isNumber || NUMBER.test(text)));
}
