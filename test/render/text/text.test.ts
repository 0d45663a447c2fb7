import { expect, test } from "vitest";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { renderMail } from "../../../src/render/mail/mail.ts";
import { clipWidth, displayWidth } from "../../../src/render/text/display-width.ts";
import { textTable } from "../../../src/render/text/table.ts";
import { LINTED } from "../../look/samples.ts";
import { artifact, column, HOSTILE, message, NULL, number, routes, section, table, text } from "../sample.ts";

const BOUNDS = { rowsMax: 50, widthMax: 100, cellWidthMax: 40, phrases: ENGLISH };

test("columns line up, numbers to the right, in the width that a terminal gives to CJK and emoji", () => {
  const rows = [
    [text("東京"), number(5), text("ok")],
    [text("Zürich 🇨🇭"), number(12_431), NULL],
    [text("e\u0301te\u0301"), number(-7), text("👩‍👩‍👧‍👦")],
  ];
  const { lines } = textTable(
    table([column("Airport"), column("Flights", true), column("Note")], rows),
    BOUNDS,
  );
  expect(lines).toEqual([
    "Airport    Flights  Note",
    "---------  -------  ----",
    "東京             5  ok",
    "Zürich 🇨🇭   12,431",
    "e\u0301te\u0301             -7  👩‍👩‍👧‍👦",
  ]);
});

test("a cell of right-to-left letters is isolated, and takes the width of its letters", () => {
  const { lines } = textTable(
    table(
      [column("City"), column("Flights", true)],
      [
        [text("שלום, עולם"), number(12)],
        [text("Ulm"), number(7)],
      ],
    ),
    BOUNDS,
  );
  expect(lines.slice(2)).toEqual(["\u2068שלום, עולם\u2069       12", "Ulm               7"]);
});

test("totals are below a rule and are named", () => {
  const whole = table([column("Origin"), column("N", true)], [[text("ATL"), number(1_000)]], {
    totals: [NULL, number(1_000)],
  });
  expect(textTable(whole, BOUNDS).lines.slice(-2)).toEqual(["------  -----", "Total   1,000"]);
});

test("a wide table keeps whole columns within the width, and at least one", () => {
  const { lines, columnsShown } = textTable(routes(3, 30), BOUNDS);
  expect(columnsShown).toBeGreaterThan(3);
  expect(columnsShown).toBeLessThan(12);
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(100);
  const one = table([column("A"), column("B")], [[text("x".repeat(90)), text("y")]]);
  expect(textTable(one, { ...BOUNDS, widthMax: 10 }).columnsShown).toBe(1);
});

test("a table that is too wide has its labels broken, and a pivot its values once above their columns", () => {
  const months = ["Sep 2026", "Oct 2026"];
  const pivot = table(
    [
      column("Origin"),
      ...months.flatMap((month) => [
        column("Flights", true, [month]),
        column("Delayed flights", true, [month]),
      ]),
    ],
    [
      [text("ATL"), number(812), number(92), number(843), number(97)],
      [text("東京"), number(1), number(2), number(3), number(4)],
    ],
    { pivotLabels: ["Month"] },
  );
  expect(textTable(pivot, { ...BOUNDS, widthMax: 50 }).lines).toEqual([
    "        Sep 2026          Oct 2026",
    "                 Delayed           Delayed",
    "Origin  Flights  flights  Flights  flights",
    "------  -------  -------  -------  -------",
    "ATL         812       92      843       97",
    "東京          1        2        3        4",
  ]);
  expect(textTable(pivot, { ...BOUNDS, widthMax: 120 }).lines).toHaveLength(4);
});

test("a pivot over time that is too wide even so keeps its latest columns, and says so", () => {
  const months = Array.from({ length: 12 }, (_, index) => `2026-${String(index + 1).padStart(2, "0")}`);
  const pivot = table(
    [column("Origin"), ...months.map((month) => column("Flights", true, [month]))],
    [[text("ATL"), ...months.map((_, index) => number(1_000 * index))]],
    { pivotLabels: ["Month"] },
  );
  const { text: body } = renderMail(message([section("By month", pivot)]));
  expect(body).toContain("2026-12");
  expect(body).not.toContain("2026-01");
  expect(body).toContain("The latest columns are shown.");
  expect(body).toContain("of 13 columns");
});

test("changes that are too wide for a table are items, with the name of each value", () => {
  const whole = routes(1, 8);
  const moved = [
    { now: whole.rows[0] ?? [], was: whole.columns.map((_, index) => (index === 0 ? null : number(12_345))) },
  ];
  const counts = { added: 0, gone: 0, moved: 1, same: 0 };
  const changes = { since: "2026-11-09T13:00:00.000Z", key: [0], added: [], gone: [], moved, counts };
  const { text: body } = renderMail(
    message([section("Routes", whole, { show: { kind: "changes", changes } })]),
  );
  expect(body).toContain("Moved (1)\n- ATL-00000: Measure 1 12,345 → -300 (-12,645),");
  expect(body.replace(/\n +/g, " ")).toContain("Measure 7 12,345 → -300");
});

