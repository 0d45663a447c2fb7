import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Cell, Table } from "../../core/model/table.ts";
import { guarded } from "./formula.ts";
import { type CsvStyle, csvRecord, fileBeginning, RECORD_END } from "./record.ts";

const BATCH_ROWS = 500;
const CHUNK_CHARS = 64 * 1024;

/** Writes the rows of a table to `path`, without its totals: a program would add them to the sum. */
export async function writeTableCsv(
  table: Table,
  path: string,
  style: CsvStyle,
  signal: AbortSignal,
): Promise<void> {
  await pipeline(Readable.from(batches(table, style)), createWriteStream(path), { signal });
}

/** Writes rows of texts to `path`; returns how many. */
export async function writeRows(
  rows: AsyncIterable<readonly string[]>,
  path: string,
  style: CsvStyle,
  signal: AbortSignal,
): Promise<number> {
  let written = 0;
  async function* records(): AsyncGenerator<string> {
    let text = fileBeginning(style);
    for await (const row of rows) {
      const cells = row.map((cell) => guarded(cell, false, style.formulas));
      text += csvRecord(cells, style.delimiter) + RECORD_END;
      written += 1;
      if (text.length < CHUNK_CHARS) continue;
      yield text;
      text = "";
    }
    yield text;
  }
  await pipeline(Readable.from(records()), createWriteStream(path), { signal });
  return written;
}

function* batches(table: Table, style: CsvStyle): Generator<string> {
  yield fileBeginning(style);
  for (let first = 0; first < table.rows.length; first += BATCH_ROWS) {
    const records = table.rows.slice(first, first + BATCH_ROWS).map(
      (row) =>
        csvRecord(
          row.map((cell) => cellText(cell, style)),
          style.delimiter,
        ) + RECORD_END,
    );
    yield records.join("");
  }
}

function cellText(cell: Cell, style: CsvStyle): string {
  const text = style.raw ? rawText(cell.value) : cell.rendered;
  return guarded(text, typeof cell.value === "number", style.formulas);
}

export function rawText(value: Cell["value"]): string {
  return value === null ? "" : typeof value === "number" ? plainNumber(value) : String(value);
}

// String(1e21) is "1e+21" and String(1e-7) "1e-7": correct, but many readers of CSV expect digits.
function plainNumber(value: number): string {
  const text = String(value);
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (whole === "") return text;
  const digits = whole + fraction;
  const point = Number(exponent) + 1;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}
