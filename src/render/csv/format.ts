import { stat } from "node:fs/promises";
import type { Result } from "../../core/model/result.ts";
import type { Format } from "../../core/ports/adapter.ts";
import { filename } from "../filename.ts";
import { fileHeadings } from "../words/headings.ts";
import { guarded } from "./formula.ts";
import { largeFile, largeRows, writeLargeCsv } from "./large.ts";
import type { CsvStyle } from "./record.ts";
import type { CsvOptions } from "./schema.ts";
import { writeRows, writeTableCsv } from "./table.ts";

export const CSV_TYPE = "text/csv; charset=utf-8";

/**
 * One CSV file for a result: the rows it holds, or its large file rewritten as a stream. Throws ReportError `protocol`
 * where a large result is not CSV.
 */
export const csvFormat: Format<CsvOptions> = {
  kind: "csv",
  per: "section",
  reads: formOf,
  isWhole: ({ raw }) => raw,
  async render({ sections: [section], stem, spool, signal }, options) {
    if (section?.result == null) return null;
    // Not under its own name: two files of a message may have the same one, and so may the source's file.
    const path = spool.path(`artifact-${filename(stem, "csv")}`);
    const rows = await writeCsv(section.result, path, options, signal);
    const { size } = await stat(path);
    return {
      filename: filename(options.filename ?? stem, "csv"),
      contentType: CSV_TYPE,
      file: { path, bytes: size },
      rows,
      sections: [section.index],
    };
  },
};

export function formOf(options: Pick<CsvOptions, "raw">): "formatted" | "raw" {
  return options.raw ? "raw" : "formatted";
}

/** Writes a whole result to `path` and returns its rows. */
export async function writeCsv(
  result: Result,
  path: string,
  options: Omit<CsvOptions, "filename">,
  signal: AbortSignal,
): Promise<number> {
  const headings = fileHeadings(result, options.headers);
  const style: CsvStyle = {
    headings: headings.map((label) => guarded(label, false, options.formulas)),
    delimiter: options.delimiter,
    bom: options.bom,
    raw: options.raw,
    formulas: options.formulas,
  };
  if (result.csv === undefined) {
    await writeTableCsv(result.table, path, style, signal);
    return result.table.rows.length;
  }
  const { csv } = result;
  // Where columns are left out, row by row; else the bytes are recoded as they pass.
  if (csv.picked !== undefined)
    return writeRows(largeRows(csv, formOf(options), signal), path, style, signal);
  return await writeLargeCsv({ ...csv, file: largeFile(csv, formOf(options)) }, path, style, signal);
}
