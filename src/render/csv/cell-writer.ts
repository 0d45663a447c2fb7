import { APOSTROPHE, isPlainNumber, QUOTE } from "./bytes.ts";
import { FIRST_BYTES, type Formulas, isFormula, mayBeFormula, SEPARATOR_BYTES } from "./formula.ts";

/** What is looked at of a cell first: finding out that it is not a formula must not copy megabytes. */
const BEGINNING_BYTES = 256;
/** Up to here a loop beats the call into Buffer.copy. */
const LOOP_BYTES_MAX = 48;

/** Writes the texts of cells from one buffer into another, formulas guarded. */
export class CellWriter {
  /** Bytes of the output so far. */
  written = 0;
  readonly #guards: boolean;
  readonly #isStrict: boolean;
  #input: Buffer = Buffer.alloc(0);
  #output: Buffer = Buffer.alloc(0);

  constructor(formulas: Formulas) {
    this.#guards = formulas !== "raw";
    this.#isStrict = formulas === "strict";
  }

  /** From now on it reads and writes here. */
  between(input: Buffer, output: Buffer): void {
    this.#input = input;
    this.#output = output;
    this.written = 0;
  }

  /** [start, end) with its formulas guarded. `isQuoted`: its quotes are doubled already; else they are where it `needsQuotes`. */
  copyText(start: number, end: number, isQuoted: boolean, needsQuotes: boolean): void {
    if (this.guards(start, end)) this.put(APOSTROPHE);
    if (this.#isStrict) this.#copyPieces(start, end, isQuoted);
    else if (needsQuotes) this.#copyDoublingQuotes(start, end);
    else this.copy(start, end);
  }

  /** Whether the text needs a ' before it. */
  guards(start: number, end: number): boolean {
    return this.#guards && this.#isFormula(start, end);
  }

  copy(start: number, end: number): void {
    if (end - start > LOOP_BYTES_MAX) {
      this.written += this.#input.copy(this.#output, this.written, start, end);
      return;
    }
    for (let at = start; at < end; at += 1) this.put(this.#input[at] ?? 0);
  }

  put(byte: number): void {
    this.#output[this.written] = byte;
    this.written += 1;
  }

  #copyPieces(start: number, end: number, isQuoted: boolean): void {
    let piece = start;
    for (let at = start; at <= end; at += 1) {
      const byte = this.#input[at] ?? 0;
      if (at < end && SEPARATOR_BYTES[byte] === 0) continue;
      if (piece > start && this.#isFormula(piece, at)) this.put(APOSTROPHE);
      this.copy(piece, at);
      piece = at + 1;
      if (at === end) return;
      if (byte === QUOTE && !isQuoted) this.put(QUOTE);
      this.put(byte);
    }
  }

  #isFormula(start: number, end: number): boolean {
    if (start === end || FIRST_BYTES[this.#input[start] ?? 0] === 0) return false;
    if (isPlainNumber(this.#input, start, end)) return false;
    const beginning = this.#input.toString("utf8", start, Math.min(end, start + BEGINNING_BYTES));
    if (end - start <= BEGINNING_BYTES) return isFormula(beginning, false);
    return mayBeFormula(beginning) && isFormula(this.#input.toString("utf8", start, end), false);
  }

  #copyDoublingQuotes(start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const byte = this.#input[at] ?? 0;
      if (byte === QUOTE) this.put(QUOTE);
      this.put(byte);
    }
  }
}
