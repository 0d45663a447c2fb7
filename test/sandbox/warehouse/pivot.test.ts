import { describe, expect, test } from "vitest";
import { type Cell, detail, flights, rows, stateOf, text } from "./flights.ts";

type Nested = Record<string, Cell & Record<string, Cell>>;

const fields = ["flights.date_month", "flights.delay_tier", "flights.count", "flights.average_delay"];
const tierOf = (delay: number) =>
  delay <= 0 ? "On time" : delay <= 15 ? "Up to 15 min" : delay <= 60 ? "16 to 60 min" : "Over 1 h";
const tiers = ["On time", "Up to 15 min", "16 to 60 min", "Over 1 h"];
const mean = (group: readonly { delay: number }[]) =>
  group.reduce((total, { delay }) => total + delay, 0) / group.length;

describe("one pivoted dimension", () => {
  const result = detail<Nested>({ fields, pivots: ["flights.delay_tier"], total: true, row_total: "right" });
  const byMonth = Map.groupBy(flights, ({ day }) => day.slice(0, 7));

  test("gives a pivot for each value in the dimension's order, then the row totals", () => {
    expect(result.pivots.map(({ key, is_total, data }) => [key, is_total, data])).toEqual([
      ...tiers.map((tier) => [tier, false, { "flights.delay_tier": tier }]),
      ["$$$_row_total_$$$", true, {}],
    ]);
    // The HTML of its dimension is in `labels` alone.
    const [{ labels, metadata }] = result.pivots as unknown as [Record<"labels" | "metadata", unknown>];
    expect(labels).toEqual({ "flights.delay_tier": `<span class="tier">${tiers[0]}</span>` });
    expect(metadata).toEqual({ "flights.delay_tier": { value: tiers[0] } });
    expect(result.fields.pivots.map(({ name }) => name)).toEqual(["flights.delay_tier"]);
    expect(result.fields.dimensions.map(({ name }) => name)).toEqual(["flights.date_month"]);
    expect([result.has_totals, result.has_row_totals]).toEqual([true, true]);
  });

  test("nests every measure by pivot key, with the right numbers", () => {
    expect(result.data.map((row) => row["flights.date_month"]!.value)).toEqual([
      "2026-11",
      "2026-10",
      "2026-09",
      "2026-08",
    ]);
    for (const row of result.data) {
      const month = byMonth.get(String(row["flights.date_month"]!.value))!;
      for (const tier of tiers) {
        const group = month.filter(({ delay }) => tierOf(delay) === tier);
        expect(row["flights.count"]![tier]!.value).toBe(group.length);
        expect(row["flights.average_delay"]![tier]!.value).toBeCloseTo(mean(group), 9);
      }
      expect(row["flights.count"]!.$$$_row_total_$$$!.value).toBe(month.length);
      expect(row["flights.average_delay"]!.$$$_row_total_$$$!.value).toBeCloseTo(mean(month), 9);
    }
  });

  test("has column totals that are computed, not added up", () => {
    for (const tier of tiers) {
      const group = flights.filter(({ delay }) => tierOf(delay) === tier);
      expect(result.totals_data["flights.count"]![tier]!.value).toBe(group.length);
      expect(result.totals_data["flights.average_delay"]![tier]!.value).toBeCloseTo(mean(group), 9);
    }
    expect(result.totals_data["flights.average_delay"]!.$$$_row_total_$$$!.value).toBeCloseTo(
      mean(flights),
      9,
    );
    expect(result.totals_data["flights.date_month"]).toBeUndefined();
  });
});

test("several pivoted dimensions join their values in the key and have a header line each", () => {
  const query = {
    fields: ["flights.date_month", "flights.is_delayed", "flights.date_quarter", "flights.count"],
    pivots: ["flights.is_delayed", "flights.date_quarter"],
  };
  const result = detail<Nested>(query);
  expect(result.pivots.map(({ key }) => key)).toEqual([
    "No|FIELD|2026-07",
    "No|FIELD|2026-10",
    "Yes|FIELD|2026-07",
    "Yes|FIELD|2026-10",
  ]);
  const september = flights.filter(({ day, delay }) => day.startsWith("2026-09") && delay > 15).length;
  expect(result.data[2]!["flights.count"]!["Yes|FIELD|2026-07"]!.value).toBe(september);
  expect(text(query, "csv", { applyFormatting: true }).split("\n").slice(0, 3)).toEqual([
    "Flights Is Delayed (Yes / No),No,No,Yes,Yes",
    "Flights Departure Quarter,2026-Q3,2026-Q4,2026-Q3,2026-Q4",
    "Flights Departure Month,Flights Count,Flights Count,Flights Count,Flights Count",
  ]);
});

