import { describe, expect, test } from "vitest";
import type { Table } from "../../../src/core/model/table.ts";
import { clockOf } from "../../../src/core/rules/dates/clock.ts";
import { pointsOf } from "../../../src/core/rules/figure.ts";
import { type KpiOrder, kpiOf } from "../../../src/core/rules/kpi.ts";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { datesIn } from "../../dates.ts";
import {
  amount,
  CARRIER,
  COUNT,
  column,
  DATE,
  DELAY,
  measure,
  RATE,
  table,
  WEEK,
  words,
} from "../../draw/samples.ts";

const weeks = (...values: [string, number | null][]) =>
  table(
    [WEEK, COUNT],
    values.map(([week, value]) => [words(week), amount(value)]),
  );

/** Monday 16 November 2026, 08:00 in New York. */
const ranAt = new Date("2026-11-16T13:00:00Z");
const CLOCK = clockOf({ ranAt, dates: datesIn("America/New_York"), filters: {} });

function kpi(of: Table, more: Partial<KpiOrder> = {}) {
  const order = {
    table: of,
    field: "flights.count",
    compare: "previous",
    history: [],
    last: null,
    timezone: "America/New_York",
    partial: "hide",
    phrases: ENGLISH,
    clock: CLOCK,
  } as const;
  return kpiOf({ ...order, dueAt: ranAt, ...more });
}

describe("which row is the figure's", () => {
  test("that of the latest date, wherever it is", () => {
    for (const rows of [
      [
        ["2026-11-09", 15_887],
        ["2026-11-02", 14_683],
      ],
      [
        ["2026-11-02", 14_683],
        ["2026-11-09", 15_887],
      ],
    ] as [string, number][][]) {
      expect(kpi(weeks(...rows)).kpi).toMatchObject({
        label: "Flights",
        value: "15,887",
        of: "week from 9 November",
        period: "9 to 15 November 2026",
        withoutChange: null,
        change: {
          direction: "up",
          absolute: "1,204",
          percent: "8.2%",
          from: "14,683",
          against: "in the week from 2 November",
        },
      });
    }
  });

  test("the first one, where there are no dates", () => {
    const made = kpi(
      table(
        [CARRIER, COUNT],
        [
          [words("AA"), amount(10)],
          [words("DL"), amount(40)],
        ],
      ),
    ).kpi;
    expect(made).toMatchObject({
      value: "10",
      of: "AA",
      change: { direction: "down", absolute: "30", percent: "75.0%", against: "(DL)" },
    });
  });

  test("a row before it is one of the same carrier", () => {
    const rows = ["2026-11-02", "2026-11-09"].flatMap((date, week) =>
      ["AA", "DL"].map((carrier, index) => [
        words(date),
        words(carrier),
        amount(100 + week * 10 + index * 1000),
      ]),
    );
    const made = kpi(table([WEEK, CARRIER, COUNT], rows)).kpi;
    expect(made).toMatchObject({
      value: "110",
      of: "week from 9 November, AA",
      change: { absolute: "10", against: "in the week from 2 November" },
    });
  });

  test("a date that no calendar has is not a date", () => {
    expect(kpi(weeks(["2026-11-02", 5], ["2026-13-45", 9], ["2026-11-09", 7])).kpi.of).toBe(
      "week from 9 November",
    );
  });

  test("with row totals a pivoted measure has a value for the row, and without it is refused", () => {
    const across = (value: string, isRowTotal = false) => ({
      ...COUNT,
      label: `Flights – ${value}`,
      pivot: { values: [value], isRowTotal },
    });
    const row = [words("2026-11-09"), amount(3), amount(4), amount(7)];
    expect(
      kpi(table([WEEK, across("AA"), across("DL"), across("Row total", true)], [row])).kpi,
    ).toMatchObject({ label: "Flights", value: "7" });
    expect(() => kpi(table([WEEK, across("AA"), across("DL")], [row.slice(0, 3)]))).toThrow(/is pivoted/);
  });
});

