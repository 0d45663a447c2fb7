import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Result } from "../../core/model/result.ts";
import type { Format } from "../../core/ports/adapter.ts";
import { largeRows } from "../csv/rows.ts";
import { filename } from "../filename.ts";
import { type JsonCell, recordWriter } from "./record.ts";
import type { JsonOptions } from "./schema.ts";

const CHUNK_CHARS = 64 * 1024;

/** One JSON file for a result: an array of records, or a record a line. */
export const jsonFormat: Format<JsonOptions> = {
  kind: "json",
  per: "section",
  reads: ({ values }) => values,
  async render({ sections: [section], stem, spool, signal }, options) {
    if (section?.result == null) return null;
    const { result } = section;
    const extension = options.lines ? "jsonl" : "json";
    const path = spool.path(`artifact-${filename(stem, extension)}`);
    await pipeline(Readable.from(chunks(result, options, signal)), createWriteStream(path), { signal });
    const { size } = await stat(path);
    return {
      filename: filename(options.filename ?? stem, extension),
      // JSON Lines has no registered type; this one is what its readers look for.
      contentType: options.lines ? "application/jsonl" : "application/json",
      file: { path, bytes: size },
      rows: result.table.rowCount,
      sections: [section.index],
    };
  },
};

async function* chunks(
  result: Result,
  { values, lines }: JsonOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const write = recordWriter(result.table.columns, values);
  const rows: AsyncIterable<readonly JsonCell[]> | Iterable<readonly JsonCell[]> =
    result.csv === undefined ? result.table.rows : largeRows(result.csv, values, signal);
  let text = lines ? "" : "[";
  let isFirst = true;
  for await (const row of rows) {
    if (!lines) text += isFirst ? "\n" : ",\n";
    text += lines ? `${write(row)}\n` : write(row);
    isFirst = false;
    if (text.length > CHUNK_CHARS) {
      yield text;
      text = "";
    }
  }
  yield lines ? text : `${text}\n]\n`;
}
