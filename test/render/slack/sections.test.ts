import { expect, test } from "vitest";
import type { SlackPost } from "../../../src/core/model/digest.ts";
import type { Message } from "../../../src/core/model/message.ts";
import type { Picture } from "../../../src/core/model/picture.ts";
import type { Changes, ChartSeries, Kpi, Show } from "../../../src/core/model/show.ts";
import { slackProblems } from "../../../src/render/slack/problems/post.ts";
import { renderSlack } from "../../../src/render/slack/slack.ts";
import { checkBlocks } from "../../../src/sandbox/slack/limits/blocks.ts";
import {
  artifact,
  column,
  HOSTILE,
  message,
  NULL,
  notice,
  number,
  routes,
  section,
  table,
  text,
  words,
} from "../sample.ts";

const flights = table([column("Week"), column("Flights", true)], [[text("2026-11-09"), number(12_431)]]);

function kpi(over: Partial<Kpi> = {}): Show {
  const change = {
    direction: "up",
    absolute: "1,204",
    percent: "10.7%",
    from: "11,227",
    against: "in the week from 2 November",
  } as const;
  return {
    kind: "kpi",
    kpi: {
      label: "Flights",
      value: "12,431",
      of: "week from 9 November",
      change,
      withoutChange: null,
      sparkline: null,
      points: [],
      ...over,
    },
  };
}

function series(count: number, over: Partial<ChartSeries> = {}): ChartSeries {
  const points = Array.from({ length: count }, (_, index) => ({ x: `week ${index + 1}`, y: 100 + index }));
  return { mark: "line", xLabel: "Week", yLabel: "Flights", series: [{ name: "Flights", points }], ...over };
}

const picture = (name: string, alt = `Words of ${name}.`): Picture => ({
  name,
  alt,
  file: { path: `/nowhere/${name}`, bytes: 1_000 },
  width: 600,
  height: 300,
});
const chart = (drawn: ChartSeries | null, name: string | null = "chart.png"): Show => ({
  kind: "chart",
  picture: name,
  series: drawn,
});
const files = new Map([["chart.png", "F0123ABCD"]]);
const withChart = (show: Show, shown = flights) =>
  message([section("By week", shown, { show })], { pictures: [picture("chart.png")] });
const ofType = ({ blocks }: SlackPost, type: string) => blocks.filter((block) => block.type === type);
const said = (post: SlackPost) => JSON.stringify(post.blocks);

const lines = (post: SlackPost) =>
  ofType(post, "rich_text").map(({ elements }) =>
    (elements as { elements: { text: string }[] }[])
      .flatMap((section) => section.elements.map((element) => element.text))
      .join(""),
  );

test("consecutive figures are a line each: value in bold, what it is, and how it moved, with its verdict", () => {
  const of = message(
    [
      section("Flights", flights, { show: kpi() }),
      section("Cancelled", flights, {
        show: kpi({
          label: "Cancelled",
          value: "4.1",
          unit: "%",
          better: "down",
          change: {
            direction: "down",
            absolute: "0.6 points",
            percent: null,
            from: "4.7%",
            against: "in the last report, 9 Nov 2026",
          },
        }),
      }),
      section("Delay", flights, {
        show: kpi({
          label: "Delay",
          value: "",
          of: null,
          change: null,
          withoutChange: "No earlier value yet",
        }),
      }),
    ],
    { hasLead: false },
  );
  const post = renderSlack(of);
  expect(lines(post)[0]?.split("\n")).toEqual([
    "12,431 Flights, week from 9 November   ▲\u00a010.7% from 11,227 in the week from 2 November",
    "4.1\u00a0% Cancelled, week from 9 November   ▼\u00a00.6 points, better than 4.7% in the last report, 9 Nov 2026",
    "no value Delay   No earlier value yet",
  ]);
  expect(said(post)).toContain('{"type":"text","text":"12,431","style":{"bold":true}}');
  expect(post.text).toContain(
    "Flights, week from 9 November: 12,431. Up 1,204 (10.7%) from 11,227 in the week from 2 November",
  );
});