describe("what it is compared with", () => {
  test("one row has no earlier value, until the ledger knows one", () => {
    expect(kpi(weeks(["2026-11-09", 7])).kpi).toMatchObject({
      change: null,
      withoutChange: "no earlier value yet",
    });
    const history = [
      { on: "2026-11-02", value: 5 },
      { on: "2026-11-09", value: 7 },
    ];
    expect(kpi(weeks(["2026-11-09", 7]), { history }).kpi.change).toMatchObject({
      direction: "up",
      absolute: "2",
      percent: "40.0%",
      from: "5",
      against: "in the week from 2 November",
    });
  });

  test("a figure without a date is compared with that of an earlier run", () => {
    const history = [
      { on: "2026-11-09T08:00", value: 5 },
      { on: "2026-11-16T08:00", value: 7 },
    ];
    const made = kpi(table([COUNT], [[amount(7)]]), { history }).kpi;
    expect(made).toMatchObject({ of: null, change: { from: "5", against: "on 9 November" } });
    expect(kpi(table([COUNT], [[amount(7)]]), { history, compare: "week" }).kpi.change).toMatchObject({
      against: "on 9 November",
    });
  });

  test.each([
    ["day", "2026-11-08", "on 8 November"],
    ["week", "2026-11-02", "on 2 November"],
    ["month", "2026-10-09", "on 9 October"],
    ["quarter", "2026-08-09", "on 9 August"],
    ["year", "2025-11-09", "on 9 November 2025"],
  ] as const)("a %s before is the day %s, from the table or from the past", (compare, date, against) => {
    const days = (...rows: [string, number][]) =>
      table(
        [DATE, COUNT],
        rows.map(([on, value]) => [words(on), amount(value)]),
      );
    expect(kpi(days(["2026-11-09", 7], ["2026-11-07", 1], [date, 4]), { compare }).kpi.change).toMatchObject({
      against,
      from: "4",
    });
    expect(
      kpi(days(["2026-11-09", 7]), { compare, history: [{ on: date, value: 4 }] }).kpi.change,
    ).toMatchObject({ against });
    expect(kpi(days(["2026-11-09", 7], ["2026-11-07", 1]), { compare }).kpi.withoutChange).toBe(
      `no value ${against}`,
    );
  });

  test("a year before a week is the week 52 weeks before", () => {
    expect(kpi(weeks(["2026-11-09", 7], ["2025-11-10", 4]), { compare: "year" }).kpi.change?.against).toBe(
      "in the week from 10 November 2025",
    );
  });

  test("the last delivered run, by the day it was due in the report's zone", () => {
    const last = { value: 14_683, rendered: "14,683", series: {}, dueAt: new Date("2026-11-10T02:00:00Z") };
    expect(kpi(weeks(["2026-11-09", 15_887]), { compare: "run", last }).kpi.change).toMatchObject({
      from: "14,683",
      against: "in the last report, 9 Nov 2026",
    });
    expect(kpi(weeks(["2026-11-09", 15_887]), { compare: "run" }).kpi.withoutChange).toBe(
      "no earlier report yet",
    );
  });

  test("the last delivered run only where that told of the same", () => {
    const top = (carrier: string) => table([CARRIER, COUNT], [[words(carrier), amount(100)]]);
    const last = {
      value: 95,
      rendered: "95",
      series: { "flights.carrier": "WN" },
      dueAt: new Date("2026-11-09T13:00:00Z"),
    };
    expect(kpi(top("AA"), { compare: "run", last }).kpi).toMatchObject({
      change: null,
      withoutChange: "the last report was of WN",
    });
    expect(kpi(top("WN"), { compare: "run", last }).kpi.change).toMatchObject({ absolute: "5" });
  });

  test("nothing, where none is wanted", () => {
    expect(kpi(weeks(["2026-11-09", 7], ["2026-11-02", 5]), { compare: "none" }).kpi).toMatchObject({
      change: null,
      withoutChange: null,
    });
  });
});

describe("how the change is told", () => {
  test("an earlier zero has no percentage, and an earlier loss none either", () => {
    expect(kpi(weeks(["2026-11-09", 7], ["2026-11-02", 0])).kpi.change).toMatchObject({
      direction: "up",
      absolute: "7",
      percent: null,
      from: "0",
    });
    expect(kpi(weeks(["2026-11-09", 5], ["2026-11-02", -10])).kpi.change).toMatchObject({
      direction: "up",
      absolute: "15",
      percent: null,
      from: "-10",
    });
  });

  test("the same is level", () => {
    expect(kpi(weeks(["2026-11-09", 5], ["2026-11-02", 5])).kpi.change).toMatchObject({
      direction: "level",
      percent: "0.0%",
    });
  });

  test("percentages differ by points, money by money", () => {
    const rate = table(
      [WEEK, RATE],
      [
        [words("2026-11-09"), amount(0.062, "6.2%")],
        [words("2026-11-02"), amount(0.05, "5.0%")],
      ],
    );
    expect(kpi(rate, { field: "flights.cancelled_rate" }).kpi.change).toMatchObject({
      absolute: "1.2 points",
      percent: null,
    });
    const money = (format: string | null) =>
      table(
        [WEEK, measure("flights.count", "Revenue", format)],
        [
          [words("2026-11-09"), amount(1500.5, "$1,500.50")],
          [words("2026-11-02"), amount(200, "$200.00")],
        ],
      );
    for (const format of ["$#,##0.00", null])
      expect(kpi(money(format)).kpi.change?.absolute).toBe("$1,300.50");
  });

  test("a change too small for the figure's own format is none", () => {
    const delays = table(
      [DATE, DELAY],
      [
        [words("2026-11-09"), amount(12.41, "12.4")],
        [words("2026-11-08"), amount(12.39, "12.4")],
      ],
    );
    expect(kpi(delays, { field: "flights.average_delay" }).kpi.change).toMatchObject({
      direction: "level",
      absolute: "0.0",
    });
  });
});