test("text is clipped by width at whole characters, with an ellipsis", () => {
  expect(clipWidth("日本語の文字", 7)).toBe("日本語…");
  expect(clipWidth("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 3)).toBe("👩‍👩‍👧‍👦…");
  expect(clipWidth("exactly", 7)).toBe("exactly");
});

test("the text part has everything that the HTML part has", () => {
  const sections = [
    section(
      "Delay by carrier",
      { ...routes(50), rowCount: 12_431 },
      { fromCache: true },
      { notices: ["Two labels repeat."] },
    ),
    section("Nothing here", table([column("A")], [])),
    section("Wide", routes(4, 30)),
    section(
      "Only the file",
      { ...routes(3), rowCount: 5_000, rowCountIsExact: false },
      { show: { kind: "none" } },
    ),
  ];
  const files = [artifact("delays.csv", 12_431), artifact("log.csv", 5_000, { section: 3 })];
  const { text: body } = renderMail(
    message(sections, { intro: "Good morning.", notices: ["big.csv is too large."], artifacts: files }),
  );
  for (const words of [
    "Weekly flight delays\n====================\n\nGood morning.",
    "Due Monday 16 November 2026, 08:00 EST · Run by Looker at 08:00 EST ·",
    "Good morning.",
    "Note: big.csv is too large.",
    "Delay by carrier\n----------------\n\n",
    "Delay by carrier: from Looker’s cache, run at 08:00 EST",
    "50 of 12,431 rows.\nThe full data is attached.",
    "Open in Looker: https://looker.example.com/explore/faa/flights?qid=abc&toggle=dat",
    "Note: Two labels repeat.",
    "No rows: the query returned nothing for its filters.",
    "of 30 columns",
    "The first 5,000 rows.\n",
    "All 5,000 rows that Looker returned are attached.",
    "  delays.csv (12,431 rows, 1.1 MB)",
    "Questions? flight-ops@example.com",
    "Report weekly-delays, run run-7f3a",
  ])
    expect(body).toContain(words);
  expect(body).not.toMatch(/undefined|null|\[object/);
});

test("hostile cells stay on their own line and bring no control characters", () => {
  const rows = HOSTILE.map((hostile, index) => [text(hostile), number(index)]);
  const { text: body } = renderMail(
    message([section("Hostile", table([column("Cell"), column("N", true)], rows))]),
  );
  const lines = body.split("\n");
  const rule = lines.findIndex((line) => /^-+ {2}-+$/.test(line));
  expect(
    lines.slice(rule + 1, rule + 1 + HOSTILE.length).map((line) => Number(line.trimEnd().split(" ").at(-1))),
  ).toEqual(HOSTILE.map((_, index) => index));
  expect(body).not.toMatch(/[^\P{Cc}\n]/u);
});

test.each(Object.entries(LINTED))(
  "no line of the %s digest is wider than 72 columns, addresses apart",
  (_, of) => {
    const { text: body } = renderMail({ ...of, intro: null });
    const wide = body.split("\n").filter((line) => displayWidth(line) > 72 && !line.includes("://"));
    expect(wide).toEqual([]);
    expect(body).not.toMatch(/undefined|\[object|NaN/);
  },
);

test("many large sections stay within the limit, and what is left out is stated", () => {
  const whole = routes(2_000, 10);
  const sections = Array.from({ length: 60 }, (_, index) =>
    section(`Part ${index}`, whole, { rowsShown: 2_000 }),
  );
  const { text: body } = renderMail(message(sections));
  expect(body.length).toBeLessThan(90_000);
  expect(body).toContain("Part 59");
  expect(body).toMatch(/\d+ of 2,000 rows/);
});

test("so do words whose links are longer than all of them, and changes in three groups", () => {
  const link = `[a](https://x.example/${"a".repeat(1_900)})`;
  const reference = `${"[a][b] ".repeat(190)}\n\n[b]: https://x.example/${"b".repeat(1_900)}`;
  const rows = routes(500, 10);
  const all = { added: rows.rows, gone: rows.rows, moved: [] };
  const changes = {
    since: "2026-11-09T13:00:00.000Z",
    key: [0],
    counts: { added: 500, gone: 500, moved: 0, same: 0 },
    ...all,
  };
  const sections = Array.from({ length: 40 }, (_, index) => ({
    ...section(`Part ${index}`, rows, { show: { kind: "changes", changes }, rowsShown: 500 }),
    text: index % 2 === 0 ? link.repeat(5) : reference,
  }));
  const { text: body } = renderMail(message(sections));
  expect(body.length).toBeLessThan(90_000);
  expect(body).toContain("The text goes on; it is cut off here.");
  expect(body).toMatch(/\d+ more sections do not fit into this message/);
});

test("right-to-left names of files and sections do not reorder the sentences that they are in", () => {
  const name = "דוח.csv";
  const made = message([section("ערים", { ...routes(3), rowCount: 46 })], {
    artifacts: [artifact(name, 46)],
    notices: [`\u2068${name}\u2069 (1 GB, 46 rows) is too large to attach here (limit 18 MB).`],
  });
  const { text: body } = renderMail(made);
  expect(body).toContain(`  \u2068${name}\u2069 (46 rows, 1.1 MB)`);
  expect(body).toContain(
    `Note: \u2068${name}\u2069 (1 GB, 46 rows) is too large to attach here (limit 18 MB).`,
  );
});
