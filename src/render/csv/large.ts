import { type FileHandle, open } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import type { LargeCsv } from "../../core/model/result.ts";
import type { SpoolFile } from "../../core/ports/spool.ts";
import { BOM, type CsvStyle, csvRecord, RECORD_END } from "./cell.ts";
import { CsvRecoder, outputBytes } from "./recoder.ts";

const CHUNK_BYTES = 256 * 1024;
const CELL_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Rewrites a large result as the file for recipients at `path`; returns its data rows. Reads, recodes and writes by turns
 * through the same two buffers, so memory stays the same whatever the size, and a slow disk slows the reading. Throws
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
    guard: style.guard,
  });
  await using input = await open(source.file.path, "r");
  await using output = await open(path, "w");
  await output.write(`${style.bom ? BOM : ""}${csvRecord(style.headings, style.delimiter)}${RECORD_END}`);
  await recodeAll(recoder, input, output, signal);
  return recoder.records;
}

async function recodeAll(
  recoder: CsvRecoder,
  input: FileHandle,
  output: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  let room = Buffer.allocUnsafe(CHUNK_BYTES);
  let recoded = Buffer.allocUnsafe(outputBytes(room.length));
  let held = 0;
  let isStart = true;
  for (;;) {
    signal.throwIfAborted();
    if (held === room.length) {
      room = grown(room);
      recoded = Buffer.allocUnsafe(outputBytes(room.length));
    }
    const { bytesRead } = await input.read(room, held, room.length - held);
    held += bytesRead;
    const from = isStart && startsWithBom(room, held) ? BOM_BYTES.length : 0;
    isStart = false;
    const { done, written } = recoder.recode(room.subarray(from, held), recoded, bytesRead === 0);
    await writeWhole(output, recoded.subarray(0, written));
    if (bytesRead === 0) return;
    room.copy(room, 0, from + done, held);
    held -= from + done;
  }
}

const BOM_BYTES = Buffer.from(BOM);

function startsWithBom(room: Buffer, held: number): boolean {
  return held >= BOM_BYTES.length && room.subarray(0, BOM_BYTES.length).equals(BOM_BYTES);
}

/** A full buffer without the end of a cell: twice the room, for a cell of at most 16 MiB. */
function grown(room: Buffer): Buffer<ArrayBuffer> {
  if (room.length >= CELL_BYTES_MAX) {
    throw new ReportError(`A cell of the result is larger than ${CELL_BYTES_MAX / 1024 / 1024} MiB.`, {
      code: "protocol",
      advice: "Leave the column out of the query, or shorten it in the model.",
    });
  }
  const larger = Buffer.allocUnsafe(room.length * 2);
  room.copy(larger);
  return larger;
}

async function writeWhole(output: FileHandle, bytes: Buffer): Promise<void> {
  let at = 0;
  while (at < bytes.length) at += (await output.write(bytes, at)).bytesWritten;
}