describe("what is not a figure", () => {
  test("a field that is text, or that is not there, is refused with the nearest ones", () => {
    const carriers = table([CARRIER, COUNT], [[words("AA"), amount(1)]]);
    expect(() => kpi(carriers, { field: "flights.carrier" })).toThrow(
      expect.objectContaining({
        code: "config",
        message: expect.stringContaining("is text"),
        advice: expect.stringContaining("flights.count"),
      }),
    );
    expect(() => kpi(carriers, { field: "flights.cuont" })).toThrow(
      expect.objectContaining({
        code: "config",
        advice: expect.stringContaining('Did you mean "flights.count"?'),
      }),
    );
  });

  test("no rows and no value are told as such", () => {
    expect(kpi(weeks())).toMatchObject({
      number: null,
      kpi: { value: "", of: null, change: null, withoutChange: null },
    });
    expect(kpi(weeks(["2026-11-09", null], ["2026-11-02", 5]))).toMatchObject({
      number: null,
      kpi: { value: "", of: "week from 9 November", change: null },
    });
  });
});

describe("the past of a metric", () => {
  test("is its values by date, oldest first, without gaps and what is not a date", () => {
    expect(
      pointsOf(
        weeks(["2026-11-09", 7], ["2026-11-02", null], ["2026-10-26", 3], ["never", 1]),
        "flights.count",
        { series: {}, clock: null },
      ),
    ).toEqual([
      { on: "2026-10-26", value: 3 },
      { on: "2026-11-09", value: 7 },
    ]);
  });

  test("is unknown where the table has no dates", () => {
    expect(
      pointsOf(table([CARRIER, COUNT], [[words("AA"), amount(1)]]), "flights.count", {
        series: {},
        clock: null,
      }),
    ).toBeNull();
  });

  test("is by the date that was named, a quarter or a time", () => {
    const quarter = column("flights.q", "Quarter", { type: "date_quarter" });
    const time = column("flights.t", "Time", { type: "date_time" });
    const of = table(
      [quarter, time, COUNT],
      [[{ value: "2026-07", rendered: "2026-Q3" }, words("2026-08-01 13:05:22"), amount(1)]],
    );
    expect(pointsOf(of, "flights.count", { series: {}, clock: null })).toEqual([{ on: "2026-07", value: 1 }]);
    expect(pointsOf(of, "flights.count", { dateField: "flights.t", series: {}, clock: null })).toEqual([
      { on: "2026-08-01T13:05:22", value: 1 },
    ]);
  });

  test("is of one series alone; a table that does not tell them apart has one", () => {
    const of = table(
      [CARRIER, WEEK, COUNT],
      [
        [words("AA"), words("2026-11-02"), amount(80)],
        [words("WN"), words("2026-11-02"), amount(95)],
        [words("WN"), words("2026-11-09"), amount(90)],
      ],
    );
    const series = { "flights.carrier": "WN" };
    expect(kpi(of)).toMatchObject({ number: 90, series });
    expect(pointsOf(of, "flights.count", { series, clock: null })).toEqual([
      { on: "2026-11-02", value: 95 },
      { on: "2026-11-09", value: 90 },
    ]);
    expect(pointsOf(weeks(["2026-11-02", 7]), "flights.count", { series, clock: null })).toEqual([
      { on: "2026-11-02", value: 7 },
    ]);
  });
});

test("a period finer than the dates has nothing to compare with, and says so", () => {
  const rows = weeks(["2026-11-09", 15_887], ["2026-11-02", 14_683]);
  expect(kpi(rows, { compare: "day" }).kpi).toMatchObject({
    change: null,
    withoutChange: "its dates are weeks, so none is a day earlier",
  });
});

test("a text field is refused whatever its rows look like today", () => {
  const codes = table([CARRIER, column("flights.code", "Code")], [[words("AA"), words("00123")]]);
  expect(() => kpi(codes, { field: "flights.code" })).toThrow(/is text, and a KPI is a number/);
});
