import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import type { ResultFormat } from "../../../src/sandbox/warehouse/contract.ts";
import { HOSTILE_ROWS } from "../../../src/sandbox/warehouse/dataset.ts";
import { modelLinks } from "../../../src/sandbox/warehouse/model/drill-links.ts";
import { findField } from "../../../src/sandbox/warehouse/model/model.ts";
import { findExplore } from "../../../src/sandbox/warehouse/model/models.ts";
import { detail, flights, OPTIONS, sum, text } from "./flights.ts";

const query = {
  fields: [
    "flights.is_delayed",
    "flights.count",
    "flights.average_long_delay",
    "flights.delayed_rate",
    "flights.fuel_cost",
  ],
  sorts: ["flights.is_delayed"],
};
const late = flights.filter(({ delay }) => delay > 15);
const onTime = flights.filter(({ delay }) => delay <= 15);
const cost = (group: readonly { distance: number }[]) => sum(group.map(({ distance }) => distance)) * 5.25;
const dollars = (amount: number) => `$${amount.toLocaleString("en-US", { minimumFractionDigits: 2 })}`;
const meanDelay = sum(late.map(({ delay }) => delay)) / late.length;
const formatted = { applyFormatting: true };
const count = (group: readonly unknown[]) => group.length.toLocaleString("en-US");
const shown = [
  ["No", count(onTime), "", "0.0%", dollars(cost(onTime))],
  ["Yes", count(late), `${meanDelay.toFixed(1)} min`, "100.0%", dollars(cost(late))],
];
const labels = [
  "Flights Is Delayed (Yes / No)",
  "Flights Count",
  "Flights Average Long Delay",
  "Flights Delayed Rate",
  "Flights Fuel Cost",
];

describe("csv", () => {
  test("has labels, line feeds, raw values, and nothing for null", () => {
    expect(text(query).split("\n")).toEqual([
      labels.join(","),
      `No,${onTime.length},,0,${cost(onTime)}`,
      `Yes,${late.length},${meanDelay},1,${cost(late)}`,
      "",
    ]);
  });

  test("with formatting has every cell as it is shown", () => {
    expect(parse(text(query, "csv", formatted))).toEqual([labels, ...shown]);
  });

  test("leaves the column totals out", () => {
    expect(text({ ...query, total: true })).toBe(text(query));
  });

  test("an empty result is a header", () => {
    expect(text({ model: "sandbox", view: "empty", fields: ["empty.id", "empty.name"] })).toBe(
      "Empty ID,Empty Name\n",
    );
  });

  test("repeats a label that two fields share", () => {
    const fields = ["origin.country", "destination.country", "origin.name", "destination.name"];
    expect(text({ fields, limit: "0" })).toBe(
      "Airport Country,Airport Country,Origin Airport Name,Destination Airport Name\n",
    );
    const described = detail({ fields, limit: "0" }).fields.dimensions;
    expect(described.map((field) => field.label_short)).toEqual(["Country", "Country", "Name", "Name"]);
  });
});

