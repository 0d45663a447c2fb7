import { describe, expect, test } from "vitest";
import type { Table } from "../../src/core/model/table.ts";
import { chartData } from "../../src/draw/chart/data.ts";
import { stacked, withGaps } from "../../src/draw/chart/gaps.ts";
import { amountAxis, isNearZero } from "../../src/draw/layout/amounts.ts";
import { amount, CARRIER, COUNT, DATE, day, fields, measure, svgOf, table, words } from "./samples.ts";

type Fields = ReturnType<typeof fields>;

/** What the picture says along the axis of amounts, from below. */
function ticks(plan: Fields, of: Table): string[] {
  const isStacked = plan.mark === "area" && plan.color !== null;
  const data = chartData(of, plan);
  const zero = plan.mark !== "line" || isNearZero(data.series);
  return amountAxis(data, { zero, isStacked }).ticks.map(({ label }) => label);
}

const rows = (...of: [date: string, carrier: string, value: number | null][]) =>
  table(
    [DATE, CARRIER, COUNT],
    of.map(([date, carrier, value]) => [words(date), words(carrier), amount(value)]),
  );
const AREA = fields("area", "flights.date", "flights.count", "flights.carrier");
const LINE = fields("line", "flights.date", "flights.count", "flights.carrier");

describe("stacked areas", () => {
  /** The top of what lies on one another at each date; null for a gap. */
  const sums = (of: Table) => {
    const { series, axis } = stacked(chartData(of, AREA));
    return axis.places.map((_, place) =>
      series.reduce<number | null>((sum, { points }) => {
        const value = points[place]?.value ?? null;
        return value === null ? sum : (sum ?? 0) + value;
      }, null),
    );
  };
  const some = rows(
    ["2026-11-01", "a", 5],
    ["2026-11-02", "a", 6],
    ["2026-11-04", "a", 7],
    ["2026-11-01", "b", 3],
    ["2026-11-03", "b", 4],
    ["2026-11-04", "b", 2],
  );

  test("count what a date lacks as nothing", () => {
    expect(sums(some)).toEqual([8, 6, 4, 9]);
    expect(stacked(chartData(some, AREA)).series.map(({ points }) => points.length)).toEqual([4, 4]);
  });

  test("have one value for each series and date", () => {
    const twice = rows(["2026-11-01", "a", 5], ["2026-11-01", "a", 2], ["2026-11-01", "b", 1]);
    const { series } = stacked(chartData(twice, AREA));
    expect(series.map(({ points }) => points.map(({ value }) => value))).toEqual([[7], [1]]);
  });

  test("are nothing where one is null, and break where all are absent", () => {
    const nulls = rows(
      ["2026-11-01", "a", 5],
      ["2026-11-01", "b", null],
      ["2026-11-02", "a", null],
      ["2026-11-02", "b", null],
      ["2026-11-04", "a", 1],
      ["2026-11-04", "b", 1],
    );
    expect(sums(nulls)).toEqual([5, null, null, 2]);
  });
});

describe("lines", () => {
  const values = (of: Table, plan = LINE) =>
    withGaps(chartData(of, plan)).series.flatMap(({ points }) => points.map(({ value }) => value));

  test("break where dates are absent, and go on where they are one step apart", () => {
    expect(values(rows(["2026-11-01", "a", 1], ["2026-11-02", "a", 2], ["2026-11-24", "a", 3]))).toEqual([
      1,
      2,
      ...Array.from({ length: 21 }, () => null),
      3,
    ]);
    const months = table(
      [{ ...DATE, type: "date_month" }, COUNT],
      ["2026-08", "2026-09", "2026-11"].map((month, index) => [words(month), amount(index)]),
    );
    expect(values(months, fields("line", "flights.date", "flights.count"))).toEqual([0, 1, null, 2]);
  });

  test("of years of days break too, and do not where only some days have a value", () => {
    const plan = fields("line", "flights.date", "flights.count");
    const at = (indexes: readonly number[]) =>
      table(
        [DATE, COUNT],
        indexes.map((index) => [words(day(index)), amount(index)]),
      );
    const two = Array.from({ length: 730 }, (_, index) => index).filter(
      (index) => index < 300 || index > 320,
    );
    expect(values(at(two), plan).filter((value) => value === null)).toHaveLength(21);
    const monthly = Array.from({ length: 24 }, (_, index) => index * 30);
    expect(values(at(monthly), plan)).not.toContain(null);
  });

  test("of other axes than dates have no dates that they lack", () => {
    const numbers = table(
      [measure("flights.distance", "Distance"), COUNT],
      [1, 2, 9].map((distance) => [amount(distance), amount(distance)]),
    );
    expect(values(numbers, fields("line", "flights.distance", "flights.count"))).toEqual([1, 2, 9]);
  });
});

