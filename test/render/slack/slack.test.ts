import { expect, test } from "vitest";
import type { Message } from "../../../src/core/model/message.ts";
import { slackProblems } from "../../../src/render/slack/problems/post.ts";
import { renderSlack } from "../../../src/render/slack/slack.ts";
import { checkBlocks } from "../../../src/sandbox/slack/limits/blocks.ts";
import { artifact, column, HOSTILE, message, NULL, number, routes, section, table, text } from "../sample.ts";

const blocks = (of: Message) => renderSlack(of).blocks;
const tables = (of: Message) => blocks(of).filter((block) => block.type === "data_table");

/** All text in a piece of a post, in order. */
function words(value: unknown): string {
  if (Array.isArray(value)) return value.map(words).join(" ");
  if (typeof value !== "object" || value === null) return "";
  return Object.entries(value)
    .map(([key, item]) => (typeof item === "string" ? (key === "text" ? item : "") : words(item)))
    .join(" ");
}

test("a post has its header, table, links, files, and at the end due date, owner and run", () => {
  const of = message(
    [
      section(
        "Delay by carrier",
        { ...routes(50), rowCount: 12_431 },
        {},
        { notices: ["Development mode."] },
      ),
    ],
    {
      intro: "Good morning.",
      notices: ["big.csv is too large."],
      artifacts: [artifact("delays.csv", 12_431)],
    },
  );
  const post = renderSlack(of);
  expect(post.blocks[0]).toEqual({
    type: "header",
    text: { type: "plain_text", text: "Weekly flight delays", emoji: false },
  });
  const body = words(post.blocks);
  for (const phrase of [
    "Monday 16 November 2026, 08:00 EST",
    "Questions? flight-ops@example.com",
    "Good morning.",
    "big.csv is too large.",
    "50 of 12,431 rows. The full data is attached.",
    "Development mode.",
    "Run by Looker at 08:00 EST",
    "<https://looker.example.com/explore/faa/flights?qid=abc&amp;toggle=dat|See all 12,431>",
    "Files: delays.csv (12,431 rows, 1.1 MB)",
    "Report weekly-delays · run run-7f3a",
  ])
    expect(body).toContain(phrase);
  expect(slackProblems(post)).toEqual([]);
});

test("the table is Slack's own: numbers as numbers, no cell empty, totals below it", () => {
  const rows = [
    [text("ATL"), number(1_200, "$1,200")],
    [NULL, { value: null, rendered: "" }],
  ];
  const of = message([
    section(
      "Cost",
      table([column("Origin"), column("Cost", true)], rows, { totals: [NULL, number(1_200, "$1,200")] }),
    ),
  ]);
  expect(tables(of)).toEqual([
    {
      type: "data_table",
      caption: "Cost",
      page_size: 2,
      rows: [
        [
          { type: "raw_text", text: "Origin" },
          { type: "raw_text", text: "Cost" },
        ],
        [
          { type: "raw_text", text: "ATL" },
          { type: "raw_number", value: 1_200, text: "$1,200" },
        ],
        [
          { type: "raw_text", text: "–" },
          { type: "raw_text", text: "–" },
        ],
      ],
    },
  ]);
  expect(words(blocks(of))).toContain("Totals: Cost $1,200");
});

test("only the first section with rows takes the one table; the others are fixed-width text", () => {
  const sections = [
    section("Empty", table([column("A")], [])),
    section("None", routes(3), { show: { kind: "none" } }),
    section("First", routes(30)),
    section("Second", routes(30)),
  ];
  const of = message(sections);
  expect(tables(of).map((block) => block.caption)).toEqual(["First"]);
  const body = words(blocks(of));
  expect(body).toContain("No rows: the query returned nothing for its filters.");
  expect(body).toMatch(/Route {6}Measure 1/);
  expect(body).toContain("15 of 30 rows.");
  expect(JSON.stringify(blocks(of))).toContain("rich_text_preformatted");
});

test("a few numbers alone are a line, and leave the table to a section that needs it", () => {
  const figures = table(
    [column("Flights", true), column("On time", true)],
    [[number(12_431), number(0.8, "80%")]],
  );
  const of = message([section("This week", figures), section("Routes", routes(3))]);
  expect(tables(of).map((block) => block.caption)).toEqual(["Routes"]);
  expect(words(blocks(of)).replace(/\s+/g, " ")).toContain("This week Flights 12,431 On time 80%");
});

test("rows and columns beyond Slack's limits are left out, and it says so", () => {
  const rowsCut = message([section("A", routes(1_000), { rowsShown: 1_000 })]);
  expect(words(blocks(rowsCut))).toContain("200 of 1,000 rows.");
  const columnsCut = message([section("A", routes(10, 31))]);
  expect(words(blocks(columnsCut))).toContain("10 rows, 20 of 31 columns.");
  const charsCut = message([
    section(
      "A",
      table(
        [column("A")],
        Array.from({ length: 150 }, () => [text("word ".repeat(60))]),
      ),
      { rowsShown: 150 },
    ),
  ]);
  expect(words(blocks(charsCut))).toMatch(/\d\d of 150 rows\./);
});

