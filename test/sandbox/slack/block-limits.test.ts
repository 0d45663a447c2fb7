import { expect, test } from "vitest";
import { checkBlocks, tableCount } from "../../../src/sandbox/slack/limits/blocks.ts";

type Block = Record<string, unknown>;

const plain = (text: string) => ({ type: "plain_text", text });
const marked = (text: string) => ({ type: "mrkdwn", text });
const cell = (text: string) => ({ type: "raw_text", text });
const number = (value: number) => ({ type: "raw_number", value, text: String(value) });
const rich = (text: string) => ({
  type: "rich_text",
  elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }],
});
const grid = (rows: number, columns: number, text = "a") =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => cell(text)));
const dataTable = (rows: unknown[][], more: Block = {}) => ({
  type: "data_table",
  caption: "c",
  rows,
  ...more,
});

const chart = (inner: Block) => ({ type: "data_visualization", title: "Flights", chart: inner });
const points = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ label: `w${index}`, value: index - 1 }));
const line = (count: number, axis: Block = {}) =>
  chart({
    type: "line",
    series: [{ name: "Flights", data: points(count) }],
    axis_config: { categories: points(count).map(({ label }) => label), ...axis },
  });
const pie = (segments: Block[]) => chart({ type: "pie", segments });

const accepted: [string, Block[]][] = [
  ["two charts of 20 points, one of them below 0", [line(20), line(20, { x_label: "Week" })]],
  ["a pie of six", [pie(Array.from({ length: 6 }, () => ({ label: "x".repeat(20), value: 0.1 })))]],
  ["a picture at Slack", [{ type: "image", slack_file: { id: "F0000000001" }, alt_text: "a" }]],
  ["50 blocks", Array.from({ length: 50 }, () => ({ type: "divider" }))],
  ["a header of 150 characters", [{ type: "header", text: plain("x".repeat(150)) }]],
  ["a section of 3,000 characters", [{ type: "section", text: marked("x".repeat(3000)) }]],
  [
    "10 fields of 2,000 characters",
    [{ type: "section", fields: Array.from({ length: 10 }, () => marked("x".repeat(2000))) }],
  ],
  ["a table of 100 rows, 20 columns", [{ type: "table", rows: grid(100, 5) }]],
  [
    "a table with numbers, rich text and settings",
    [
      {
        type: "table",
        rows: [[cell("a"), number(1), rich("b")]],
        column_settings: [{ align: "right" }, { is_wrapped: true }],
      },
    ],
  ],
  ["a table of 10,000 characters", [{ type: "table", rows: grid(10, 10, "x".repeat(100)) }]],
  ["a data table of 200 rows and the header", [dataTable(grid(201, 20))]],
  ["a data table of 20,000 characters", [dataTable(grid(10, 20, "x".repeat(100)))]],
  [
    "context, image and buttons",
    [
      {
        type: "context",
        elements: [marked("a"), { type: "image", image_url: "https://example.com/a.png", alt_text: "a" }],
      },
      { type: "image", image_url: "https://example.com/a.png", alt_text: "a", title: plain("t") },
      {
        type: "actions",
        elements: [{ type: "button", text: plain("Open"), url: "https://example.com", style: "primary" }],
      },
    ],
  ],
  [
    "rich text of every kind",
    [
      {
        type: "rich_text",
        elements: [
          {
            type: "rich_text_section",
            elements: [
              { type: "link", url: "https://example.com" },
              { type: "emoji", name: "x" },
            ],
          },
          {
            type: "rich_text_list",
            style: "bullet",
            elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "a" }] }],
          },
          { type: "rich_text_preformatted", elements: [{ type: "text", text: "a", style: { bold: true } }] },
        ],
      },
    ],
  ],
];

test.each(accepted)("%s: accepted", (_what, blocks) => {
  expect(checkBlocks(blocks).list).toEqual([]);
});

