import { expect, test } from "vitest";
import { slackProblems } from "../../../src/render/slack/problems/post.ts";

// One post at each limit, which passes, and one beyond it, which does not: with the place and what is wrong there.

type Block = Record<string, unknown>;

const plain = (words: string) => ({ type: "plain_text", text: words });
const mrkdwn = (words: string) => ({ type: "mrkdwn", text: words });
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const rich = (...leaves: Block[]) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: leaves }],
});
const words = (length: number) => ({ type: "text", text: "x".repeat(length) });
const image = (over: Block = {}) => ({
  type: "image",
  alt_text: "A chart",
  slack_file: { id: "F0123ABCD" },
  ...over,
});
const cell = (text: string) => ({ type: "raw_text", text });
const grid = (rows: number, columns: number, text = "a") => many(rows, many(columns, cell(text)));
const dataTable = (rows: readonly unknown[], over: Block = {}) => ({
  type: "data_table",
  caption: "c",
  rows,
  ...over,
});
const table = (rows: readonly unknown[], over: Block = {}) => ({ type: "table", rows, ...over });
const names = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`);
const line = (count: number, over: Block = {}, axis: Block = {}) => ({
  type: "line",
  series: [{ name: "Flights", data: names(count).map((label) => ({ label, value: 1 })) }],
  axis_config: { categories: names(count), ...axis },
  ...over,
});
const chart = (inner: unknown, title = "Flights") => ({ type: "data_visualization", title, chart: inner });
const pie = (segments: readonly unknown[]) => chart({ type: "pie", segments });
const segment = (label: string, value: unknown = 1) => ({ label, value });
const one = (label: string) => [{ label, value: 1 }];

const problemsOf = (blocks: readonly Block[], over: { text?: string; metadata?: Block } = {}) =>
  slackProblems({ text: "x", blocks, ...over }).map(({ pointer, problem }) => `${pointer}: ${problem}`);

const allowed: [string, Block[]][] = [
  ["50 blocks", many(50, { type: "divider" })],
  ["no block at all", []],
  ["a header of 150 characters", [{ type: "header", text: plain("x".repeat(150)) }]],
  ["a section of 3,000 characters", [{ type: "section", text: plain("x".repeat(3_000)) }]],
  ["10 fields", [{ type: "section", fields: many(10, mrkdwn("*x*")) }]],
  ["a field of 2,000 characters", [{ type: "section", fields: [plain("x".repeat(2_000))] }]],
  ["10 elements of context", [{ type: "context", elements: many(10, plain("x")) }]],
  ["an alt text of 2,000 characters", [image({ alt_text: "x".repeat(2_000) })]],
  [
    "an address of 3,000 characters",
    [rich({ type: "link", url: `https://x.example/${"a".repeat(2_982)}`, text: "x" })],
  ],
  ["a data table of 200 rows and a heading, 20 columns", [dataTable(grid(201, 4)), image()]],
  ["a data table of 20 columns and 20,000 characters", [dataTable(grid(10, 20, "x".repeat(100)))]],
  ["a table of 100 rows", [table(grid(100, 20))]],
  ["a table of 10,000 characters", [table(grid(10, 10, "x".repeat(100)))]],
  ["two charts of 20 points", [chart(line(20)), chart(line(20))]],
  ["six segments", [pie(names(6).map((label) => segment(label)))]],
  ["rich text of 3,000 characters", [rich(words(3_000))]],
];

test.each(allowed)("%s: allowed", (_what, blocks) => {
  expect(problemsOf(blocks)).toEqual([]);
});

