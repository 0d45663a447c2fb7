import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import { later } from "../../core/later.ts";
import type { LargeCsv } from "../../core/model/result.ts";
import type { SpoolFile } from "../../core/ports/spool.ts";
import { brokenCsv, CsvRecoder, outputBytes } from "./recoder.ts";
import { BOM, type CsvStyle, fileBeginning } from "./record.ts";

const CHUNK_BYTES = 256 * 1024;
const CELL_BYTES_MAX = 16 * 1024 * 1024;
/** Of a file that is read row by row, as for a workbook: each row is in memory whole. */
const ROW_BYTES_MAX = 64 * 1024 * 1024;

const parsing = later(() => import("csv-parse"));

/**
 * Rewrites a large result as the file for recipients at `path`; returns its data rows. Reads, recodes and writes in turn
 * through the same two buffers, so memory stays the same for any size, and a slow disk slows the reading. Throws
 * ReportError `protocol` for a file that is not CSV.
 */
export async function writeLargeCsv(
  source: Pick<LargeCsv, "headingRows" | "labels"> & { readonly file: SpoolFile },
  path: string,
  style: CsvStyle,
  signal: AbortSignal,
): Promise<number> {
  const recoder = new CsvRecoder({
    headingRows: source.headingRows,
    columns: source.labels.length,
    delimiter: style.delimiter,
    formulas: style.formulas,
  });
  const input = await open(source.file.path, "r");
  try {
    const output = await open(path, "w");
    try {
      await output.write(fileBeginning(style));
      await recodeAll(recoder, input, output, signal);
    } finally {
      await output.close();
    }
  } finally {
    await input.close();
  }
  return recoder.records;
}

async function recodeAll(
  recoder: CsvRecoder,
  input: FileHandle,
  output: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let recoded = Buffer.allocUnsafe(outputBytes(buffer.length));
  let held = 0;
  let isStart = true;
  for (;;) {
    signal.throwIfAborted();
    if (held === buffer.length) {
      buffer = grown(buffer);
      recoded = Buffer.allocUnsafe(outputBytes(buffer.length));
    }
    const { bytesRead } = await input.read(buffer, held, buffer.length - held);
    held += bytesRead;
    const from = isStart && startsWithBom(buffer, held) ? BOM_BYTES.length : 0;
    isStart = false;
    const { done, written } = recoder.recode(buffer.subarray(from, held), recoded, bytesRead === 0);
    await writeWhole(output, recoded.subarray(0, written));
    if (bytesRead === 0) return;
    buffer.copy(buffer, 0, from + done, held);
    held -= from + done;
  }
}

const BOM_BYTES = Buffer.from(BOM);

function startsWithBom(buffer: Buffer, held: number): boolean {
  return held >= BOM_BYTES.length && buffer.subarray(0, BOM_BYTES.length).equals(BOM_BYTES);
}

/** For a buffer that is full before its cell ends: one of twice the size, for a cell of at most 16 MiB. */
function grown(buffer: Buffer): Buffer<ArrayBuffer> {
  if (buffer.length >= CELL_BYTES_MAX) {
    throw tooLarge("cell", CELL_BYTES_MAX);
  }
  const larger = Buffer.allocUnsafe(buffer.length * 2);
  buffer.copy(larger);
  return larger;
}

function tooLarge(what: string, bytesMax: number): ReportError {
  return new ReportError(`A ${what} of the result is larger than ${bytesMax / 1024 / 1024} MiB.`, {
    code: "too_large",
    advice: "Leave the column out of the query, or shorten it in the model.",
  });
}

async function writeWhole(output: FileHandle, bytes: Buffer): Promise<void> {
  let at = 0;
  while (at < bytes.length) at += (await output.write(bytes, at)).bytesWritten;
}

/**
 * The data rows of a large result, one by one. Rejects with the reason of `signal`, or with ReportError `protocol` if the
 * file is not CSV or was not fetched in that form.
 */
export async function* largeRows(
  csv: LargeCsv,
  form: "formatted" | "raw",
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const { CsvError, parse } = await parsing();
  const file = createReadStream(largeFile(csv, form).path, { highWaterMark: CHUNK_BYTES });
  const parser = parse({
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: ROW_BYTES_MAX,
  });
  file.on("error", (error) => parser.destroy(error));
  let passed = 0;
  try {
    for await (const row of file.pipe(parser) as AsyncIterable<string[]>) {
      if (passed % 1_000 === 0) signal.throwIfAborted();
      passed += 1;
      if (passed > csv.headingRows) yield picked(row, csv, passed);
    }
  } catch (thrown) {
    if (thrown instanceof CsvError && thrown.code === "CSV_MAX_RECORD_SIZE")
      throw tooLarge("row", ROW_BYTES_MAX);
    throw thrown instanceof CsvError
      ? brokenCsv(thrown.message, Math.max(0, passed - csv.headingRows))
      : thrown;
  } finally {
    file.destroy();
  }
}

function picked(
  row: readonly string[],
  { picked, headingRows }: LargeCsv,
  number: number,
): readonly string[] {
  if (picked === undefined) return row;
  if (row.length !== picked.of)
    throw brokenCsv(`${row.length} cells in a row of ${picked.of}`, number - headingRows - 1);
  return picked.columns.map((column) => row[column] ?? "");
}

/** The file of a large result in one form; formats declare beforehand which they read. */
export function largeFile(csv: LargeCsv, form: "formatted" | "raw"): SpoolFile {
  const file = csv[form];
  if (file === null)
    throw new ReportError(
      `The large result was not fetched ${form === "raw" ? "with raw values" : "with formatted values"}, which this file needs.`,
      {
        code: "protocol",
        advice: "Run the report again; if the error remains, report it: it is a bug in lookpost.",
      },
    );
  return file;
}