const refused: [string, unknown[], string, string][] = [
  [
    "three charts",
    [line(1), line(1), line(1)],
    "/blocks",
    "no more than 2 data_visualization blocks allowed",
  ],
  ["21 points", [line(21)], "/blocks/0/chart/series/0/data", "no more than 20 items allowed"],
  ["a chart of another kind", [chart({ type: "point" })], "/blocks/0/chart/type", "unsupported type: point"],
  [
    "a chart with a long title",
    [{ ...line(1), title: "x".repeat(51) }],
    "/blocks/0/title",
    "must be less than 51 characters",
  ],
  [
    "a point without its category",
    [line(2, { categories: ["w0", "w9"] })],
    "/blocks/0/chart/series/0/data",
    "labels must match the categories of axis_config",
  ],
  [
    "a slice of nothing",
    [pie([{ label: "a", value: 0 }])],
    "/blocks/0/chart/segments/0/value",
    "must be greater than 0",
  ],
  [
    "a slice without a value",
    [pie([{ label: "a", value: null }])],
    "/blocks/0/chart/segments/0",
    "missing required field: value",
  ],
  [
    "a pie of seven",
    [pie(Array.from({ length: 7 }, () => ({ label: "a", value: 1 })))],
    "/blocks/0/chart/segments",
    "no more than 6 items allowed",
  ],
  [
    "a file id that is none",
    [{ type: "image", slack_file: { id: "https://x" }, alt_text: "a" }],
    "/blocks/0/slack_file/id",
    "input must match regex pattern: ^[F][A-Z0-9]{8,}$",
  ],
  [
    "a picture from two places",
    [{ type: "image", slack_file: { id: "F0000000001" }, image_url: "https://x.example", alt_text: "a" }],
    "/blocks/0",
    "must define either `image_url` or `slack_file`",
  ],
  [
    "51 blocks",
    Array.from({ length: 51 }, () => ({ type: "divider" })),
    "/blocks",
    "no more than 50 items allowed",
  ],
  ["no type", [{ text: "a" }], "/blocks/0", "missing required field: type"],
  ["no block at all", ["divider"], "/blocks/0", "must be an object"],
  [
    "a header in mrkdwn",
    [{ type: "header", text: marked("a") }],
    "/blocks/0/text/type",
    "unsupported type: mrkdwn",
  ],
  [
    "an empty header",
    [{ type: "header", text: plain("") }],
    "/blocks/0/text/text",
    "must be more than 0 characters",
  ],
  ["a header without text", [{ type: "header" }], "/blocks/0", "missing required field: text"],
  [
    "a section of 3,001 characters",
    [{ type: "section", text: marked("x".repeat(3001)) }],
    "/blocks/0/text/text",
    "must be less than 3001 characters",
  ],
  [
    "11 fields",
    [{ type: "section", fields: Array.from({ length: 11 }, () => marked("x")) }],
    "/blocks/0/fields",
    "no more than 10 items allowed",
  ],
  [
    "a field of 2,001 characters",
    [{ type: "section", fields: [marked("x".repeat(2001))] }],
    "/blocks/0/fields/0/text",
    "must be less than 2001 characters",
  ],
  [
    "an image without alt text",
    [{ type: "image", image_url: "https://example.com/a.png" }],
    "/blocks/0",
    "missing required field: alt_text",
  ],
  [
    "11 context elements",
    [{ type: "context", elements: Array.from({ length: 11 }, () => marked("x")) }],
    "/blocks/0/elements",
    "no more than 10 items allowed",
  ],
  [
    "a button with a long label",
    [{ type: "actions", elements: [{ type: "button", text: plain("x".repeat(76)) }] }],
    "/blocks/0/elements/0/text/text",
    "must be less than 76 characters",
  ],
  [
    "a button to a script",
    [{ type: "actions", elements: [{ type: "button", text: plain("x"), url: "javascript:1" }] }],
    "/blocks/0/elements/0/url",
    "invalid url",
  ],
  [
    "an unknown element",
    [{ type: "actions", elements: [{ type: "lever" }] }],
    "/blocks/0/elements/0/type",
    "unsupported type: lever",
  ],
  [
    "block ids twice",
    [
      { type: "divider", block_id: "a" },
      { type: "divider", block_id: "a" },
    ],
    "/blocks/1/block_id",
    "block_id a already exists",
  ],
  ["101 rows", [{ type: "table", rows: grid(101, 1) }], "/blocks/0/rows", "no more than 100 items allowed"],
  ["21 columns", [{ type: "table", rows: grid(1, 21) }], "/blocks/0/rows/0", "no more than 20 items allowed"],
  [
    "an empty cell",
    [{ type: "table", rows: [[cell("a"), cell("")]] }],
    "/blocks/0/rows/0/1/text",
    "must be more than 0 characters",
  ],
  [
    "an empty rich text cell",
    [{ type: "table", rows: [[rich("")]] }],
    "/blocks/0/rows/0/0/elements/0/elements/0/text",
    "must be more than 0 characters",
  ],
  [
    "a table of 10,001 characters",
    [{ type: "table", rows: [[cell("x".repeat(10_001))]] }],
    "/blocks/0/rows",
    "must be less than 10001 characters",
  ],
  [
    "a mrkdwn cell",
    [{ type: "table", rows: [[marked("a")]] }],
    "/blocks/0/rows/0/0/type",
    "unsupported type: mrkdwn",
  ],
  [
    "a number without its value",
    [{ type: "table", rows: [[{ type: "raw_number", text: "1" }]] }],
    "/blocks/0/rows/0/0",
    "missing required field: value",
  ],
  [
    "a wrong alignment",
    [{ type: "table", rows: grid(1, 1), column_settings: [{ align: "middle" }] }],
    "/blocks/0/column_settings/0/align",
    "must be one of left, center, right",
  ],
  [
    "a data table with a header alone",
    [dataTable(grid(1, 1))],
    "/blocks/0/rows",
    "must have at least 2 items",
  ],
  [
    "a data table of 201 rows and the header",
    [dataTable(grid(202, 1))],
    "/blocks/0/rows",
    "no more than 201 items allowed",
  ],
  [
    "a data table of 20,001 characters",
    [dataTable([[cell("a")], [cell("x".repeat(20_000))]])],
    "/blocks/0/rows",
    "must be less than 20001 characters",
  ],
  [
    "a data table without caption",
    [{ type: "data_table", rows: grid(2, 1) }],
    "/blocks/0",
    "missing required field: caption",
  ],
  [
    "rows of different lengths",
    [dataTable([[cell("a")], [cell("a"), cell("b")]])],
    "/blocks/0/rows",
    "all rows must have the same number of cells",
  ],
  [
    "rich text in a data table's header",
    [dataTable([[rich("a")], [cell("a")]])],
    "/blocks/0/rows/0",
    "rich_text is not allowed in the header row",
  ],
  [
    "a page of 101 rows",
    [dataTable(grid(2, 1), { page_size: 101 })],
    "/blocks/0/page_size",
    "must be a whole number from 1 to 100",
  ],
  [
    "rich text of an unknown kind",
    [{ type: "rich_text", elements: [{ type: "verse", elements: [] }] }],
    "/blocks/0/elements/0/type",
    "unsupported type: verse",
  ],
];

test.each(refused)("%s: refused", (_what, blocks, pointer, message) => {
  expect(checkBlocks(blocks).list).toContainEqual({ pointer, message });
});

test("markdown blocks are counted together", () => {
  const half = { type: "markdown", text: "x".repeat(6001) };
  expect(checkBlocks([half]).list).toEqual([]);
  expect(checkBlocks([half, half]).list).toHaveLength(1);
});

test("tables of both kinds are counted, other blocks are not", () => {
  expect(tableCount([{ type: "table" }, { type: "data_table" }, { type: "divider" }])).toBe(2);
});

test("a picture that Slack does not have, or not yet, is refused by its place", () => {
  const blocks = [{ type: "image", slack_file: { id: "F0000000009" }, alt_text: "a" }];
  expect(checkBlocks(blocks, "/blocks", (id) => id === "F0000000001").list).toEqual([
    { pointer: "/blocks/0/slack_file", message: "invalid slack file" },
  ]);
});