const refused: [string, Block[], string][] = [
  ["51 blocks", many(51, { type: "divider" }), "/blocks: 51 blocks"],
  ["a block of another kind", [{ type: "markdown", text: "x" }], "/blocks/0/type: a block of type markdown"],
  [
    "a block id of 256 characters",
    [{ type: "divider", block_id: "x".repeat(256) }],
    "/blocks/0/block_id: 256",
  ],
  [
    "a block id that repeats",
    many(2, { type: "divider", block_id: "a" }),
    "/blocks/1/block_id: a is used twice",
  ],
  [
    "a header of 151 characters",
    [{ type: "header", text: plain("x".repeat(151)) }],
    "/blocks/0/text/text: 151",
  ],
  [
    "a header in mrkdwn",
    [{ type: "header", text: mrkdwn("x") }],
    "/blocks/0/text/type: a text of type mrkdwn",
  ],
  ["a header without text", [{ type: "header" }], "/blocks/0/text/type: a text of type undefined"],
  ["a section of 3,001", [{ type: "section", text: plain("x".repeat(3_001)) }], "/blocks/0/text/text: 3001"],
  ["an empty section text", [{ type: "section", text: plain("") }], "/blocks/0/text/text: 0 characters"],
  ["a section of nothing", [{ type: "section" }], "/blocks/0: neither text nor fields"],
  ["11 fields", [{ type: "section", fields: many(11, plain("x")) }], "/blocks/0/fields: 11 fields"],
  ["no field", [{ type: "section", fields: [] }], "/blocks/0/fields: 0 fields"],
  [
    "a field of 2,001",
    [{ type: "section", fields: [plain("x".repeat(2_001))] }],
    "/blocks/0/fields/0/text: 2001",
  ],
  ["11 elements", [{ type: "context", elements: many(11, plain("x")) }], "/blocks/0/elements: 11 elements"],
  ["no element", [{ type: "context", elements: [] }], "/blocks/0/elements: 0 elements"],
  ["an alt text of 2,001", [image({ alt_text: "x".repeat(2_001) })], "/blocks/0/alt_text: 2001 characters"],
  ["a picture without alt text", [image({ alt_text: undefined })], "/blocks/0/alt_text: no text"],
  ["a picture's title of 2,001", [image({ title: plain("x".repeat(2_001)) })], "/blocks/0/title/text: 2001"],
  ["a picture from nowhere", [image({ slack_file: undefined })], "/blocks/0/image_url: no text"],
  [
    "a picture's address of 3,001",
    [image({ slack_file: undefined, image_url: `https://x.example/${"a".repeat(2_983)}` })],
    "/blocks/0/image_url: 3001",
  ],
  [
    "an invalid file id",
    [image({ slack_file: { id: "f1" } })],
    "/blocks/0/slack_file/id: not an id of a file",
  ],
  [
    "a mention in mrkdwn",
    [{ type: "section", text: mrkdwn("<!channel>") }],
    "< or > that is not part of a link",
  ],
  ["a person in rich text", [rich({ type: "user", user_id: "U1" })], "neither text nor link: user"],
  [
    "everyone in rich text",
    [rich({ type: "broadcast", range: "channel" })],
    "neither text nor link: broadcast",
  ],
  ["rich text of 3,001", [rich(words(3_001))], "/blocks/0/elements/0/elements/0/text: 3001 characters"],
  ["an empty rich text", [rich(words(0))], "/blocks/0/elements/0/elements/0/text: 0 characters"],
  [
    "rich text of 101 elements",
    [{ type: "rich_text", elements: many(101, rich(words(1)).elements[0]) }],
    "101",
  ],
  [
    "a list of no style",
    [{ type: "rich_text", elements: [{ type: "rich_text_list", elements: [] }] }],
    "a list of",
  ],
  [
    "a link of 3,001",
    [rich({ type: "link", url: `https://x.example/${"a".repeat(2_983)}`, text: "x" })],
    "/url: 3001 characters",
  ],
  ["12,001 characters in all", many(5, rich(words(2_401))), "/blocks: 12005 characters outside tables"],
  ["two tables", [table(grid(2, 1)), dataTable(grid(2, 1))], "/blocks: 2 tables"],
  ["a data table of 202 rows", [dataTable(grid(202, 1))], "/blocks/0/rows: 202 rows"],
  ["a data table of a heading alone", [dataTable(grid(1, 1))], "/blocks/0/rows: 1 rows"],
  ["a data table of 21 columns", [dataTable(grid(2, 21))], "/blocks/0/rows/0: 21 columns"],
  ["a data table of 20,001", [dataTable([[cell("a")], [cell("x".repeat(20_000))]])], "/blocks/0/rows: 20001"],
  ["a data table without caption", [dataTable(grid(2, 1), { caption: "" })], "/blocks/0/caption: 0"],
  ["a page of 101 rows", [dataTable(grid(2, 1), { page_size: 101 })], "/blocks/0/page_size: 101 rows"],
  ["uneven rows", [dataTable([[cell("a"), cell("b")], [cell("c")]])], "/blocks/0/rows/1: 1 cells"],
  ["an empty cell", [dataTable([[cell("a")], [cell("")]])], "/blocks/0/rows/1/0: an empty cell"],
  [
    "a number in the heading",
    [dataTable([[{ type: "raw_number", value: 1, text: "1" }], [cell("b")]])],
    "/blocks/0/rows/0/0/type: a cell of type raw_number",
  ],
  ["rich text in the heading", [dataTable([[rich(words(1))], [cell("b")]])], "/blocks/0/rows/0/0: rich text"],
  [
    "a number that is not one",
    [dataTable([[cell("a")], [{ type: "raw_number", value: Number.NaN, text: "NaN" }]])],
    "/blocks/0/rows/1/0/value: not a number",
  ],
  ["a table of 101 rows", [table(grid(101, 1))], "/blocks/0/rows: 101 rows"],
  ["a table of 10,001", [table([[cell("a")], [cell("x".repeat(10_000))]])], "/blocks/0/rows: 10001"],
  ["21 settings", [table(grid(2, 1), { column_settings: many(21, {}) })], "/blocks/0/column_settings: 21"],
  ["three charts", many(3, chart(line(2))), "/blocks: 3 charts"],
  ["a chart's title of 51", [chart(line(2), "x".repeat(51))], "/blocks/0/title: 51 characters"],
  ["a chart of another kind", [chart({ type: "point" })], "/blocks/0/chart/type: a chart of type point"],
  ["21 points", [chart(line(21))], "/blocks/0/chart/series/0/data: 21 points"],
  [
    "7 series",
    [
      chart({
        type: "line",
        series: names(7).map((name) => ({ name, data: one("a") })),
        axis_config: { categories: ["a"] },
      }),
    ],
    "/blocks/0/chart/series: 7 series",
  ],
  [
    "series of one name",
    [
      chart({
        type: "bar",
        series: many(2, { name: "a", data: one("a") }),
        axis_config: { categories: ["a"] },
      }),
    ],
    "/blocks/0/chart/series: labels that repeat",
  ],
  [
    "a series' name of 21",
    [
      chart({
        type: "bar",
        series: [{ name: "x".repeat(21), data: one("a") }],
        axis_config: { categories: ["a"] },
      }),
    ],
    "/blocks/0/chart/series/0/name: 21 characters",
  ],
  [
    "a category of 21",
    [
      chart({
        type: "bar",
        series: [{ name: "a", data: one("x".repeat(21)) }],
        axis_config: { categories: ["x".repeat(21)] },
      }),
    ],
    "/categories/0: 21 characters",
  ],
  ["an axis of 51", [chart(line(2, {}, { x_label: "x".repeat(51) }))], "/axis_config/x_label: 51 characters"],
  [
    "a point that is missing",
    [chart(line(2, {}, { categories: ["w0", "w2"] }))],
    "not one point for each category",
  ],
  [
    "a value that is missing",
    [
      chart({
        type: "line",
        series: [{ name: "a", data: [{ label: "a", value: null }] }],
        axis_config: { categories: ["a"] },
      }),
    ],
    "/blocks/0/chart/series/0/data/0/value: not a number",
  ],
  ["7 segments", [pie(names(7).map((label) => segment(label)))], "/blocks/0/chart/segments: 7 segments"],
  ["a segment of nothing", [pie([segment("a", 0)])], "/segments/0/value: not a number above 0"],
  ["a segment's name of 21", [pie([segment("x".repeat(21))])], "/segments/0/label: 21 characters"],
];

test.each(refused)("%s is a problem", (_what, blocks, told) => {
  expect(problemsOf(blocks).join("\n")).toContain(told);
});

test("a text that is empty, longer than Slack advises, or pings is a problem", () => {
  const blocks = [{ type: "divider" }];
  expect(problemsOf(blocks, { text: "x".repeat(4_000) })).toEqual([]);
  expect(problemsOf(blocks, { text: "see <https://x.example|this> &lt;!here&gt;" })).toEqual([]);
  expect(problemsOf(blocks, { text: "" })).toEqual(["/text: 0 characters, allowed are 1 to 4000"]);
  expect(problemsOf(blocks, { text: "x".repeat(4_001) })).toHaveLength(1);
  expect(problemsOf(blocks, { text: "hello <!here>" })).toEqual(["/text: < or > that is not part of a link"]);
});

test("metadata beyond 8 kB is a problem", () => {
  const metadata = (length: number) => ({ event_type: "a", event_payload: { key: "x".repeat(length) } });
  expect(problemsOf([], { metadata: metadata(7_900) })).toEqual([]);
  expect(problemsOf([], { metadata: metadata(8_000) }).join()).toContain("/metadata: 80");
});
