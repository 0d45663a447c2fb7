import type { Cell, Column, Table } from "../../src/core/model/table.ts";
import { clockOf } from "../../src/core/rules/dates/clock.ts";
import { filterSpan } from "../../src/core/rules/dates/date-filter.ts";
import { readDate } from "../../src/core/rules/dates/date-value.ts";
import { ENGLISH } from "../../src/core/words/en/index.ts";
import { svgText } from "../../src/draw/process/raster.ts";
import { parseExactly } from "../../src/looker/http/loose-json.ts";
import { queryFailure } from "../../src/looker/query/verdict.ts";
import { tableOfCsv } from "../../src/looker/result/csv-table.ts";
import { readDetail } from "../../src/looker/result/json-detail.ts";
import { CsvRecoder, outputBytes } from "../../src/render/csv/recoder.ts";
import { markdownHtml } from "../../src/render/markdown/mail.ts";
import { markdownBlocks } from "../../src/render/markdown/slack.ts";
import { textTable } from "../../src/render/text/table.ts";
import { isAddress } from "../../src/render/words/words.ts";
import { cellWriter } from "../../src/render/xlsx/cells.ts";
import { excelFormat, formatAsRendered } from "../../src/render/xlsx/number-format.ts";
import { sheetNames } from "../../src/render/xlsx/sheet-names.ts";
import { openStyles } from "../../src/render/xlsx/styles.ts";
import { attributeText } from "../../src/render/xlsx/text.ts";
import { asPathPart, attachmentNamed } from "../../src/server/headers.ts";
import { inProportion } from "./in-proportion.ts";

/* What a result holds, on its way through every file and message that it lands in. */

const now = new Date("2026-11-16T08:00:00Z");
const dates = { timezone: "UTC", calendar: { weekStart: 1, fiscalMonthOffset: 0 }, otherFilters: [] };
const clock = clockOf({ ranAt: now, dates, filters: {} });

const column = (label: string): Column => ({
  name: "v.a",
  label,
  fullLabel: label,
  kind: "dimension",
  isNumeric: false,
  valueFormat: null,
  type: null,
});
const tableOf = (text: string): Table => ({
  columns: [column(text)],
  pivotLabels: [],
  rows: [[{ value: text, rendered: text } satisfies Cell]],
  rowCount: 1,
  rowCountIsExact: true,
});

function sheetCells(text: string): unknown {
  const kinds = ["text", "number", "date", "boolean"] as const;
  return kinds.map((kind) => {
    const sheet = { heading: "A", kind, format: null, width: 9, headLines: 1 };
    const write = cellWriter(sheet, "body", openStyles(), { cut: 0, replaced: 0, long: 0 });
    return [write(text, "A1", false), write(`1${text}`, "A2", false), write(`-0.${text}`, "A3", true)];
  });
}

function recoded(text: string, formulas: "guard" | "strict"): unknown {
  const options = { headingRows: 0, columns: 1, delimiter: ";", formulas };
  const rows = [`"${text.replaceAll('"', '""')}"`, ` ${text.replaceAll(/[",\r\n]/g, "")}`];
  return rows.map((row) => {
    const input = Buffer.from(row);
    return new CsvRecoder(options).recode(input, Buffer.allocUnsafe(outputBytes(input.length)), true);
  });
}

inProportion({
  "JSON with numbers": (text) => parseExactly(`[${text}]`),
  "JSON with one long number": (text) => parseExactly(`[1${text.replaceAll(/\D/g, "0")}1]`),
  "the place of an error": (text) =>
    queryFailure(text, null) &&
    readDetail(
      { errors: [{ message: text, message_details: text, sql_error_loc: { line: "1" } }] },
      { webUrl: "https://acme.looker.com", fieldOrder: [], limit: 10, columnLimit: 200 },
    ),
  json_detail: (text) =>
    readDetail(
      {
        fields: { dimensions: [{ name: text, label: text, value_format: text }] },
        data: [{ [text]: { value: text, rendered: text, links: [{ url: text, type: text }] } }],
      },
      { webUrl: "https://acme.looker.com", fieldOrder: [text], limit: 10, columnLimit: 200 },
    ),
  "the head of a CSV": (text) =>
    tableOfCsv(
      {
        headings: [
          [text, ""],
          [text, text],
        ],
        head: [[text, `-${text}`]],
        rowCount: 1,
      },
      { raw: null, names: [], known: [], fields: [], limit: 10, columnLimit: 200 },
    ),
  "a cell of a CSV, guarded": (text) => recoded(text, "guard"),
  "a cell of a CSV, guarded within": (text) => recoded(text, "strict"),
  "a cell of a workbook": sheetCells,
  "a sheet's name": (text) => [sheetNames()(text), attributeText(text)],
  "a number format": (text) => [excelFormat(text), formatAsRendered([{ value: 1200, rendered: text }])],
  "a cell of a text": (text) =>
    textTable(tableOf(text), { cellWidthMax: 40, rowsMax: 10, widthMax: 100, phrases: ENGLISH }),
  "a date": (text) => [readDate(text, null), readDate(`2026-11-16${text}`, "date_date")],
  "a filter on a date": (text) => [
    filterSpan(text, clock, "a.date"),
    filterSpan(`2026-01-01 to ${text}`, clock, "a.date"),
  ],
  "a picture's words": svgText,
  "Markdown in an email and in Slack": (text) => [markdownHtml(text), markdownBlocks(text)],
  "an owner": (text) => [isAddress(`a@${text}`), isAddress(text)],
  "a file's name in a header": (text) => [attachmentNamed(text), asPathPart(text)],
});
