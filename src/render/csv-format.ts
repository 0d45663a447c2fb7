import { stat } from "node:fs/promises";
import type { Format, FormatInput } from "../core/adapter.ts";
import { ReportError } from "../core/error.ts";
import type { LargeCsv, Result } from "../core/result.ts";
import { distinctLabels } from "../core/table.ts";
import type { CsvStyle } from "./csv-cell.ts";
import { writeLargeCsv } from "./csv-large.ts";
import type { CsvOptions } from "./csv-schema.ts";
import { writeTableCsv } from "./csv-table.ts";
import { filename } from "./filename.ts";
import { guardFormula } from "./formula-guard.ts";
import { flatLabel } from "./headings.ts";

/**
 * One CSV file for a result: the rows it holds, or its large file rewritten as a stream. Throws ReportError `config` where
 * a large result was fetched raw and is wanted as rendered, or the other way round; `protocol` where it is not CSV.
 */
export const csvFormat: Format<CsvOptions> = {
  kind: "csv",
  async render(input, options) {
    const name = filename(options.filename ?? input.stem, "csv");
    // Under a name of its own: options may give two files of a message the same name, and the source's file may bear it.
    const path = input.spool.path(`artifact-${filename(input.stem, "csv")}`);
    const rows = await write(input, path, options, name);
    const { size } = await stat(path);
    return { filename: name, contentType: "text/csv; charset=utf-8", file: { path, bytes: size }, rows };
  },
};

async function write(input: FormatInput, path: string, options: CsvOptions, name: string): Promise<number> {
  const { result, signal } = input;
  const guard = options.formulas === "guard";
  const style: CsvStyle = {
    headings: headings(result).map((label) => (guard ? guardFormula(label, false) : label)),
    delimiter: options.delimiter,
    bom: options.bom,
    raw: options.raw,
    guard,
  };
  if (result.csv === undefined) {
    await writeTableCsv(result.table, path, style, signal);
    return result.table.rows.length;
  }
  refuseOtherForm(result.csv, options, name);
  return await writeLargeCsv(result.csv, path, style, signal);
}

/** As Looker heads its own CSV, whatever the size of the result; the digest has shorter ones. */
function headings(result: Result): readonly string[] {
  if (result.csv !== undefined) return result.csv.labels;
  const { columns } = result.table;
  const full = columns.map((column) => ({ ...column, label: column.fullLabel ?? column.label }));
  return distinctLabels(full.map((column) => ({ name: column.name, label: flatLabel(column) }))).labels;
}

function refuseOtherForm(csv: LargeCsv, options: CsvOptions, name: string): void {
  if (csv.formatted !== options.raw) return;
  const [wanted, stands] = options.raw ? ["raw", "as rendered"] : ["as rendered", "raw"];
  throw new ReportError(`${name} is wanted ${wanted}, but this large result was fetched ${stands}.`, {
    code: "config",
    advice:
      "A large result is fetched once, in one form: give every csv of the section the same `raw`, or lower the limit to 5,000 rows.",
  });
}