test("a cell without rows behind it is null, and an empty cell in CSV", () => {
  const query = {
    fields: ["flights.origin", "flights.delay_tier", "flights.count"],
    pivots: ["flights.delay_tier"],
    sorts: ["flights.origin"],
    limit: "1000",
  };
  const byOrigin = Map.groupBy(flights, ({ origin }) => origin);
  const sparse = [...byOrigin].find(([, group]) => !group.some(({ delay }) => delay > 60))!;
  const row = rows(query).find((candidate) => candidate["flights.origin"] === sparse[0])!;
  const expected = Object.fromEntries(
    tiers.map((tier) => [tier, sparse[1].filter(({ delay }) => tierOf(delay) === tier).length || null]),
  );
  expect(row["flights.count"]).toEqual({ "flights.delay_tier": expected });
  const line = text(query)
    .split("\n")
    .find((candidate) => candidate.startsWith(`${sparse[0]},`));
  expect(line).toBe(`${sparse[0]},${tiers.map((tier) => expected[tier] ?? "").join(",")}`);
});

test("a null is a pivot of its own", () => {
  const result = detail<Nested>({
    view: "airports",
    fields: ["airports.country", "airports.state", "airports.count"],
    pivots: ["airports.state"],
    filters: { "airports.state": "NULL,AK" },
  });
  expect(result.pivots.map(({ key, data }) => [key, data])).toEqual([
    ["null", { "airports.state": null }],
    ["AK", { "airports.state": "AK" }],
  ]);
});

test("says whether the column limit cut it", () => {
  const cut = (limit: string) =>
    detail({ fields, pivots: ["flights.delay_tier"], column_limit: limit }).columns_truncated;
  expect([cut("3"), cut("4"), cut("50")]).toEqual(["yes", "no", "no"]);
});

describe("order and limits", () => {
  const query = {
    fields: ["flights.origin", "flights.is_delayed", "flights.count"],
    pivots: ["flights.is_delayed"],
  };
  const byOrigin = [...Map.groupBy(flights, ({ origin }) => origin)];
  const late = (group: readonly { delay: number }[]) => group.filter(({ delay }) => delay > 15).length;

  test("a measure sorts by the pivot column that the sort names", () => {
    const found = rows({ ...query, sorts: ["flights.count desc 1"], limit: "5" });
    const expected = byOrigin.map(([, group]) => late(group)).sort((left, right) => right - left);
    const shown = found.map(
      (row) => (row["flights.count"] as Record<string, Record<string, number>>)["flights.is_delayed"]!.Yes,
    );
    expect(shown).toEqual(expected.slice(0, 5));
  });

  test("without sorts the first column decides", () => {
    const result = detail<Nested>({ ...query, limit: "2" });
    expect(result.added_params).toEqual({ sorts: ["flights.is_delayed", "flights.count desc 0"] });
    const expected = byOrigin
      .map(([, group]) => group.length - late(group))
      .sort((left, right) => right - left);
    expect(result.data.map((row) => row["flights.count"]!.No!.value)).toEqual(expected.slice(0, 2));
    expect(result.truncated).toBe(true);
  });

  test("a pivoted dimension can be sorted downwards", () => {
    const result = detail<Nested>({
      ...query,
      sorts: ["flights.is_delayed desc", "flights.origin"],
      limit: "1",
    });
    expect(result.pivots.map(({ key }) => key)).toEqual(["Yes", "No"]);
    expect(result.data[0]!["flights.origin"]!.value).toBe(byOrigin.map(([origin]) => origin).sort()[0]);
  });

  test("the row limit counts rows and not groups, the column limit pivots", () => {
    const wide = {
      fields: ["flights.origin", "destination.state", "flights.count"],
      pivots: ["destination.state"],
      limit: "7",
    };
    const all = new Set(flights.map(({ destination }) => stateOf.get(destination))).size;
    expect(all).toBeGreaterThan(50);
    expect(detail(wide).data).toHaveLength(7);
    expect(detail(wide).pivots).toHaveLength(50);
    expect(detail({ ...wide, column_limit: "3" }).pivots).toHaveLength(3);
    expect(detail({ ...wide, column_limit: "200" }).pivots).toHaveLength(all);
  });

  test("a filter on a measure takes away pivots that keep no group", () => {
    const result = detail({ ...query, filters: { "flights.count": ">400" } });
    const groups = byOrigin.filter(([, group]) => group.length - late(group) > 400);
    expect(groups.length).toBeGreaterThan(0);
    expect(byOrigin.some(([, group]) => late(group) > 400)).toBe(false);
    expect(result.pivots.map(({ key }) => key)).toEqual(["No"]);
  });
});
