import { stat } from "node:fs/promises";
import type { Result } from "../../core/model/result.ts";
import type { Format } from "../../core/ports/adapter.ts";
import type { CsvOnTheWay } from "../../core/ports/csv-on-the-way.ts";
import { filename } from "../filename.ts";
import { fileHeadings } from "../words/headings.ts";
import { guarded } from "./formula.ts";
import { largeFile, largeRows, writeLargeCsv } from "./large.ts";
import { CsvRecoder, outputBytes } from "./recoder.ts";
import { type CsvStyle, fileBeginning } from "./record.ts";
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
  onTheWay: csvOnTheWay,
  async render({ sections: [section], stem, spool, signal }, options) {
    if (section?.result == null) return null;
    const written = section.result.csv?.written?.[nameOf(options)];
    const about = {
      filename: filename(options.filename ?? stem, "csv"),
      contentType: CSV_TYPE,
      sections: [section.index],
    };
    if (written !== undefined) return { ...about, ...written };
    // Not under its own name: two files of a message may have the same one, and so may the source's file.
    const path = spool.path(`artifact-${filename(stem, "csv")}`);
    const rows = await writeCsv(section.result, path, options, signal);
    const { size } = await stat(path);
    return { ...about, file: { path, bytes: size }, rows };
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
  const style = styleOf(fileHeadings(result, options.headers), options);
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

/** What the file depends on besides the result. */
function nameOf({ raw, bom, delimiter, formulas, headers }: CsvOptions): string {
  return JSON.stringify(["csv", raw, bom, delimiter, formulas, headers]);
}

function styleOf(headings: readonly string[], options: Omit<CsvOptions, "filename">): CsvStyle {
  return {
    headings: headings.map((label) => guarded(label, false, options.formulas)),
    delimiter: options.delimiter,
    bom: options.bom,
    raw: options.raw,
    formulas: options.formulas,
  };
}

function csvOnTheWay(options: CsvOptions): CsvOnTheWay {
  return {
    name: nameOf(options),
    form: formOf(options),
    isWhole: options.raw,
    begin({ headingRows, labels, table }) {
      const style = styleOf(fileHeadings({ table, csv: { labels } }, options.headers), options);
      const recoder = new CsvRecoder({
        headingRows,
        columns: labels.length,
        delimiter: options.delimiter,
        formulas: options.formulas,
        refusesEmptyLines: true,
      });
      return {
        beginning: Buffer.from(fileBeginning(style)),
        get records() {
          return recoder.records;
        },
        outputBytes,
        recode: (input, output, final) => recoder.recode(input, output, final),
      };
    },
  };
}
