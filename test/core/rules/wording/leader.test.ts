import { describe, expect, test } from "vitest";
import type { Result } from "../../../../src/core/model/result.ts";
import type { Table } from "../../../../src/core/model/table.ts";
import type { Wording } from "../../../../src/core/model/wording.ts";
import { leaderOf } from "../../../../src/core/rules/wording/leader.ts";
import { ENGLISH } from "../../../../src/core/words/en/index.ts";
import { amount, CARRIER, COUNT, column, DATE, RATE, table, words } from "../../../draw/samples.ts";

const CITY = column("airports.city", "City");
const NOTHING: Wording = {
  labels: {},
  unit: { own: null, byField: {} },
  noun: { own: null, byField: {} },
  better: { own: null, byField: {} },
};

const by = (field: string, isDescending = true): Pick<Result, "sortedBy"> => ({
  sortedBy: { field, isDescending },
});

function cities(counts: readonly (number | null)[], more: Partial<Table> = {}): Table {
  const names = ["Denver", "Boston", "Atlanta", "Reno", "Tulsa"];
  return {
    ...table(
      [CITY, COUNT],
      counts.map((count, index) => [words(names[index] ?? ""), amount(count)]),
    ),
    ...more,
  };
}

const name = (of: Table, sorted: Pick<Result, "sortedBy"> = by("flights.count")) =>
  leaderOf({ table: of, ...sorted }, NOTHING, ENGLISH.figures)?.name ?? null;

test("the first row of a sorted table leads it, by the way that the report says is good", () => {
  const leader = { label: "Flights", name: "Denver", value: "30", isPlace: true };
  const told = { table: cities([30, 20, 10]), ...by("flights.count") };
  expect(leaderOf(told, NOTHING, ENGLISH.figures)).toEqual({ ...leader, side: "highest" });
  const better = (own: "up" | "down"): Wording => ({ ...NOTHING, better: { own, byField: {} } });
  expect(leaderOf(told, better("down"), ENGLISH.figures)).toEqual({ ...leader, side: "worst" });
  expect(leaderOf(told, better("up"), ENGLISH.figures)).toEqual({ ...leader, side: "best" });
  const rising = { table: cities([10, 20, 30]), ...by("flights.count", false) };
  expect(leaderOf(rising, better("up"), ENGLISH.figures)?.side).toBe("worst");
  expect(leaderOf(rising, NOTHING, ENGLISH.figures)?.side).toBe("lowest");
});

describe("where it is not certain, no row leads", () => {
  test("a tie, as the values are or as they are shown", () => {
    expect(name(cities([30, 30, 10]))).toBeNull();
    const alike = cities([30, 20, 10]);
    const shown = alike.rows.map(([city, count]) => [city, { ...count, rendered: "0.0K" }]);
    expect(name({ ...alike, rows: shown as Table["rows"] })).toBeNull();
  });

  test("rows that were cut, unless Looker sorted them by this measure before", () => {
    const cut = cities([30, 20, 10], { rowCountIsExact: false });
    expect(name(cut)).toBe("Denver");
    expect(name(cut, {})).toBeNull();
    expect(name(cut, by("airports.city"))).toBeNull();
    const calculated = {
      ...cut,
      columns: cut.columns.map((one) => ({
        ...one,
        kind: one.isNumeric ? ("calculation" as const) : one.kind,
      })),
    };
    expect(name(calculated)).toBeNull();
    expect(name(cities([30, 20, 10]), {})).toBe("Denver");
  });

  test("rows in another order than Looker was asked for, and a first row without a value", () => {
    expect(name(cities([20, 30, 10]))).toBeNull();
    expect(name(cities([null, 30, 10]))).toBeNull();
    expect(name(cities([30, 20, 10, null]))).toBe("Denver");
  });

  test("fewer than three rows; a row that has no name of its own", () => {
    expect(name(cities([30, 20]))).toBeNull();
    const nameless = table(
      [CITY, COUNT],
      [
        ["", 3],
        ["Reno", 2],
        ["Tulsa", 1],
      ].map(([city, count]) => [words(String(city)), amount(Number(count))]),
    );
    expect(name(nameless)).toBeNull();
  });

  test("rows of dates, of several dimensions, and of pivots", () => {
    const dated = table(
      [DATE, COUNT],
      ["2026-11-01", "2026-11-02", "2026-11-03"].map((day, index) => [words(day), amount(9 - index)]),
    );
    expect(name(dated)).toBeNull();
    const two = cities([30, 20, 10]);
    const rows = two.rows.map((row) => [...row, words("AA")]);
    expect(name({ ...two, columns: [...two.columns, CARRIER], rows })).toBeNull();
    const hidden = { ...CARRIER, isHidden: true as const };
    expect(name({ ...two, columns: [...two.columns, hidden], rows })).toBe("Denver");
    const pivot = { values: ["AA"], isRowTotal: false };
    expect(
      name({ ...two, columns: two.columns.map((one) => (one.isNumeric ? { ...one, pivot } : one)) }),
    ).toBeNull();
  });
});

test("a section's one word is of its one measure; labels are the report's, or made for people", () => {
  const two = cities([30, 20, 10]);
  const rows = two.rows.map((row) => [...row, amount(0.5)]);
  const both = { ...two, columns: [...two.columns, RATE], rows };
  const wording: Wording = {
    ...NOTHING,
    labels: { "flights.count": "Take-offs" },
    better: { own: "down", byField: {} },
  };
  expect(leaderOf({ table: both, ...by("flights.count") }, wording, ENGLISH.figures)).toMatchObject({
    label: "Take-offs",
    side: "highest",
  });
  expect(leaderOf({ table: two, ...by("flights.count") }, wording, ENGLISH.figures)).toMatchObject({
    side: "worst",
  });
});

test("only of places it is said that something is so in them", () => {
  const of = (label: string) => {
    const named = column(`v.${label.toLowerCase()}`, label);
    const { rows } = cities([30, 20, 10]);
    return leaderOf({ table: table([named, COUNT], rows), ...by("flights.count") }, NOTHING, ENGLISH.figures)
      ?.isPlace;
  };
  expect(["City", "Origin", "Country", "Store"].map(of)).toEqual([true, true, true, true]);
  expect(["Carrier", "Status", "Capacity", "Product"].map(of)).toEqual([false, false, false, false]);
});