test("there is one way to Looker: after the figures, else ahead of the first section", () => {
  const figures = ["Flights", "Delays"].map((title) => section(title, flights, { show: kpi() }));
  for (const [sections, before] of [
    [[...figures, section("A", routes(3))], 2],
    [[section("A", routes(3)), ...figures], 1],
    [figures, 2],
  ] as const) {
    const post = renderSlack(message(sections, { hasLead: false }));
    expect(said(post).match(/Open in Looker/g)).toHaveLength(1);
    expect(JSON.stringify(post.blocks[before])).toContain('"text":"Open in Looker","style":{"bold":true}');
  }
  const unlinked = message([section("A", routes(3), { url: null })]);
  expect(said(renderSlack(unlinked))).not.toContain("Open in Looker");
});

test("the way to all rows is given where some are cut, and only there", () => {
  expect(said(renderSlack(message([section("A", { ...routes(30), rowCount: 46 })])))).toContain(
    "|See all 46>",
  );
  expect(said(renderSlack(message([section("A", routes(30))])))).not.toContain("See all");
});

test("the thirteenth figure begins a new block", () => {
  const of = message(
    Array.from({ length: 13 }, (_, index) => section(`Figure ${index}`, flights, { show: kpi() })),
    { hasLead: false },
  );
  const counted = lines(renderSlack(of)).map((block) => block.split("\n").length);
  expect(counted).toEqual([12, 1, 1]);
});

test("what would mean something to Slack in a figure is text as it is written", () => {
  const evil = "<!channel> *bold* :tada:";
  const of = message([section(evil, flights, { show: kpi({ label: evil, value: evil, of: null }) })]);
  const post = renderSlack(of);
  expect(ofType(post, "section")).toEqual([]);
  expect(said(post)).toContain('{"type":"text","text":"<!channel> *bold* :tada:","style":{"bold":true}}');
  expect(slackProblems(post)).toEqual([]);
});

test("a chart within Slack's limits is Slack's own, with one value for each category", () => {
  expect(ofType(renderSlack(withChart(chart(series(3))), files), "data_visualization")).toEqual([
    {
      type: "data_visualization",
      title: "By week",
      chart: {
        type: "line",
        series: [
          {
            name: "Flights",
            data: [
              { label: "week 1", value: 100 },
              { label: "week 2", value: 101 },
              { label: "week 3", value: 102 },
            ],
          },
        ],
        axis_config: { categories: ["week 1", "week 2", "week 3"], x_label: "Week", y_label: "Flights" },
      },
    },
  ]);
});

test("a part of a whole is a pie", () => {
  const post = renderSlack(withChart(chart(series(3, { mark: "arc" }))), files);
  expect(ofType(post, "data_visualization")[0]).toMatchObject({
    chart: { type: "pie", segments: [{ label: "week 1", value: 100 }, {}, {}] },
  });
});

const RATE = { prefix: "", suffix: "%", factor: 100, decimalsMin: 1, decimalsMax: 1, isGrouped: false };

test("dates along an axis are in words where these are short enough for Slack", () => {
  const dated = (xs: readonly string[], grain: "month" | "week") =>
    ofType(
      renderSlack(
        withChart(chart(series(0, { grain, series: [{ name: "a", points: xs.map((x, y) => ({ x, y })) }] }))),
        files,
      ),
      "data_visualization",
    )[0];
  expect(dated(["2026-10", "2026-11"], "month")).toMatchObject({
    chart: { axis_config: { categories: ["October", "November"] } },
  });
  expect(dated(["2026-09-28", "2026-10-05"], "week")).toMatchObject({
    chart: { axis_config: { categories: ["2026-09-28", "2026-10-05"] } },
  });
});

test("a rate is shown in percent, also where it is pivoted, and an amount with its currency: Slack formats nothing", () => {
  const points = [0.041, 0.057].map((y, index) => ({ x: `w${index}`, y }));
  const rates = ["Delta", "United"].map((name) => ({ name, points }));
  const drawn = series(0, { yLabel: "Cancelled rate", style: RATE, series: rates });
  expect(ofType(renderSlack(withChart(chart(drawn)), files), "data_visualization")[0]).toMatchObject({
    chart: {
      series: [
        { name: "Delta", data: [{ value: 4.1 }, { value: 5.7 }] },
        { name: "United", data: [{ value: 4.1 }, { value: 5.7 }] },
      ],
      axis_config: { y_label: "Cancelled rate (%)" },
    },
  });
  const dollars = series(2, { yLabel: "Sales", style: { ...RATE, prefix: "$", suffix: "K", factor: 0.001 } });
  expect(ofType(renderSlack(withChart(chart(dollars)), files), "data_visualization")[0]).toMatchObject({
    chart: { series: [{ data: [{ value: 100 }, { value: 101 }] }], axis_config: { y_label: "Sales ($)" } },
  });
});

