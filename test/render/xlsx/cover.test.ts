import { expect, test } from "vitest";
import type { Message } from "../../../src/core/model/message.ts";
import type { Result } from "../../../src/core/model/result.ts";
import type { Emphasis } from "../../../src/core/model/show.ts";
import { xlsxFormat } from "../../../src/render/xlsx/format.ts";
import { xlsxOptions } from "../../../src/render/xlsx/schema.ts";
import { sheetNames } from "../../../src/render/xlsx/sheet-names.ts";
import { inputOf, largeCsv, made, result } from "../file-input.ts";
import { column, number, routes, section, table, text } from "../sample.ts";
import { hasPython, readBook, valuesOf } from "./read.ts";

const read = test.skipIf(!hasPython);

async function book(
  results: Record<string, Result>,
  message: (given: Message) => Message = (given) => given,
) {
  const input = await inputOf(results);
  const { artifact } = await made(
    xlsxFormat,
    { ...input, message: message(input.message) },
    xlsxOptions.parse({}),
  );
  return readBook(artifact.file.path).sheets;
}

const of = (rows: number, query: string, more: Partial<Result> = {}) =>
  result(routes(rows), { url: `https://looker.example.com/x/${query}`, ...more });

read(
  "a workbook of several sheets begins with what they are, with links and filters (needs python3)",
  async () => {
    const sheets = await book(
      {
        "O'Hare": of(3, "a", {
          applied: {
            fields: [
              { label: "Carrier Name", type: "string", expression: "Delta,-=HYPERLINK()" },
              { label: "Flight Date", type: "date_date", expression: "7 days ago for 7 days" },
              { label: "Empty", type: "string", expression: "" },
            ],
            expression: null,
          },
        }),
        Routes: of(12_431, "b"),
      },
      (given) => ({ ...given, period: "9 to 15 November 2026" }),
    );
    expect(sheets.map(({ name }) => name)).toEqual(["Contents", "O'Hare", "Routes"]);
    const [cover] = sheets;
    expect(valuesOf(cover).slice(0, 5)).toEqual([
      [expect.any(String)],
      ["9 to 15 November 2026"],
      [expect.stringMatching(/^Due Monday 16 November 2026, /)],
      ["Sheet", "What it shows", "Rows", "Filters", "Read in Looker"],
      [
        "O'Hare",
        "O'Hare",
        3,
        "Carrier Name is Delta, not =HYPERLINK()\nFlight Date is in the last 7 complete days",
        expect.stringMatching(/^\d+ \w+ 20\d\d, \d\d:\d\d/),
      ],
    ]);
    expect(valuesOf(cover)[5]?.slice(0, 4)).toEqual(["Routes", "Routes", 12_431, "none"]);
    expect(cover?.rows.slice(4).map((row) => row[0]?.link)).toEqual(["'O''Hare'!A1", "'Routes'!A1"]);
  },
);

read("a workbook of one sheet has no cover (needs python3)", async () => {
  expect((await book({ Routes: of(3, "a") })).map(({ name }) => name)).toEqual(["Routes"]);
});

read(
  "sections of one query share a sheet, and its line on the cover names each (needs python3)",
  async () => {
    const other = of(3, "a", { filters: { "flights.carrier": "AA" } });
    const sheets = await book({
      Figure: of(3, "a"),
      Table: of(3, "a"),
      Filtered: other,
      Elsewhere: of(3, "b"),
    });
    expect(sheets.map(({ name }) => name)).toEqual(["Contents", "Figure", "Filtered", "Elsewhere"]);
    expect(
      valuesOf(sheets[0])
        .slice(3)
        .map(([name, title]) => [name, title]),
    ).toEqual([
      ["Figure", "Figure\nTable"],
      ["Filtered", "Filtered"],
      ["Elsewhere", "Elsewhere"],
    ]);
  },
);

read("sections that show more or fewer rows of one large query share its sheet (needs python3)", async () => {
  const csv = await largeCsv({ raw: "Route,Late\nATL,3\nJFK,12\n" }, ["Route", "Late"]);
  const columns = [column("Route"), column("Late", true)];
  const shown = (rows: number, sha256: string) => {
    const head = [
      [text("ATL"), number(3)],
      [text("JFK"), number(12)],
    ].slice(0, rows);
    const raw = csv.raw && { ...csv.raw, sha256 };
    return result(table(columns, head, { rowCount: 2 }), { csv: { ...csv, raw } });
  };
  const sheets = await book({ Chart: shown(2, "a"), Table: shown(1, "a"), Later: shown(1, "b") });
  expect(sheets.map(({ name }) => name)).toEqual(["Contents", "Chart", "Later"]);
});

