import { loneStore } from "../../src/config/index.ts";
import { maskLine } from "../../src/config/problems/mask.ts";
import { readDocument } from "../../src/config/yaml/document.ts";
import { interpolate } from "../../src/config/yaml/interpolate.ts";
import type { Cell, Table } from "../../src/core/model/table.ts";
import { parseComparison } from "../../src/core/rules/comparison.ts";
import { periodOf } from "../../src/core/rules/dates/period.ts";
import { nearest } from "../../src/core/rules/nearest.ts";
import { numberOf } from "../../src/core/rules/numbers/cell-number.ts";
import { formatNumber, styleOf } from "../../src/core/rules/numbers/value-format.ts";
import { redact } from "../../src/core/rules/redact.ts";
import { ENGLISH } from "../../src/core/words/en/index.ts";
import { addressMistake, readAddress, readDomain } from "../../src/deliver/address.ts";
import { failureOf as slackFailure } from "../../src/deliver/slack/outcome.ts";
import { richTextAsMarkdown } from "../../src/looker/dashboard/words/text-tile.ts";
import { failedAnswer, htmlText } from "../../src/looker/http/failure.ts";
import { parseExactly } from "../../src/looker/http/loose-json.ts";
import { queryFailure } from "../../src/looker/query/verdict.ts";
import { cellOf } from "../../src/looker/result/cells.ts";
import { CsvScan } from "../../src/looker/result/csv-scan.ts";
import { guarded } from "../../src/render/csv/formula.ts";
import { csvRecord } from "../../src/render/csv/record.ts";
import { filename } from "../../src/render/filename.ts";
import { readMarkdown } from "../../src/render/markdown/markdown.ts";
import { markdownText } from "../../src/render/markdown/text.ts";
import { words } from "../../src/render/slack/author-words.ts";
import { bodyText, lineText, safeHref } from "../../src/render/words/cell-text.ts";
import { templateProblems } from "../../src/template/problems.ts";
import { datesIn } from "../dates.ts";
import { inProportion, inProportionToLittle, type Parsers } from "./in-proportion.ts";

const html = { "content-type": "text/html" };
const json = { "content-type": "application/json" };
const call = { method: "GET", path: "/looks/42", host: "acme.looker.com" };
const now = new Date("2026-11-16T08:00:00Z");
const cell = (text: string): Cell => cellOf({ value: text, rendered: text }, "https://acme.looker.com");
const table: Table = { columns: [], pivotLabels: [], rows: [], rowCount: 0, rowCountIsExact: true };
const sources = { env: {}, readFile: () => "" };
const secrets = {
  values: new Set(["hunter2hunter2", "aaaaaaab"]),
  written: new Set(["aaab"]),
  problems: [],
  tooShort: new Set<string>(),
};

const PARSERS: Parsers = {
  "an HTML page": (text) => htmlText({ headers: html, body: text }),
  "an answer of Looker": (text) => failedAnswer(call, { status: 500, headers: json, body: text }, now),
  "an answer's words": (text) =>
    failedAnswer(call, { status: 500, headers: json, body: JSON.stringify({ message: text }) }, now),
  "JSON of Looker": (text) => parseExactly(JSON.stringify([{ value: text }])),
  "an error of a database": (text) => queryFailure(text, text),
  "a tile of rich text": (text) =>
    richTextAsMarkdown(
      JSON.stringify([
        { type: "h1", children: [{ text, bold: true }] },
        { type: "p", children: [{ text }] },
      ]),
    ),
  "a cell": (text) => [lineText(cell(text).rendered), bodyText(text), safeHref(text), numberOf(text)],
  "a value format": (text) => [formatNumber(1.5, text), styleOf({ valueFormat: text }, [cell(text)])],
  "a filter": (text) =>
    periodOf(
      {
        table,
        filters: { "a.date": text, "b.date": `2026-01-01 to ${text}` },
        ranAt: now,
        dates: datesIn("UTC"),
      },
      ENGLISH.dates,
    ),
  "a column's label": (text) =>
    csvRecord([guarded(text, false, "strict"), guarded(`-${text}`, true, "strict")], ","),
  "a CSV": (text) => {
    const scan = new CsvScan({ headRecordsMax: 10, headBytesMax: 10_000 });
    scan.push(Buffer.from(text));
    return scan.records;
  },
  "an answer of Slack": (text) => slackFailure(new Error(text), false, "#ops"),
  "an author's words in Slack": (text) => words(text, { charsMax: 100_000, blocksMax: 45 }, ENGLISH),
  Markdown: (text) => [readMarkdown(text), markdownText(text, 100)],
  "an address": (text) => [
    readAddress(text),
    readAddress(`a <${text}`),
    addressMistake(text),
    readDomain(text),
  ],
  "a file's name": (text) => [filename(text, "csv"), filename(`a${text}a`)],
  "a line of the file": (text) => maskLine(`a${text}`, secrets),
  "a reference": (text) => interpolate(text, { ...sources, readFile: () => text }),
  "a reference to a file": (text) =>
    interpolate("${file:/a}", { ...sources, readFile: () => text.slice(0, 65_000) }),
  "the line store:": (text) => loneStore(`store: ${text.replaceAll("\n", " ")}`, sources),
  "a comparison": (text) => [parseComparison(`> ${text}`), parseComparison(text)],
  "a word that is not known": (text) => nearest(text, ["schedule", "sections", "deliver"]),
  "a template": (text) => templateProblems({ text, form: "line", stage: "late", kpis: [], without: null }),
  redaction: (text) => redact(text, ["hunter2hunter2", "aaaaaaab", "<<<<<<<>"]),
};

/** What a service's own user writes, parsed by other people's code that takes long for each character: with less of it. */
const YAML_UNITS = ["{", "}", "[", ",", "${", "{a: ", "- ", '"', "a: ", "#"];
const YAML: Parsers = {
  YAML: (text) => readDocument(text, sources),
  "YAML in a line": (text) => readDocument(`a: ${text.replaceAll("\n", " ")}\n`, sources),
  "YAML in braces": (text) => readDocument(`a: { b: ${text.replaceAll("\n", " ")}\n`, sources),
};

inProportion(PARSERS);
inProportionToLittle(YAML, YAML_UNITS);
