import { describe, expect, test } from "vitest";
import type { Table } from "../../../src/core/model/table.ts";
import { clockOf } from "../../../src/core/rules/dates/clock.ts";
import { pointsOf } from "../../../src/core/rules/figure.ts";
import { type KpiOrder, kpiOf } from "../../../src/core/rules/kpi.ts";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { datesIn } from "../../dates.ts";
import { amount, COUNT, column, table, WEEK, words } from "../../draw/samples.ts";

/** Monday 16 November 2026, 08:00 in New York. */
const ranAt = new Date("2026-11-16T13:00:00Z");

const weeks = (...values: [string, number | null][]) =>
  table(
    [WEEK, COUNT],
    values.map(([week, value]) => [words(week), amount(value)]),
  );

function kpi(of: Table, more: Partial<KpiOrder> = {}) {
  return kpiOf({
    table: of,
    field: "flights.count",
    compare: "previous",
    history: [],
    last: null,
    timezone: "America/New_York",
    partial: "hide",
    phrases: ENGLISH,
    clock: clockOf({ ranAt, dates: datesIn("America/New_York"), filters: {} }),
    dueAt: ranAt,
    ...more,
  });
}

describe("a period that is not over", () => {
  const inMonths = (type: string, ...rows: [string | number, number | null][]) =>
    table(
      [column("flights.m", "M", { type }), COUNT],
      rows.map(([on, value]) => [{ value: on, rendered: String(on) }, amount(value)]),
    );
  const TUESDAY = clockOf({
    ranAt: new Date("2026-11-17T13:00:00Z"),
    dates: datesIn("America/New_York"),
    filters: {},
  });
  const TWELVE = weeks(["2026-11-16", 202], ["2026-11-09", 1_637], ["2026-11-02", 1_597]);

  test("is not the figure: the last full one is, and is compared with the one before", () => {
    expect(kpi(TWELVE, { clock: TUESDAY }).kpi).toMatchObject({
      value: "1,637",
      of: "week from 9 November",
      period: "9 to 15 November 2026",
      change: { direction: "up", absolute: "40", percent: "2.5%", against: "in the week from 2 November" },
    });
    expect(kpi(TWELVE, { clock: TUESDAY }).kpi).not.toHaveProperty("isPartial");
  });

  test("is shown as far as it is, and compared with nothing, where that is wanted", () => {
    const history = [
      { on: "2026-11-02", value: 1_597 },
      { on: "2026-11-09", value: 1_637 },
    ];
    for (const compare of ["previous", "week", "year", "run"] as const) {
      expect(kpi(TWELVE, { clock: TUESDAY, partial: "show", compare, history }).kpi).toMatchObject({
        value: "202",
        of: "week from 16 November, so far (2 of 7 days)",
        period: "16 to 17 November 2026",
        isPartial: true,
        change: null,
        withoutChange: null,
        points: [{ value: 1_597 }, { value: 1_637 }, { of: "week from 16 November", value: 202 }],
      });
    }
  });

  test("is shown where there is no other, said to be so", () => {
    expect(kpi(weeks(["2026-11-16", 202]), { clock: TUESDAY }).kpi).toMatchObject({
      value: "202",
      of: "week from 16 November, so far (2 of 7 days)",
      change: null,
    });
  });

  test.each([
    ["date_date", ["2026-11-17", "2026-11-16"], "16 November", "17 November, so far"],
    ["date_month", ["2026-11", "2026-10"], "October", "November, so far (17 of 30 days)"],
    ["date_quarter", ["2026-10", "2026-07"], "Q3 2026", "Q4 2026, so far (48 of 92 days)"],
    ["date_year", [2026, 2025], "2025", "2026, so far (321 of 365 days)"],
    ["date_hour", ["2026-11-17 08", "2026-11-17 07"], "17 November, 07:00", "17 November, 08:00, so far"],
    ["date_fiscal_quarter", ["FY2026-Q4", "FY2026-Q3"], "FY2026-Q3", "FY2026-Q4, so far (48 of 92 days)"],
    ["date_fiscal_year", ["FY2026", "FY2025"], "FY2025", "FY2026, so far (321 of 365 days)"],
  ] as const)("of %s: %j", (type, [present, full], hidden, shown) => {
    // A fill adds what has not begun.
    const later =
      { date_year: 2027, date_fiscal_year: "FY2027" }[type as "date_year"] ?? "2026-12-31 23:00:00";
    const rows = inMonths(type, [later, null], [present, 5], [full, 4]);
    expect(kpi(rows, { clock: TUESDAY }).kpi).toMatchObject({ value: "4", of: hidden });
    expect(kpi(rows, { clock: TUESDAY, partial: "show" }).kpi).toMatchObject({ value: "5", of: shown });
  });

  test("is not kept for later runs", () => {
    const clock = TUESDAY;
    expect(pointsOf(TWELVE, "flights.count", { series: {}, clock })).toEqual([
      { on: "2026-11-02", value: 1_597 },
      { on: "2026-11-09", value: 1_637 },
    ]);
  });

  test("is one by the zone that Looker used, and without its days where that is not known", () => {
    const at = new Date("2026-11-16T03:00:00Z");
    const clock = (timezone: string | null) => clockOf({ ranAt: at, dates: datesIn(timezone), filters: {} });
    expect(kpi(TWELVE, { clock: clock("America/New_York") }).kpi.value).toBe("1,597");
    expect(kpi(TWELVE, { clock: clock("UTC") }).kpi.value).toBe("1,637");
    expect(kpi(TWELVE, { clock: clock(null), partial: "show" }).kpi.of).toBe("week from 16 November, so far");
  });

  test("of a fiscal year whose beginning is not known is the last one, where the filter counts up to it", () => {
    const dates = datesIn("UTC", { calendar: { weekStart: 1, fiscalMonthOffset: null } });
    const rows = inMonths("date_fiscal_quarter", ["FY2027-Q2", 5], ["FY2027-Q1", 4], ["FY2026-Q4", 3]);
    const value = (filter: string, partial: "show" | "hide" = "hide") =>
      kpi(rows, { clock: clockOf({ ranAt, dates, filters: { "flights.m": filter } }), partial }).kpi;
    expect(value("3 fiscal quarters")).toMatchObject({ value: "4", change: { against: "in FY2026-Q4" } });
    expect(value("3 fiscal quarters", "show").of).toBe("FY2027-Q2, so far");
    expect(value("3 fiscal quarters ago for 3 fiscal quarters")).toMatchObject({
      value: "5",
      change: { against: "in FY2027-Q1" },
    });
  });
});