test("a chart in words has its values as their column writes them", () => {
  const points = [0.041, 0.2459].map((y, index) => ({ x: `w${index}`, y }));
  const drawn = series(0, { style: RATE, mark: "point", series: [{ name: "Rate", points }] });
  expect(said(renderSlack(withChart(chart(drawn, null))))).toContain("w0 4.1% · w1 24.6%");
});

test.each([
  ["21 points", series(21)],
  [
    "seven lines",
    series(0, {
      series: "abcdefg".split("").map((name) => ({ name, points: series(2).series[0]?.points ?? [] })),
    }),
  ],
  [
    "a label of 21 characters",
    series(0, {
      series: [
        {
          name: "a",
          points: [
            { x: "x".repeat(21), y: 1 },
            { x: "b", y: 2 },
          ],
        },
      ],
    }),
  ],
  [
    "a value that is missing",
    series(0, {
      series: [
        {
          name: "a",
          points: [
            { x: "a", y: 1 },
            { x: "b", y: null },
          ],
        },
      ],
    }),
  ],
  ["points", series(3, { mark: "point" })],
  ["a line of one point", series(1)],
  [
    "stacked areas",
    series(0, {
      mark: "area",
      series: ["a", "b"].map((name) => ({ name, points: series(2).series[0]?.points ?? [] })),
    }),
  ],
  ["a slice of nothing", series(0, { mark: "arc", series: [{ name: "a", points: [{ x: "a", y: 0 }] }] })],
  ["shares in a pie", series(3, { mark: "arc", style: RATE })],
  ["rates and counts", series(3, { style: null })],
  ["a whole Vega-Lite spec", null],
])("%s: the picture is shown instead, with its alt text", (_what, drawn) => {
  const post = renderSlack(withChart(chart(drawn)), files);
  expect(ofType(post, "data_visualization")).toEqual([]);
  expect(ofType(post, "image")).toEqual([
    { type: "image", slack_file: { id: "F0123ABCD" }, alt_text: "Words of chart.png." },
  ]);
  expect(post.text).toContain("By week: Words of chart.png.");
});

test("if the picture is not at Slack either, its alt text is shown", () => {
  const post = renderSlack(withChart(chart(series(21))));
  expect(ofType(post, "image")).toEqual([]);
  expect(said(post)).toContain("Words of chart.png.");
});

test("without any picture, the chart's values are in words", () => {
  const post = renderSlack(withChart(chart(series(3, { mark: "point" }), null)));
  expect(said(post)).toContain("week 1 100 · week 2 101 · week 3 102");
});

test("the marks of cells are explained in fixed-width text too", () => {
  const emphasis = [{ column: 1, when: { operator: ">", operand: 0 } }] as const;
  const show = { kind: "table", emphasis } as const;
  const post = renderSlack(message([section("A", routes(3)), section("B", routes(30), { show })]));
  expect(said(post)).toContain("* Measure 1 > 0");
});

test("the third chart is a picture: Slack takes two", () => {
  const of = message(
    ["a", "b", "c"].map((title) => section(title, flights, { show: chart(series(3)) })),
    { pictures: [picture("chart.png")] },
  );
  const post = renderSlack(of, files);
  expect([ofType(post, "data_visualization").length, ofType(post, "image").length]).toEqual([2, 1]);
});

test("what Looker draws is a picture, and without one its table is shown", () => {
  const of = message([section("Map", routes(3), { show: { kind: "image", picture: "chart.png" } })], {
    pictures: [picture("chart.png")],
  });
  expect(ofType(renderSlack(of, files), "image")).toHaveLength(1);
  expect(ofType(renderSlack(of), "data_table")).toHaveLength(1);
});

const changes = (over: Partial<Changes> = {}): Changes => ({
  since: "2026-11-09T13:00:00.000Z",
  key: [0],
  added: [[text("Delta"), number(3)]],
  gone: [[text("US Airways"), number(2)]],
  moved: [{ now: [text("United"), number(1_350)], was: [null, number(1_200)] }],
  counts: { added: 9, gone: 1, moved: 1, same: 40 },
  ...over,
});
const carriers = table([column("Carrier"), column("Flights", true)], [[text("Delta"), number(3)]]);

