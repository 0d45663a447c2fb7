import { createReadStream } from "node:fs";
import { ReportError } from "../../core/error.ts";
import type { LargeCsv } from "../../core/model/result.ts";
import { largeFile } from "./format.ts";

/**
 * The data rows of a large result, as they pass. Rejects with the reason of `signal`, or with ReportError `protocol` where the
 * file is not CSV, or that form was not fetched.
 */
export async function* largeRows(
  csv: LargeCsv,
  form: "formatted" | "raw",
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const { CsvError, parse } = await import("csv-parse");
  const file = createReadStream(largeFile(csv, form).path, { highWaterMark: 256 * 1024 });
  const parser = parse({ bom: true, relax_quotes: true, relax_column_count: true });
  file.on("error", (error) => parser.destroy(error));
  let passed = 0;
  try {
    for await (const row of file.pipe(parser) as AsyncIterable<string[]>) {
      if (passed % 1_000 === 0) signal.throwIfAborted();
      passed += 1;
      if (passed > csv.headingRows) yield row;
    }
  } catch (thrown) {
    throw thrown instanceof CsvError ? broken(thrown.message, passed - csv.headingRows) : thrown;
  } finally {
    file.destroy();
  }
}

function broken(why: string, rows: number): ReportError {
  return new ReportError(`The result is not whole CSV: ${why}, after ${Math.max(0, rows)} rows.`, {
    code: "protocol",
    retryable: true,
    advice: "Run the report again; if it stays, open the query in Looker and download it there to compare.",
  });
}
