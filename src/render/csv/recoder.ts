import { ReportError } from "../../core/error.ts";
import { APOSTROPHE, COMMA, CR, LF, QUOTE, regularEnd } from "./bytes.ts";
import { CellWriter } from "./cell-writer.ts";
import type { Formulas } from "./formula.ts";

/** The most bytes that `inputBytes` may become: in a table of one column, a line feed becomes `""` CR LF. */
export function outputBytes(inputBytes: number): number {
  return (inputBytes + 1) * 4;
}

export interface RecoderOptions {
  /** How many heading records to leave out. */
  readonly headingRows: number;
  /** Cells that every record must have. */
  readonly columns: number;
  /** Of the output, one ASCII character. The input has commas. */
  readonly delimiter: string;
  readonly formulas: Formulas;
  /** Refuses an empty line with records behind it instead of leaving it out: Looker may only end a file with them. */
  readonly refusesEmptyLines?: boolean;
  /** Passes nothing through: what tests compare the rest with. */
  readonly isCellByCell?: boolean;
}

/**
 * Rewrites comma-separated text as RFC 4180 with another delimiter and guarded formulas, chunk by chunk and on bytes:
 * everything it looks for is ASCII, so a letter split between chunks does no harm, and cells are copied without being decoded.
 * What is written as it was read is passed through in long runs (`#passRegular`); the rest goes cell by cell.
 */
export class CsvRecoder {
  /** Data records written so far. */
  records = 0;
  readonly #options: RecoderOptions;
  readonly #writer: CellWriter;
  readonly #delimiter: number;
  /** Whether cells may be passed through: the output has them as the input does. */
  readonly #passes: boolean;
  #headings: number;
  #input: Buffer = Buffer.alloc(0);
  #cell = 0;
  #needsQuotes = false;
  #emptyLines = 0;

  constructor(options: RecoderOptions) {
    this.#options = options;
    this.#writer = new CellWriter(options.formulas);
    this.#delimiter = options.delimiter.charCodeAt(0);
    // A record of one empty cell is written in another way than it was read.
    this.#passes =
      this.#delimiter === COMMA &&
      options.formulas !== "strict" &&
      options.columns > 1 &&
      options.isCellByCell !== true;
    this.#headings = options.headingRows;
  }