read(
  "cells that stand out in the message do in the workbook, of a large result too (needs python3)",
  async () => {
    const columns = [column("Route"), column("Late", true)];
    const rows = [
      [text("ATL"), number(3)],
      [text("JFK"), number(12)],
      [text("ORD"), { value: null, rendered: "" }],
    ];
    const emphasis: Emphasis[] = [
      { column: 1, when: { operator: ">", operand: 10 } },
      { column: 0, when: { operator: "=", operand: "ORD" } },
    ];
    const small = result(table(columns, rows));
    const csv = await largeCsv({ raw: "Route,Late\nATL,3\nJFK,12\nORD,\n" }, ["Route", "Late"]);
    for (const one of [small, { ...small, csv }]) {
      const [sheet] = await book({ Delays: one }, (given) => {
        const shown = section("Delays", small.table);
        const data = shown.data && { ...shown.data, show: { kind: "table" as const, emphasis } };
        return { ...given, sections: [{ ...shown, data }] };
      });
      const marked = sheet?.rows.map((row) =>
        [0, 1].map((at) => row[at]?.fill === "FFFDEFC9" && row[at]?.bold),
      );
      expect(marked).toEqual([
        [false, false],
        [false, false],
        [false, true],
        [true, false],
      ]);
    }
  },
);

read(
  "what stands out in any of the sections of one sheet does there, each by its own marks (needs python3)",
  async () => {
    const columns = [column("Route"), column("Late", true)];
    const marking = (at: number) => {
      const rows = ["ATL", "JFK"].map((name, index) => [
        text(name),
        { ...number(index), ...(at === index && { marks: ["mark-1"] }) },
      ]);
      return result(table(columns, rows));
    };
    const emphasis: Emphasis[] = [{ column: 1, when: { mark: "mark-1", words: "(the largest)" } }];
    const withEmphasis = (given: Message): Message => ({
      ...given,
      sections: given.sections.map((one, index) =>
        index === 0 || one.data === null
          ? one
          : { ...one, data: { ...one.data, show: { kind: "table", emphasis } } },
      ),
    });
    const results = {
      Figure: result(table(columns, marking(2).table.rows)),
      Most: marking(1),
      Least: marking(0),
    };
    const marked = async (...names: (keyof typeof results)[]) => {
      const [sheet] = await book(
        Object.fromEntries(names.map((name) => [name, results[name]])),
        withEmphasis,
      );
      return sheet?.rows.flatMap((row, at) => (row[1]?.fill === "FFFDEFC9" ? [at] : []));
    };
    expect(await marked("Figure", "Most")).toEqual([2]);
    expect(await marked("Figure", "Least")).toEqual([1]);
    expect(await marked("Least", "Most")).toEqual([2]);
  },
);

read("long headings are wrapped, in a row as high as their lines (needs python3)", async () => {
  const heading = "Average Departure Delay in Minutes of Flights that Left";
  const columns = [column("Day"), column(heading, true)];
  const [sheet] = await book({ Delays: result(table(columns, [[text("Mon"), number(4)]])) });
  expect(sheet?.widths[1]).toBeLessThan(40);
  expect(sheet?.heights[0]).toBe(36);
  expect((await book({ Short: of(1, "a") }))[0]?.heights[0]).toBe(21);
});

test("names of sheets are shortened between words, and where titles begin alike they keep their ends", () => {
  const alike = [
    "Average departure delay of flights by carrier",
    "Average departure delay of flights by airport",
  ];
  const titles = [...alike, "Passengers on routes between the coasts", "日本".repeat(20), "x".repeat(40)];
  const name = sheetNames(titles);
  expect(titles.map(name)).toEqual([
    "Average departure… by carrier",
    "Average departure… by airport",
    "Passengers on routes between…",
    `${"日本".repeat(15)}…`,
    `${"x".repeat(30)}…`,
  ]);
  expect(name(alike[0] ?? "")).toBe("Average departure delay of… (2)");
  expect(name("Short")).toBe("Short");
  // What is the same to a spreadsheet that tells no case.
  expect(["ΟΔΟΣ", "οδος", "Café", "cafe\u0301", "history"].map(name)).toEqual([
    "ΟΔΟΣ",
    "οδος (2)",
    "Café",
    "cafe\u0301 (2)",
    "history (2)",
  ]);
});