describe("the axis of amounts", () => {
  const days = (values: readonly number[], valueFormat: string | null, more: Partial<typeof COUNT> = {}) =>
    table(
      [DATE, { ...measure("flights.count", "Flights", valueFormat, "average"), ...more }],
      values.map((value, index) => [words(day(index)), amount(value, `${value}`)]),
    );
  const PLAN = fields("line", "flights.date", "flights.count");
  const of = (...order: Parameters<typeof days>) => ticks(PLAN, days(...order));

  test("is in round hours and minutes where amounts are lengths of time", () => {
    expect(of([0.02, 0.077], "h:mm:ss")).toEqual(["0:00:00", "0:30:00", "1:00:00", "1:30:00", "2:00:00"]);
    expect(of([3, 5.5], "[h]:mm")).toEqual(["72:00", "96:00", "120:00", "144:00"]);
    expect(of([20 / 86_400, 45 / 86_400], "mm:ss")).toEqual(["00:00", "00:15", "00:30", "00:45"]);
    const bars = Array.from({ length: 14 }, (_, index) => (index - 2) / 24);
    expect(ticks(fields("bar", "flights.date", "flights.count"), days(bars, "h:mm"))).toEqual([
      "−4:00",
      "0:00",
      "4:00",
      "8:00",
      "12:00",
    ]);
  });

  test("goes as far as what lies on one another", () => {
    const parts = table(
      [DATE, CARRIER, measure("flights.count", "Time", "h:mm", "sum")],
      ["a", "b"].flatMap((carrier) =>
        [0, 1].map((index) => [words(day(index)), words(carrier), amount(1 / 24, "1:00")]),
      ),
    );
    expect(ticks(AREA, parts).at(-1)).toBe("2:00");
  });

  test("has Looker's separators", () => {
    const german = { separators: { group: ".", decimal: "," } };
    expect(of([1_200_000, 1_400_000], '#,##0.00 "€"', german).slice(0, 2)).toEqual(["1,20M €", "1,25M €"]);
    expect(of([1000, 9000], "#,##0", german).at(-1)).toBe("10.000");
    expect(of([1000, 9000], "#,##0").at(-1)).toBe("10,000");
  });

  test("never calls two ticks alike", () => {
    const labels = of([1e15, 1e15 + 1, 1e15 + 2], null);
    expect([...new Set(labels)]).toEqual(labels);
    expect(of([1_000_000, 3_000_000], null)).toContain("2M");
  });

  test("has no step that its clock does not show", () => {
    expect(of([10 / 86_400, 25 / 86_400], "h:mm")).toEqual(["0:00", "0:01"]);
    expect(of([90 / 1440, 100 / 1440], "[h]")).toEqual(["1", "2"]);
  });

  test("takes values that differ in their last bits for one, which they would be on paper", () => {
    expect(of([0.3, 0.1 + 0.2], null)).toEqual(["0", "0.1", "0.2", "0.3"]);
    const drawn = svgOf(PLAN, days([-7.1, -7.1 - 1e-15], "0.0"));
    expect(drawn).not.toMatch(/NaN|Infinity|∞/);
  });

  test("is not made of numbers that stand for infinity: a table says them", () => {
    expect(() => of([1e308, -1e308], null)).toThrow(
      "A chart cannot show values as large as Flights has here.",
    );
    expect(of([1e24, 2], null).at(-1)).toBe("1,000,000,000,000T");
  });
});