test("changes are lines: new, gone, moved with old and new value, and how many more", () => {
  const post = renderSlack(
    message([section("Changes", carriers, { show: { kind: "changes", changes: changes() } })]),
  );
  const summary = "9 new, 1 gone, 1 moved of 50 rows since 9 Nov 2026.";
  for (const phrase of [
    summary,
    "New",
    "Delta",
    "  Flights 3",
    "8 more rows",
    "US Airways",
    "  Flights 1,200 → 1,350",
  ])
    expect(said(post)).toContain(phrase);
  expect(post.text).toContain(`Changes: ${summary}`);
});

test("no changes, and nothing to compare with yet, are stated", () => {
  const none = { added: [], gone: [], moved: [], counts: { added: 0, gone: 0, moved: 0, same: 3 } };
  const of = (shown: Changes) =>
    said(renderSlack(message([section("C", carriers, { show: { kind: "changes", changes: shown } })])));
  expect(of(changes(none))).toContain("No changes since 9 Nov 2026: all 3 rows are as they were.");
  expect(of(changes({ ...none, since: null }))).toContain("There is no earlier report to compare with yet.");
});

test("an author's Markdown is rich text", () => {
  const post = renderSlack(
    message([words("Notes", "Fog on **Tuesday**, see [it](https://example.com/i).\n\n- ATL\n- <!channel>")]),
  );
  expect(said(post)).toContain('{"type":"text","text":"Tuesday","style":{"bold":true}}');
  expect(said(post)).toContain('{"type":"link","url":"https://example.com/i","text":"it"}');
  expect(said(post)).toContain("rich_text_list");
  expect(slackProblems(post)).toEqual([]);
});

test("the period is below the title; when it was due and read, and whom to ask, is at the end", () => {
  const of = message([section("A", routes(3)), section("B", routes(3))], { period: "9 to 15 November 2026" });
  const post = renderSlack(of);
  expect(post.blocks[1]).toMatchObject({ type: "context", elements: [{ text: "9 to 15 November 2026" }] });
  expect(post.blocks.at(-1)).toMatchObject({
    elements: [
      {
        text: "Due Monday 16 November 2026, 08:00 EST · Run by Looker at 08:00 EST · Questions? flight-ops@example.com · Report weekly-delays · run run-7f3a · sent by lookpost",
      },
    ],
  });
  expect(said(post).match(/Run by Looker/g)).toHaveLength(1);
});

test("marked cells have a mark, keep their link, and numbers still sort", () => {
  const shown = table(
    [column("Carrier"), column("Rate", true)],
    [
      [text("Delta", "https://looker.example.com/carriers/1"), number(0.07, "7.0%")],
      [text("United"), number(0.02, "2.0%")],
    ],
  );
  const emphasis = [{ column: 1, when: { operator: ">", operand: 0.05 } }] as const;
  const post = renderSlack(message([section("A", shown, { show: { kind: "table", emphasis } })]));
  const [block] = ofType(post, "data_table");
  expect(block?.rows).toEqual([
    [expect.anything(), expect.anything()],
    [expect.objectContaining({ type: "rich_text" }), { type: "raw_number", value: 0.07, text: "● 7.0%" }],
    [
      { type: "raw_text", text: "United" },
      { type: "raw_number", value: 0.02, text: "2.0%" },
    ],
  ]);
  expect(said(post)).toContain("https://looker.example.com/carriers/1");
  expect(said(post)).toContain("● Rate > 0.05");
});

test("files that can be fetched are links, with size, rows and until when", () => {
  const downloads = [
    {
      filename: "all.csv",
      url: "https://lookpost.example.com/d/abc",
      bytes: 64_000_000,
      rows: 1_200_000,
      sections: [0],
      expiresAt: "2026-11-23T13:00:00.000Z",
    },
  ];
  const post = renderSlack(message([section("A", routes(3))], { downloads }));
  expect(said(post)).toContain('{"type":"link","url":"https://lookpost.example.com/d/abc","text":"all.csv"}');
  expect(said(post)).toContain("1,200,000 rows, 64 MB");
});

test("addresses too long for them all leave out files, by their number, and not the sections", () => {
  const downloads = Array.from({ length: 12 }, (_, index) => ({
    filename: `part-${index}.csv`,
    url: `https://lookpost.example.com/d/${"x".repeat(700)}`,
    bytes: 1_000,
    rows: null,
    sections: [0],
    expiresAt: "2026-11-23T13:00:00.000Z",
  }));
  const post = renderSlack(message([section("A", routes(3))], { downloads }));
  expect(said(post)).toContain("part-1.csv");
  expect(said(post)).toContain("and 10 more files to download");
  expect(ofType(post, "data_table")).toHaveLength(1);
});