describe("hostile cells", () => {
  const hostile = {
    model: "sandbox",
    view: "hostile",
    fields: ["hostile.id", "hostile.text", "hostile.amount"],
    sorts: ["hostile.id"],
  };
  const expected = HOSTILE_ROWS.map(([, value, amount], index) => [
    String(index + 1),
    String(value ?? ""),
    String(amount ?? ""),
  ]);

  test("come through CSV as they are, and so does a hostile label", () => {
    expect(parse(text(hostile), { relax_column_count: false })).toEqual([
      ["Hostile ID", 'Hostile Text, "quoted" & <b>bold</b>', "Hostile Amount"],
      ...expected,
    ]);
  });

  test("come through tab separated values as they are", () => {
    expect(parse(text(hostile, "txt"), { delimiter: "\t" }).slice(1)).toEqual(expected);
  });

  test("are text in HTML", () => {
    const html = text(hostile, "html");
    expect(html).toContain("<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>");
    expect(html).toContain("<th>Hostile Text, &quot;quoted&quot; &amp; &lt;b&gt;bold&lt;/b&gt;</th>");
    expect(html).not.toMatch(/<script|<img/);
  });

  test("stay within their cell in Markdown", () => {
    const lines = text(hostile, "md").trimEnd().split("\n");
    expect(lines).toHaveLength(HOSTILE_ROWS.length + 2);
    expect(lines[15]).toBe("| 14 | comma, semicolon; tab\tpipe \\| | 13 |");
  });

  test("keep nulls apart from empty text in JSON", () => {
    const rows: Record<string, unknown>[] = JSON.parse(text(hostile, "json"));
    expect(rows.map((row) => [row["hostile.text"], row["hostile.amount"]])).toEqual(
      HOSTILE_ROWS.map(([, value, amount]) => [value, amount]),
    );
  });

  test("can be found by a filter that quotes them", () => {
    const filters = { "hostile.text": '"comma, semicolon; tab\tpipe |",<script>%' };
    const rows: unknown[] = JSON.parse(text({ ...hostile, fields: ["hostile.id"], filters }, "json"));
    expect(rows).toEqual([{ "hostile.id": 7 }, { "hostile.id": 14 }]);
  });
});

test("txt has tabs and the same cells as CSV", () => {
  expect(parse(text(query, "txt", formatted), { delimiter: "\t" })).toEqual(
    parse(text(query, "csv", formatted)),
  );
});

test("md is a pipe table with numbers to the right, and names pivots in its one header line", () => {
  expect(text(query, "md", formatted).split("\n")).toEqual([
    `| ${labels.join(" | ")} |`,
    "| --- | ---: | ---: | ---: | ---: |",
    ...shown.map((row) => `| ${row.join(" | ")} |`),
    "",
  ]);
  const pivoted = text(
    { fields: ["flights.date_year", "flights.is_delayed", "flights.count"], pivots: ["flights.is_delayed"] },
    "md",
  );
  expect(pivoted.split("\n")[0]).toBe(
    "| Flights Departure Year | No - Flights Count | Yes - Flights Count |",
  );
});

test("html is a document with one table of the shown cells", () => {
  const html = text(query, "html", formatted);
  const lines = [...html.matchAll(/<tr>(.*)<\/tr>/g)].map(([, line]) =>
    line!.split(/<\/?t[hd][^>]*>/).filter((_, index) => index % 2 === 1),
  );
  expect(lines).toEqual([labels, ...shown]);
  expect(html.startsWith("<!DOCTYPE html>")).toBe(true);
});

test("json has raw values, or with formatting what is shown, and null either way", () => {
  expect(JSON.parse(text(query, "json"))[0]).toEqual({
    "flights.is_delayed": "No",
    "flights.count": onTime.length,
    "flights.average_long_delay": null,
    "flights.delayed_rate": 0,
    "flights.fuel_cost": cost(onTime),
  });
  expect(Object.values(JSON.parse(text(query, "json", formatted))[1])).toEqual(shown[1]);
  expect(JSON.parse(text({ ...query, limit: "0" }, "json"))).toEqual([]);
  expect(text(query, "inline_json")).toBe(text(query, "json"));
});

test("sql is the query, which the answer also gives by itself", () => {
  const sql = text(
    { fields: ["flights.origin", "flights.count"], filters: { "flights.origin": "O'Hare" }, limit: "7" },
    "sql",
  );
  expect(sql).toBe(
    'SELECT\n    flights.origin AS "flights.origin",\n    COUNT(*) AS "flights.count"\nFROM flights AS flights\n' +
      "WHERE (flights.origin = 'O''Hare')\nGROUP BY\n    1\nORDER BY\n    \"flights.count\" DESC\nLIMIT 7",
  );
});

test("json_bi has metadata, and rows of cells", () => {
  const body = JSON.parse(text({ ...query, filters: { "flights.origin": "DEN" } }, "json_bi"));
  expect(body.metadata.fields.measures).toHaveLength(4);
  expect(body.metadata.filters).toEqual({ "flights.origin": "DEN" });
  expect(body.rows.map((row: Record<string, object>) => row["flights.is_delayed"])).toEqual([
    { value: "No" },
    { value: "Yes" },
  ]);
});

