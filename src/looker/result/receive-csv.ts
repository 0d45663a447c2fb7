import { parse } from "csv-parse/sync";
import { ReportError } from "../../core/error.ts";
import type { CsvFile } from "../../core/model/result.ts";
import type { CsvHeads, CsvOnTheWay } from "../../core/ports/csv-on-the-way.ts";
import type { SpoolFile } from "../../core/ports/spool.ts";
import { limited, resultTooLarge, type SpoolWriting } from "../http/incoming.ts";
import { SpoolWriter } from "../http/spool-writer.ts";
import type { Incoming } from "../http/transport.ts";
import { refuseTooMany } from "./bounds.ts";
import { CsvScan } from "./csv-scan.ts";
import { FileOnTheWay } from "./file-on-the-way.ts";
import { unlessTask } from "./unless-task.ts";
import { youngGarbage } from "./young-garbage.ts";

const HEAD_BYTES_MAX = 8_000_000;

export interface ReceivedCsv {
  /** As it came; null where that was not asked for. */
  readonly file: SpoolFile | null;
  /** By the names of `CsvOnTheWay`; none where there are no headings. */
  readonly written: Readonly<Record<string, CsvFile>>;
  readonly headings: readonly (readonly string[])[];
  /** The first rows after the headings. */
  readonly head: readonly (readonly string[])[];
  /** Data rows in it; of one that was not read to its end, those that were read. */
  readonly rowCount: number;
}

/** What is to be made of a CSV. */
export interface CsvOrder {
  readonly headingRows: number;
  readonly headRowsMax: number;
  /** Where it is kept as it comes; null: nowhere. */
  readonly path: string | null;
  readonly onTheWay: readonly CsvOnTheWay[];
  /** Of the n-th file that is written on the way. */
  pathOf(index: number): string;
  /** Asked once the headings are there, while the rest of it waits. */
  headsOf(headings: ReceivedCsv["headings"]): Promise<CsvHeads>;
  /** Only its first rows are wanted: the rest is not read. */
  readonly isHeadOnly: boolean;
}

/**
 * Takes a CSV of any size in; rows are counted, the first ones kept and files written while it passes. "pending": the body was the query
 * task itself. Throws ReportError for a CSV that is cut or broken, and for what Looker reports; there are no files then.
 */
export async function receiveCsv(
  incoming: Incoming,
  order: CsvOrder,
  writing: Omit<SpoolWriting, "tooLarge">,
): Promise<ReceivedCsv | "pending"> {
  const passing = unlessTask(limited(incoming.bytes, { ...writing, tooLarge: resultTooLarge }));
  const intake = new Intake(order);
  try {
    for await (const chunk of passing) {
      if (chunk === "task") {
        await intake.abandon();
        return "pending";
      }
      await intake.take(chunk);
      if (order.isHeadOnly && intake.hasHead) break;
    }
    return await intake.end();
  } catch (error) {
    await intake.abandon();
    throw error;
  }
}

/** What has come of one CSV so far. */
class Intake {
  readonly #order: CsvOrder;
  readonly #scan: CsvScan;
  readonly #tidy = youngGarbage();
  #kept: SpoolWriter | null = null;
  #files: readonly FileOnTheWay[] = [];
  /** What came before the headings were whole; null from then on. */
  #early: Buffer[] | null = [];

  constructor(order: CsvOrder) {
    this.#order = order;
    this.#scan = new CsvScan({
      headRecordsMax: order.headingRows + order.headRowsMax,
      headBytesMax: HEAD_BYTES_MAX,
    });
  }

  get hasHead(): boolean {
    return !this.#scan.headIsOpen;
  }

  async take(chunk: Buffer): Promise<void> {
    const { path, onTheWay, headingRows } = this.#order;
    // The rows of a file that is written on the way are counted and looked at there.
    if (this.#scan.headIsOpen || this.#files.length === 0) this.#scan.push(chunk);
    if (path !== null) {
      this.#kept ??= await SpoolWriter.open(path);
      await this.#kept.write(chunk);
    }
    if (this.#early === null) await this.#pass(chunk);
    else if (onTheWay.length > 0) {
      this.#early.push(chunk);
      if (this.#scan.records >= headingRows) await this.#begin();
      else if (!this.#scan.headIsOpen) throw headingsTooLarge();
    }
    this.#tidy(chunk.length);
  }

  async end(): Promise<ReceivedCsv> {
    const { headingRows, isHeadOnly, path } = this.#order;
    const [counting] = this.#files;
    const isCut = isHeadOnly && this.hasHead;
    if (!isCut && (counting === undefined || this.#scan.headIsOpen)) this.#scan.end();
    const records = this.#records();
    if (this.#early !== null && this.#order.onTheWay.length > 0 && records.length >= headingRows)
      await this.#begin();
    refuseTooMany(this.#scan.cells);
    const written: [string, CsvFile][] = [];
    for (const file of this.#files) written.push([file.name, await file.end()]);
    if (path !== null) this.#kept ??= await SpoolWriter.open(path);
    return {
      file: (await this.#kept?.close()) ?? null,
      written: Object.fromEntries(written),
      headings: records.slice(0, headingRows),
      head: records.slice(headingRows),
      rowCount: written[0]?.[1].rows ?? Math.max(0, this.#scan.records - headingRows),
    };
  }

  async abandon(): Promise<void> {
    await this.#kept?.abandon();
    for (const file of this.#files) await file.abandon();
  }

  async #begin(): Promise<void> {
    const { onTheWay, headingRows, headsOf, pathOf } = this.#order;
    const early = this.#early ?? [];
    this.#early = null;
    refuseTooMany(this.#scan.cells);
    const heads = await headsOf(this.#records().slice(0, headingRows));
    for (const [index, way] of onTheWay.entries()) {
      const file = new FileOnTheWay(way.name, way.begin(heads), await SpoolWriter.open(pathOf(index)));
      this.#files = [...this.#files, file];
    }
    for (const chunk of early) await this.#pass(chunk);
  }

  async #pass(chunk: Buffer): Promise<void> {
    for (const file of this.#files) await file.take(chunk);
  }

  #records(): string[][] {
    return parse(this.#scan.head(), { bom: true, relax_quotes: true, relax_column_count: true });
  }
}

function headingsTooLarge(): ReportError {
  return new ReportError("The headings of the result are larger than 8 MB.", {
    code: "too_large",
    advice: "Ask for fewer fields, or filter the field that it is pivoted by.",
  });
}