test("an address that is too long once it is escaped is left out as a link, and the table stays", () => {
  const url = `https://looker.example.com/x?${"a&".repeat(900)}`;
  const post = renderSlack(message([section("A", { ...routes(3), rowCount: 46 }, { url })]));
  expect(said(post)).not.toContain("See all");
  expect(said(post)).toContain("Open in Looker");
  expect(ofType(post, "data_table")).toHaveLength(1);
});

const full = message(
  [
    section("Flights", flights, { show: kpi() }),
    section("By week", flights, { show: chart(series(3)) }),
    section("Routes", routes(30)),
  ],
  {
    intro: "Good morning.",
    pictures: [picture("chart.png")],
    artifacts: [artifact("delays.csv", 30, { section: 2 })],
  },
);

test("a step down: the older table, and words in place of charts and pictures", () => {
  const post = renderSlack(full, files, 1);
  expect(new Set(post.blocks.map(({ type }) => type))).toEqual(
    new Set(["header", "context", "rich_text", "table"]),
  );
  expect(said(post)).toContain("Words of chart.png.");
  expect(slackProblems(post)).toEqual([]);
  expect(checkBlocks(post.blocks).list).toEqual([]);
});

test("the last step is the text alone, and says all that matters", () => {
  const post = renderSlack(full, files, 2);
  expect(post.blocks).toEqual([]);
  for (const phrase of [
    "Weekly flight delays",
    "Good morning.",
    "12,431",
    "Words of chart.png.",
    "Routes: 30 rows",
    "<https://looker.example.com/explore/faa/flights?qid=abc&amp;toggle=dat|Open in Looker>",
    "File: delays.csv (30 rows, 1.1 MB)",
    "Report weekly-delays · run run-7f3a · sent by lookpost",
  ])
    expect(post.text).toContain(phrase);
  expect(slackProblems(post)).toEqual([]);
});

const hostile = HOSTILE.map((evil): Message["sections"][number] =>
  section(
    evil,
    table(
      [column(evil), column("n", true)],
      [
        [text(evil, evil), number(Number.NaN, evil)],
        [NULL, NULL],
      ],
    ),
    {
      show: kpi({ label: evil, value: evil, of: evil, withoutChange: evil, change: null }),
    },
  ),
);
const all = HOSTILE.join(" ");
const everyKind: Message["sections"] = [
  ...hostile,
  section(all, carriers, {
    show: chart(
      series(0, {
        xLabel: all,
        yLabel: all,
        series: [{ name: all, points: HOSTILE.map((x, y) => ({ x, y })) }],
      }),
      all,
    ),
  }),
  section(all, carriers, { show: { kind: "image", picture: all } }),
  section(all, carriers, {
    show: { kind: "changes", changes: changes({ added: HOSTILE.map((evil) => [text(evil), text(evil)]) }) },
  }),
  words(all, all, HOSTILE),
];

test.each([0, 1, 2] as const)(
  "hostile words in every kind of section are within Slack's limits at step %i",
  (step) => {
    const of = message(everyKind, {
      period: all,
      notices: HOSTILE,
      pictures: [picture(all, all)],
      downloads: HOSTILE.map((evil) => ({
        filename: evil,
        url: `https://x.example/?q=${encodeURIComponent(evil.toWellFormed())}`,
        bytes: 1,
        rows: null,
        sections: [],
        expiresAt: "2026-11-23T13:00:00.000Z",
      })),
    });
    const post = renderSlack(of, new Map([[all, "F0123ABCD"]]), step);
    expect(slackProblems(post)).toEqual([]);
    expect(checkBlocks(post.blocks).list).toEqual([]);
    expect(JSON.stringify(post)).not.toMatch(/"type":"(user|broadcast|channel)"/);
  },
);

test("a hundred charts and pictures, and Markdown without end, step down rather than fail", () => {
  const of = message(
    Array.from({ length: 100 }, (_, index) =>
      section(
        `Part ${index}`,
        flights,
        { show: chart(series(20)) },
        { text: "# a\n\n- b\n\n> c\n\n".repeat(200) },
      ),
    ),
    { pictures: [picture("chart.png", "x".repeat(4_000))] },
  );
  const post = renderSlack(of, files);
  expect(slackProblems(post)).toEqual([]);
  expect(said(post)).toContain("Too much for one message, so not shown here:");
});