test("hostile words reach no place where Slack reads markup", () => {
  const evil = "<!channel> & <@U1> <https://evil.example|x>";
  const of = message(
    [
      section(evil, table([column(evil)], [[text(evil)]]), {}, { notices: [evil] }),
      section(evil, table([column(evil)], [[text(evil)]])),
    ],
    {
      intro: evil,
      notices: [evil],
      run: { ...message([]).run, title: evil, owner: evil, report: evil, id: evil },
      artifacts: [artifact(evil, 1)],
    },
  );
  const post = renderSlack(of);
  expect(slackProblems(post)).toEqual([]);
  expect(post.text).not.toMatch(/[<>]/);
  expect(post.text).toContain("&lt;!channel&gt; &amp; &lt;@U1&gt;");
  const mrkdwn = JSON.stringify(post.blocks).match(/"mrkdwn","text":"[^"]*"/g) ?? [];
  for (const element of mrkdwn)
    expect(element).toMatch(/^"mrkdwn","text":"<https:\/\/looker\.example\.com[^<>|]*\|See all [\d,]+>"$/);
});

test("the text says the same in plain words: title, rows, the first lines", () => {
  const of = message(
    [
      section("Delay by carrier", { ...routes(50), rowCount: 12_431 }),
      section("Nothing", table([column("A")], [])),
    ],
    { notices: ["big.csv is too large."] },
  );
  expect(renderSlack(of).text).toBe(
    [
      "Weekly flight delays",
      "big.csv is too large.",
      "Delay by carrier: 12,431 rows",
      "  Route · Measure 1 · Measure 2",
      "  ATL-00000 · -300 · -300",
      "  ATL-00001 · -283 · -266",
      "  ATL-00002 · -266 · -232",
      "Nothing: No rows: the query returned nothing for its filters.",
    ].join("\n"),
  );
});

const LONG = "<&> 'word' ".repeat(5_000);
const hostileTable = table(
  HOSTILE.map((hostile, index) => column(`${hostile} ${index}`, index % 2 === 1)),
  HOSTILE.map((hostile, row) => HOSTILE.map((_, index) => (index % 2 === 1 ? number(row) : text(hostile)))),
);

test.each([
  ["nothing at all", message([])],
  ["hostile cells and labels", message([section("A", hostileTable), section("B", hostileTable)])],
  ["60 sections", message(Array.from({ length: 60 }, (_, index) => section(`Part ${index}`, routes(40, 8))))],
  [
    "600 small sections",
    message(
      Array.from({ length: 600 }, (_, index) =>
        section(`Part ${index}`, table([column("A")], [[number(index)]])),
      ),
    ),
  ],
  [
    "sections that are empty",
    message(Array.from({ length: 20 }, (_, index) => section(`Part ${index}`, table([], [])))),
  ],
  ["a table of 5,000 by 30", message([section("A", routes(5_000, 30), { rowsShown: 5_000 })])],
  [
    "no words",
    message([section("", routes(1), { url: "not a link" })], {
      intro: " \n",
      run: { ...message([]).run, title: "", owner: "" },
    }),
  ],
  [
    "numbers that are none",
    message([
      section(
        "A",
        table([column("A", true)], [[number(Number.NaN, "NaN")], [number(Number.POSITIVE_INFINITY, "∞")]]),
      ),
    ]),
  ],
  [
    "words without end",
    message(
      [
        section(
          LONG,
          table([column(LONG)], [[text(LONG)]]),
          { url: `https://x.example/${"a".repeat(5_000)}` },
          { notices: [LONG, LONG, LONG, LONG, LONG], text: LONG },
        ),
      ],
      {
        intro: LONG,
        notices: Array.from({ length: 50 }, () => LONG),
        artifacts: Array.from({ length: 50 }, () => artifact(LONG, 3)),
        run: { ...message([]).run, title: LONG, owner: LONG, report: LONG, id: LONG },
      },
    ),
  ],
])("%s: the post is within every limit of Slack's", (_, of) => {
  const post = renderSlack(of);
  expect(slackProblems(post)).toEqual([]);
  // The sandbox's Slack keeps a list of the limits of its own.
  expect(checkBlocks(post.blocks).list).toEqual([]);
  expect(JSON.parse(JSON.stringify(post))).toEqual(post);
});

test("sections without room are a line each, with their rows and link, and the last are counted", () => {
  const of = message(Array.from({ length: 60 }, (_, index) => section(`Part ${index}`, routes(40, 8))));
  const body = words(blocks(of));
  expect(body).toContain("Too much for one message, so not shown here:");
  expect(body).toMatch(/and \d+ more sections/);
});
