import { ReportError } from "../../core/error.ts";
import type { CsvFile } from "../../core/model/result.ts";
import type { CsvRewriting } from "../../core/ports/csv-on-the-way.ts";
import type { SpoolWriter } from "../http/spool-writer.ts";

const BUFFER_BYTES = 256 * 1024;
const CELL_BYTES_MAX = 16 * 1024 * 1024;
const BOM = Buffer.from("\ufeff");

/** A file for recipients that is written while its result comes in. */
export class FileOnTheWay {
  readonly name: string;
  readonly #rewriting: CsvRewriting;
  readonly #writer: SpoolWriter;
  #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #held = 0;
  #isBegun = false;

  constructor(name: string, rewriting: CsvRewriting, writer: SpoolWriter) {
    this.name = name;
    this.#rewriting = rewriting;
    this.#writer = writer;
  }

  async take(chunk: Buffer): Promise<void> {
    if (this.#held + chunk.length > this.#buffer.length) this.#grow(this.#held + chunk.length);
    this.#held += chunk.copy(this.#buffer, this.#held);
    // A byte order mark may come in pieces.
    if (this.#isBegun || this.#held >= BOM.length) await this.#rewrite(false);
  }

  async end(): Promise<CsvFile> {
    await this.#rewrite(true);
    return { file: await this.#writer.close(), rows: this.#rewriting.records };
  }

  async abandon(): Promise<void> {
    await this.#writer.abandon();
  }

  async #rewrite(final: boolean): Promise<void> {
    let from = 0;
    if (!this.#isBegun) {
      this.#isBegun = true;
      await this.#writer.write(this.#rewriting.beginning);
      from = this.#buffer.subarray(0, Math.min(this.#held, BOM.length)).equals(BOM) ? BOM.length : 0;
    }
    const input = this.#buffer.subarray(from, this.#held);
    const room = await this.#writer.room(this.#rewriting.outputBytes(input.length));
    const { done, written } = this.#rewriting.recode(input, room, final);
    this.#writer.fill(written);
    this.#buffer.copyWithin(0, from + done, this.#held);
    this.#held -= from + done;
  }

  /** For a cell that is longer than the buffer. */
  #grow(bytes: number): void {
    if (this.#held > CELL_BYTES_MAX) throw cellTooLarge();
    const larger = Buffer.allocUnsafe(Math.max(bytes, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#held);
    this.#buffer = larger;
  }
}

function cellTooLarge(): ReportError {
  return new ReportError(`A cell of the result is larger than ${CELL_BYTES_MAX / 1024 / 1024} MiB.`, {
    code: "too_large",
    advice: "Leave the column out of the query, or shorten it in the model.",
  });
}