describe("json_detail", () => {
  test("tells of the run in Looker's words", () => {
    const result = detail(
      { ...query, query_timezone: "America/New_York", filters: { "flights.origin": "DEN" } },
      { fromCache: true },
    );
    expect(result).toMatchObject({
      from_cache: true,
      id: OPTIONS.taskId,
      ran_at: "2026-11-21T10:20:30+00:00",
      runtime: "0.250",
      timezone: "America/New_York",
      number_format: "1,234.56",
      explore: { name: "flights", label: "Flights" },
      fill_fields: [],
      has_totals: false,
      has_row_totals: false,
      has_subtotals: false,
    });
    expect(result.applied_filters["flights.origin"]).toMatchObject({
      value: "DEN",
      field: { label: "Flights Origin" },
    });
    expect(result.sql_explain).toBe(`EXPLAIN ${result.sql}`);
  });

  test("renders only where formatting makes a difference", () => {
    const { data } = detail(query);
    expect(data[1]).toEqual({
      "flights.is_delayed": { value: "Yes" },
      "flights.count": { value: late.length, rendered: count(late) },
      "flights.average_long_delay": { value: meanDelay, rendered: `${meanDelay.toFixed(1)} min` },
      "flights.delayed_rate": { value: 1, rendered: "100.0%" },
      "flights.fuel_cost": { value: cost(late), rendered: dollars(cost(late)) },
    });
    expect(data[0]!["flights.average_long_delay"]).toEqual({ value: null });
  });

  test("links as the model says, relative and absolute, and drills only on request", () => {
    const drilled = {
      fields: ["flights.origin", "flights.date_month", "flights.count"],
      filters: { "flights.origin": "DEN" },
      limit: "1",
    };
    const [plain] = detail(drilled).data;
    expect(plain!["flights.origin"]!.links!.map(({ url }) => url)).toEqual([
      "/explore/faa/flights?fields=flights.destination,flights.count&f[flights.origin]=DEN",
      "https://airports.example/code/DEN",
    ]);
    expect(plain!["flights.count"]!.links).toBeUndefined();
    const [row] = detail(drilled, { generateDrillLinks: true }).data;
    expect(row!["flights.date_month"]!.links).toEqual([
      {
        label: "by Departure Week",
        url: "/explore/faa/flights?fields=flights.date_week,flights.count&f[flights.origin]=DEN&f[flights.date_month]=2026-11&limit=500",
        type: "drill",
        type_label: "Drill into 2026-11",
      },
    ]);
    expect(row!["flights.count"]!.links![0]!.url).toContain(
      "&f[flights.origin]=DEN&f[flights.date_month]=2026-11&limit=500",
    );
  });

  test("encodes a value in its link, and links no null", () => {
    const field = findField(findExplore("faa", "airports")!, "airports.code")!;
    const urls = modelLinks(field, "A&B C/é").map(({ url }) => url);
    expect(urls).toEqual([
      "/explore/faa/flights?fields=flights.destination,flights.count&f[flights.origin]=A%26B%20C%2F%C3%A9",
      "https://airports.example/code/A%26B%20C%2F%C3%A9",
    ]);
    expect(modelLinks(field, null)).toEqual([]);
  });

  test("has html with a value whose field defines it", () => {
    const [row] = detail({ fields: ["flights.delay_tier"], filters: { "flights.delay": ">60" } }).data;
    expect(row).toEqual({
      "flights.delay_tier": { value: "Over 1 h", html: '<span class="tier">Over 1 h</span>' },
    });
  });
});

test.each<ResultFormat>(["json", "json_detail", "csv", "txt", "html", "md"])(
  "%s can be read twice",
  (format) => {
    expect(text({ fields: ["flights.is_delayed"] }, format)).toBe(
      text({ fields: ["flights.is_delayed"] }, format),
    );
  },
);