  /**
   * Recodes the whole cells of `input` into `output`, which must have room for `outputBytes` of it. Returns how many bytes of
   * the input are done (the next input has to start with the rest) and how many were written. Throws ReportError
   * `protocol` for text that is not CSV and, if `final`, for text that breaks off.
   */
  recode(input: Buffer, output: Buffer, final: boolean): { done: number; written: number } {
    this.#input = input;
    this.#writer.between(input, output);
    let at = 0;
    while (at < input.length) {
      if (this.#passes && this.#headings === 0) at = this.#passRegular(at);
      if (at === input.length) break;
      const end = input[at] === QUOTE ? this.#quotedEnd(at, final) : this.#bareEnd(at, final);
      if (end === null) break;
      at = this.#endCell(at, end);
    }
    if (final) this.#finish(at);
    return { done: at, written: this.#writer.written };
  }

  /**
   * Copies whole cells from `start` on, in runs that end where something is put in: a CR before a line feed, a ' before a formula. Returns
   * the index of the first cell that it leaves to be looked at by itself: one that is not all there, has to be quoted, or is wrong.
   */
  #passRegular(start: number): number {
    if (this.#emptyLines > 0 && this.#options.refusesEmptyLines === true) return start;
    const input = this.#input;
    const writer = this.#writer;
    const lastColumn = this.#options.columns - 1;
    let column = this.#cell;
    let cell = start;
    let run = start;
    // A delimiter is written with the cell after it.
    if (column > 0) writer.put(COMMA);
    while (cell < input.length) {
      const end = regularEnd(input, cell);
      if (end === -1 || (input[end] === COMMA) === (column === lastColumn)) break;
      run = this.#guardedRun(run, cell, end);
      if (input[end] === COMMA) {
        column += 1;
        cell = end + 1;
        continue;
      }
      if (input[end] === LF) {
        writer.copy(run, end);
        writer.put(CR);
        run = end;
      }
      this.records += 1;
      column = 0;
      cell = end + (input[end] === CR ? 2 : 1);
    }
    if (cell > start) writer.copy(run, column > 0 ? cell - 1 : cell);
    else if (column > 0) writer.written -= 1;
    this.#cell = column;
    return cell;
  }

  /** Where the run goes on: behind a ' where the cell [cell, end) is a formula. */
  #guardedRun(run: number, cell: number, end: number): number {
    const isQuoted = this.#input[cell] === QUOTE;
    const text = isQuoted ? cell + 1 : cell;
    if (!this.#writer.guards(text, isQuoted ? end - 1 : end)) return run;
    this.#writer.copy(run, text);
    this.#writer.put(APOSTROPHE);
    return text;
  }

  /** Index after the closing quote, or null while it, or what follows it, is still to come. */
  #quotedEnd(start: number, final: boolean): number | null {
    this.#needsQuotes = false;
    let from = start + 1;
    for (;;) {
      const quote = this.#input.indexOf(QUOTE, from);
      if (quote === -1) return null;
      if (quote + 1 === this.#input.length) return final ? quote + 1 : null;
      if (this.#input[quote + 1] !== QUOTE)
        return this.#recordEndIsWhole(quote + 1, final) ? quote + 1 : null;
      from = quote + 2;
    }
  }

  /** Index of the comma or line end after an unquoted cell, or null while that is still to come. */
  #bareEnd(start: number, final: boolean): number | null {
    const input = this.#input;
    const delimiter = this.#delimiter;
    let odd = false;
    let at = start;
    for (; at < input.length; at += 1) {
      const byte = input[at];
      if (byte === COMMA || byte === LF) break;
      if (byte === CR && (at + 1 === input.length || input[at + 1] === LF)) break;
      if (byte === QUOTE || byte === CR || byte === delimiter) odd = true;
    }
    this.#needsQuotes = odd;
    if (at === input.length) return final ? at : null;
    return this.#recordEndIsWhole(at, final) ? at : null;
  }

  #recordEndIsWhole(at: number, final: boolean): boolean {
    return final || this.#input[at] !== CR || at + 1 < this.#input.length;
  }

  /** Writes the cell [start, end) and what ends it; returns where the next begins. */
  #endCell(start: number, end: number): number {
    const next = this.#input[end];
    if (next === COMMA) {
      this.#writeCell(start, end, false);
      return end + 1;
    }
    if (end < this.#input.length && next !== LF && next !== CR)
      throw this.#broken("text after a closing quote");
    const isBlankLine = this.#cell === 0 && start === end;
    if (!isBlankLine || this.#options.columns === 1) this.#writeCell(start, end, true);
    else this.#emptyLines += 1;
    return next === CR && this.#input[end + 1] === LF ? end + 2 : Math.min(end + 1, this.#input.length);
  }

  #writeCell(start: number, end: number, isLast: boolean): void {
    const column = this.#cell;
    if (this.#emptyLines > 0 && this.#options.refusesEmptyLines === true)
      throw this.#broken("an empty line between records");
    this.#cell = isLast ? 0 : column + 1;
    if (this.#headings > 0) {
      if (isLast) this.#headings -= 1;
      return;
    }
    const columns = this.#options.columns;
    if (isLast ? column + 1 !== columns : column + 1 >= columns)
      throw this.#broken(`${isLast ? column + 1 : "more"} cells in a row of ${columns}`);
    if (column > 0) this.#writer.put(this.#delimiter);
    this.#copyCell(start, end);
    if (!isLast) return;
    this.#writer.put(CR);
    this.#writer.put(LF);
    this.records += 1;
  }

  #copyCell(start: number, end: number): void {
    const isQuoted = this.#input[start] === QUOTE;
    const isOnlyAndEmpty = start === end && this.#options.columns === 1;
    const isWrittenQuoted = isQuoted || this.#needsQuotes || isOnlyAndEmpty;
    if (isWrittenQuoted) this.#writer.put(QUOTE);
    if (isQuoted) this.#writer.copyText(start + 1, end - 1, true, this.#needsQuotes);
    else this.#writer.copyText(start, end, false, this.#needsQuotes);
    if (isWrittenQuoted) this.#writer.put(QUOTE);
  }

  /** What comes after the last whole cell: nothing, the empty cell after a last comma, or a cell that breaks off. */
  #finish(at: number): void {
    if (at < this.#input.length) throw this.#broken("a quote that is never closed");
    this.#needsQuotes = false;
    if (this.#cell > 0) this.#writeCell(at, at, true);
    if (this.#headings > 0) throw this.#broken("no line of headings");
  }

  #broken(what: string): ReportError {
    return brokenCsv(what, this.records);
  }
}

/** What Looker sent breaks off, or is something else. */
export function brokenCsv(why: string, rows: number): ReportError {
  return new ReportError(`The result is not complete CSV: ${why}, after ${rows} rows.`, {
    code: "protocol",
    retryable: true,
    advice:
      "Run the report again; if the error remains, open the query in Looker and download it there to compare.",
  });
}
