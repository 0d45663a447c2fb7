import { ReportError } from "../../core/error.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;

export interface CsvScanOptions {
  /** Records to keep from the start, headings included. */
  readonly headRecordsMax: number;
  /** Stops keeping them where they are this large together. */
  readonly headBytesMax: number;
}

/**
 * Counts the records of RFC 4180 text as it streams by, checks that each has as many cells as the first, and keeps the
 * first few. Works on bytes: outside of quotes, which are even in number up to there, a line feed ends a record, and no
 * part of a UTF-8 letter looks like one. An escaped quote counts as two, which changes nothing.
 */
export class CsvScan {
  /** Records so far, headings included. */
  records = 0;
  /** Cells of each record; 0 until the first is complete. */
  cells = 0;
  readonly #options: CsvScanOptions;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #headEnd = 0;
  #headIsOpen = true;
  #isQuoted = false;
  #commas = 0;
  /** Bytes of the record under way in the chunks before this one. */
  #carried = 0;
  /** Empty lines that nothing has followed yet. */
  #blank = 0;
  #broken: string | null = null;

  constructor(options: CsvScanOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    let isQuoted = this.#isQuoted;
    let commas = this.#commas;
    let start = -this.#carried;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      // One comparison is enough for almost every letter and digit.
      if (byte > COMMA) continue;
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (isQuoted) continue;
      else if (byte === COMMA) commas += 1;
      else if (byte === LF) {
        this.#endRecord(commas, isEmptyLine(chunk, start, at), this.#headBytes + at + 1);
        commas = 0;
        start = at + 1;
      }
    }
    this.#isQuoted = isQuoted;
    this.#commas = commas;
    this.#carried = chunk.length - start;
    this.#keep(chunk);
  }

  /** Call after the last chunk. Throws ReportError `protocol` (retryable) for text that breaks off or is not CSV. */
  end(): void {
    if (this.#isQuoted) throw broken("it ends inside a quoted cell");
    if (this.#carried > 0) this.#endRecord(this.#commas, false, this.#headBytes);
    if (this.#broken !== null) throw broken(this.#broken);
  }

  /** Whether more records are to be kept. */
  get headIsOpen(): boolean {
    return this.#headIsOpen;
  }

  /** The bytes of the first records, whole ones only. */
  head(): Buffer {
    return Buffer.concat(this.#head).subarray(0, this.#headEnd);
  }

  #endRecord(commas: number, isEmpty: boolean, endsAt: number): void {
    if (isEmpty && this.cells !== 1) {
      // Looker may end a file with empty lines; a record of several cells is never empty.
      this.#blank += 1;
      return;
    }
    if (this.cells === 0) this.cells = commas + 1;
    this.records += 1;
    if (this.#broken === null && (commas + 1 !== this.cells || this.#blank > 0)) {
      this.#broken = this.#blank > 0 ? `line ${this.records} is empty` : this.#ragged(commas + 1);
    }
    if (this.#headIsOpen && this.records <= this.#options.headRecordsMax) this.#headEnd = endsAt;
  }

  #ragged(cells: number): string {
    return `record ${this.records} has ${cells} cells where the heading has ${this.cells}`;
  }

  #keep(chunk: Buffer): void {
    if (!this.#headIsOpen) return;
    this.#head.push(chunk);
    this.#headBytes += chunk.length;
    this.#headIsOpen =
      this.records < this.#options.headRecordsMax && this.#headBytes < this.#options.headBytesMax;
  }
}

function isEmptyLine(chunk: Buffer, start: number, end: number): boolean {
  return end === start || (end === start + 1 && start >= 0 && chunk[start] === CR);
}

function broken(how: string): ReportError {
  return new ReportError(`The CSV from Looker is broken: ${how}.`, {
    code: "protocol",
    retryable: true,
    advice: "Run the report again. If this keeps happening, open the query in Looker and download it there.",
  });
}
