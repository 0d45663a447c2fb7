import { expect, test } from "vitest";
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
import { addressMistake, readAddress, readDomain } from "../../src/deliver/address.ts";
import { failureOf as slackFailure } from "../../src/deliver/slack/outcome.ts";
import { richTextAsMarkdown } from "../../src/looker/dashboard/text-tile.ts";
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
import { mrkdwn } from "../../src/render/slack/block.ts";
import { bodyText, lineText, safeHref } from "../../src/render/words/cell-text.ts";
import { templateProblems } from "../../src/template/problems.ts";
import { datesIn } from "../dates.ts";

/** What each parser of texts that others write is fed with, again and again: what its patterns may begin with, and never find the end of. */
const UNITS = [
  ..." \t\n\r\"'`<>()[]{}=+-*/\\|_~#@!%&,.:;?$^aAx019é",
  "\r\n",
  " \n",
  "\n\n",
  "- ",
  "> ",
  "a ",
  "a@",
  "a@b.",
  "@a,",
  '"\\',
  "<a",
  "<title",
  "<script",
  "<!--",
  "</",
  "{{",
  "{%",
  "${",
  "${A:-",
  "{a: ",
  "[a, ",
  "![",
  "](",
  "*a",
  "_a ",
  "``` ",
  "1,",
  "0.",
  "#,",
  "[$",
  "1. ",
  "://",
  "a://",
  "a://a:",
  "token",
  "token:",
  "api_key ",
  "xoxb-",
  "field ",
  "unknown field ",
  " – ",
  "T ",
  "e\u0301",
  "\u200b",
  "\u00a0",
  "😀",
];

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

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
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
    periodOf({
      table,
      filters: { "a.date": text, "b.date": `2026-01-01 to ${text}` },
      ranAt: now,
      dates: datesIn("UTC"),
    }),
  "a column's label": (text) =>
    csvRecord([guarded(text, false, "strict"), guarded(`-${text}`, true, "strict")], ","),
  "a CSV": (text) => {
    const scan = new CsvScan({ headRecordsMax: 10, headBytesMax: 10_000 });
    scan.push(Buffer.from(text));
    return scan.records;
  },
  "an answer of Slack": (text) => slackFailure(new Error(text), false, "#ops"),
  "a word of Slack's markup": mrkdwn,
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
const YAML: Readonly<Record<string, (text: string) => unknown>> = {
  YAML: (text) => readDocument(text, sources),
  "YAML in a line": (text) => readDocument(`a: ${text.replaceAll("\n", " ")}\n`, sources),
  "YAML in braces": (text) => readDocument(`a: { b: ${text.replaceAll("\n", " ")}\n`, sources),
};

/** The least time of a few, in milliseconds of this process: what else the machine does does not count. */
function cost(work: () => unknown, times: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/** What can be measured at all. */
const FLOOR_MS = 0.2;
/** On top of what is in proportion. What is read again from each character takes a hundred times as long for ten times as much. */
const SLACK = 8;

/** A parser that is worse than linear is found at 100 kB already, before it takes minutes for 1 MB. */
function slowOn(
  parse: (text: string) => unknown,
  units: readonly string[],
  sizes: readonly number[],
): string[] {
  const [smallest = 0, ...larger] = sizes;
  const texts = units.flatMap((unit) => [
    (size: number) => unit.repeat(Math.ceil(size / unit.length)),
    (size: number) => `x${unit.repeat(Math.ceil(size / unit.length))}x\u0001`,
  ]);
  return texts.flatMap((text) => {
    const small = Math.max(
      FLOOR_MS,
      cost(() => parse(text(smallest)), 3),
    );
    for (const size of larger) {
      const boundMs = small * (size / smallest) * SLACK;
      // Tried again before it is believed: a collection of garbage may have come in between.
      const ms = cost(() => parse(text(size)), 1);
      if (ms > boundMs && cost(() => parse(text(size)), 2) > boundMs)
        return `${JSON.stringify(text(8))}: ${small} ms for ${smallest} characters, ${ms} ms for ${size}`;
    }
    return [];
  });
}

test.each(Object.entries(PARSERS))("%s of 1 MB takes a time in proportion to 10 kB of it", (_, parse) => {
  expect(slowOn(parse, UNITS, [10_000, 100_000, 1_000_000])).toEqual([]);
});

test.each(Object.entries(YAML))("%s takes a time in proportion to its length", (_, parse) => {
  expect(slowOn(parse, YAML_UNITS, [1_000, 30_000])).toEqual([]);
});