test("cells of right-to-left letters are isolated from what is next to them", () => {
  const cities = table(
    [column("עיר"), column("Flights", true)],
    [
      [text("שלום, עולם"), number(12)],
      [text("Ulm"), number(7)],
    ],
  );
  const posted = JSON.stringify(renderSlack(message([section("Cities", cities)])));
  expect(posted).toContain("\u2068שלום, עולם\u2069");
  expect(posted).toContain("\u2068עיר\u2069");
  expect(posted).toContain('"Ulm"');
});

test("right-to-left names of files, sections and columns are isolated in what is said of them", () => {
  const shown = table([column("עיר"), column("טיסות", true)], [[text("לוד"), number(7)]], {
    totals: [NULL, number(7)],
  });
  const figure = section("טיסות", flights, { show: kpi() });
  const of = message([figure, section("ערים", shown)], {
    artifacts: [artifact("דוח.csv", 3)],
    notices: ["\u2068דוח.csv\u2069 is too large to attach."],
  });
  const post = renderSlack(of);
  const isolated = (words: string) => `\u2068${words}\u2069`;
  expect(said(post)).toContain(`Files: ${isolated("דוח.csv")} (3 rows, 1.1 MB)`);
  expect(said(post)).toContain(`⚠ ${isolated("דוח.csv")} is too large to attach.`);
  expect(said(post)).toContain(`Totals: ${isolated("טיסות")} 7`);
  expect(said(post)).toContain(`" ${isolated("טיסות")}, week from 9 November"`);
  expect(post.text).toContain(`${isolated("טיסות")}, week from 9 November: 12,431.`);
});

test("a table's caption is the section's title, and how many rows there are where the title stands above it", () => {
  const captions = (of: Message) => ofType(renderSlack(of), "data_table").map(({ caption }) => caption);
  expect(captions(message([section("Routes", routes(3))]))).toEqual(["Routes"]);
  const worded = section("Routes", { ...routes(3), rowCount: 46 }, { noun: "routes" }, { text: "Of *all*." });
  expect(captions(message([worded]))).toEqual(["3 of 46 routes"]);
  expect(captions(message([section("Weekly flight delays", routes(3))]))).toEqual(["3 rows"]);
});

test("what is new in a notice has an empty line above it: its steps, its facts, its last words", () => {
  const intro =
    "It failed.\n\nWhat to do\n\nInvite the bot.\n\n    lookpost retry 1\n\n  Next run\tMonday\n\nYou are told once a day.";
  const post = renderSlack(notice({ intro }));
  const parts = ofType(post, "rich_text").flatMap(
    ({ elements }) => elements as { elements: { text: string }[] }[],
  );
  expect(parts.map(({ elements }) => elements.map(({ text }) => text).join(""))).toEqual([
    "It failed.\n",
    "What to do",
    "Invite the bot.",
    "lookpost retry 1",
    "Next run: Monday\n",
    "You are told once a day.",
  ]);
  expect(slackProblems(post)).toEqual([]);
});

test("a notification begins with title and lead, in at most 300 characters of plain words", () => {
  const long = "A very long label ".repeat(6);
  const of = message(
    [
      section("Flights", flights, { show: kpi() }),
      section(long, flights, { show: kpi() }),
      section(long, flights, { show: kpi() }),
    ],
    { run: { ...message([]).run, title: `Weekly\u0007 ${"delays ".repeat(40)}` } },
  );
  const [first = "", ...others] = renderSlack(of).text.split("\n");
  expect(first).toMatch(/^Weekly delays .*: Flights up 10\.7% to 12,431; /);
  expect(first.length).toBeLessThanOrEqual(300);
  expect(first).not.toMatch(/[^\P{Cc}]/u);
  expect(others.join("\n")).toContain("Flights, week from 9 November: 12,431.");
});

test("of headings and tables in an author's words, listeners get the words", () => {
  const post = renderSlack(message([words("Notes", "# Storm\n\n| a | b |\n| --- | --- |\n| 1 | 2 |")]));
  expect(post.text).toContain("Storm");
  expect(post.text).not.toMatch(/~~~|---|\|/);
});