describe("dates are told by their timeframe", () => {
  test.each([
    ["date_date", "2026-11-09", "2026-11-08", "9 November", "on 8 November"],
    ["date_week", "2026-11-09", "2025-11-10", "week from 9 November", "in the week from 10 November 2025"],
    ["date_month", "2026-10", "2025-12", "October", "in December 2025"],
    ["date_quarter", "2026-07", "2026-04", "Q3 2026", "in Q2 2026"],
    ["date_quarter", "2026-Q3", "2026-Q2", "Q3 2026", "in Q2 2026"],
    ["date_year", 2025, 2024, "2025", "in 2024"],
    ["date_fiscal_quarter", "FY2026-Q3", "FY2026-Q2", "FY2026-Q3", "in FY2026-Q2"],
    ["date_fiscal_year", 2025, 2024, "FY2025", "in FY2024"],
    [
      "date_time",
      "2026-11-15 23:59:59",
      "2026-11-15 12:00:00",
      "15 November, 23:59:59",
      "on 15 November at 12:00",
    ],
  ] as const)("%s %s", (type, now, before, of, against) => {
    const cell = (value: string | number) => ({ value, rendered: String(value) });
    const rows = table(
      [column("flights.m", "M", { type }), COUNT],
      [
        [cell(before), amount(4)],
        [cell(now), amount(5)],
      ],
    );
    expect(kpi(rows).kpi).toMatchObject({ of, change: { against } });
    const on = { date_quarter: "2026-04" }[type as "date_quarter"] ?? String(before);
    const alone = table(rows.columns, [rows.rows[1] ?? []]);
    const history = [{ on: type === "date_time" ? "2026-11-15T12:00:00" : on, value: 4 }];
    expect(kpi(alone, { history }).kpi).toMatchObject({ change: { against } });
  });

  test("a fiscal quarter is read as it is shown, whatever its value is", () => {
    const cell = (value: string, rendered: string) => ({ value, rendered });
    const rows = table(
      [column("flights.q", "Q", { type: "date_fiscal_quarter" }), COUNT],
      [
        [cell("2025-10", "FY2026-Q3"), amount(5)],
        [cell("2025-07", "FY2026-Q2"), amount(4)],
        [cell("2024-10", "FY2025-Q3"), amount(2)],
      ],
    );
    expect(kpi(rows, { compare: "year" }).kpi).toMatchObject({
      of: "FY2026-Q3",
      change: { from: "2", against: "in FY2025-Q3" },
    });
  });
});

test("a figure is of the finest timeframe of its date, not of the year that is next to the month", () => {
  const rows = table(
    [
      column("flights.date_year", "Year", { type: "date_year" }),
      column("flights.date_month", "Month", { type: "date_month" }),
      COUNT,
    ],
    [
      [{ value: 2026, rendered: "2026" }, words("2026-11"), amount(2)],
      [{ value: 2026, rendered: "2026" }, words("2026-10"), amount(7)],
      [{ value: 2026, rendered: "2026" }, words("2026-09"), amount(5)],
    ],
  );
  const history = [
    { on: "2025", value: 99 },
    { on: "2026-08", value: 3 },
  ];
  expect(kpi(rows, { history }).kpi).toMatchObject({
    value: "7",
    of: "October",
    change: { from: "5", against: "in September" },
    points: [{ of: "August", value: 3 }],
  });
});
