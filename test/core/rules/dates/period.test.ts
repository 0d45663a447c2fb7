import { describe, expect, test } from "vitest";
import type { Table } from "../../../../src/core/model/table.ts";
import { periodOf } from "../../../../src/core/rules/dates/period.ts";
import { ENGLISH } from "../../../../src/core/words/en/index.ts";
import { datesIn } from "../../../dates.ts";
import { amount, CARRIER, COUNT, column, table, WEEK, words } from "../../../draw/samples.ts";

const NO_ROWS = table([CARRIER, COUNT], []);
/** Monday 16 November 2026, 08:00 in New York. */
const ranAt = new Date("2026-11-16T13:00:00Z");
const IN_NEW_YORK = datesIn("America/New_York");

function filtered(expression: string, field = "flights.date", at = ranAt, dates = IN_NEW_YORK) {
  const filters = { "flights.carrier": "AA,DL", [field]: expression };
  return periodOf({ table: NO_ROWS, filters, ranAt: at, dates }, ENGLISH.dates);
}

const dated = (of: Table, dates = IN_NEW_YORK) =>
  periodOf({ table: of, filters: {}, ranAt, dates }, ENGLISH.dates);
const weeks = (...dates: string[]) =>
  table(
    [WEEK, COUNT],
    dates.map((date) => [words(date), amount(1)]),
  );

describe("by its filter", () => {
  test.each([
    ["2026-11-09 to 2026-11-16", "9 to 15 November 2026"],
    ["2026/10/28 to 2026/11/10", "28 October to 9 November 2026"],
    ["2025-12-28 to 2026-01-04", "28 December 2025 to 3 January 2026"],
    ["2026-11-09 00:00 to 2026-11-09 12:00", "9 November 2026"],
    ["2026-11-09 12:00 to 2026-11-10 00:00", "9 November 2026"],
    ["2026-10-01 to 2026-11-01", "October 2026"],
    ["2026-07-01 to 2026-10-01", "July to September 2026"],
    ["2025-11-01 to 2026-11-01", "November 2025 to October 2026"],
    ["2024-01-01 to 2026-01-01", "2024 to 2025"],
    ["2026-10", "October 2026"],
    ["2026/08 for 2 months", "August to September 2026"],
    ["2026-11-09", "9 November 2026"],
    ["2026-11-09 for 7 days", "9 to 15 November 2026"],
    ["2026-11-09 05:00 for 5 hours", "9 November 2026"],
    ["2025", "2025"],
    ["2026-Q3", "July to September 2026"],
    ["today", "16 November 2026"],
    ["yesterday", "15 November 2026"],
    ["friday", "13 November 2026"],
    ["friday for 2 days", "13 to 14 November 2026"],
    ["last week", "9 to 15 November 2026"],
    ["last month", "October 2026"],
    ["last quarter", "July to September 2026"],
    ["last year", "2025"],
    ["7 days", "10 to 16 November 2026"],
    ["last 7 days", "10 to 16 November 2026"],
    ["7 days ago for 7 days", "9 to 15 November 2026"],
    ["2 weeks ago for 2 weeks", "2 to 15 November 2026"],
    ["3 days ago", "13 November 2026"],
    ["24 hours", "15 to 16 November 2026"],
    ["this month to day", "1 to 15 November 2026"],
    ["this year to second", "1 January to 16 November 2026"],
    ["  Last   WEEK ", "9 to 15 November 2026"],
  ])("%s is %s", (expression, words) => {
    expect(filtered(expression)).toBe(words);
  });

  test.each([
    "before 2026-11-01",
    "after 2026/11/01",
    "NOT NULL",
    "2026-13-45",
    "2026-11-16 to 2026-11-09",
    "99999999 days",
    "99999999999 seconds ago",
    "2026-1",
    "3 months ago for 2 days",
    "last week, this week",
    ">5",
    "",
  ])("%j has no two ends that are certain", (expression) => {
    expect(filtered(expression)).toBeNull();
  });

  test("a number is a year only of a field that has one", () => {
    expect(filtered("2025", "flights.distance")).toBeNull();
  });

  test("a text that reads like a date is none where Looker says that its field holds words", () => {
    const dates = datesIn("UTC", { otherFilters: ["plans.name"] });
    expect(filtered("7 days", "plans.name", ranAt, dates)).toBeNull();
  });

  test("that of the table's own dates comes before another", () => {
    const filters = { "users.created_date": "last year", "flights.date_date": "2026-11-02 to 2026-11-16" };
    const of = { table: weeks("2026-11-02", "2026-11-09"), filters, ranAt, dates: IN_NEW_YORK };
    const column = { ...WEEK, name: "flights.date_week" };
    expect(periodOf({ ...of, table: { ...of.table, columns: [column, COUNT] } }, ENGLISH.dates)).toBe(
      "2 to 15 November 2026",
    );
  });
});

describe("in the zone that Looker used", () => {
  const atNight = new Date("2026-11-30T03:00:00Z");

  test("the same words are other days", () => {
    expect(filtered("7 days ago for 7 days", "flights.date", atNight, datesIn("UTC"))).toBe(
      "23 to 29 November 2026",
    );
    expect(filtered("7 days ago for 7 days", "flights.date", atNight)).toBe("22 to 28 November 2026");
  });

  test("where it is not known, only dates that were over everywhere are said", () => {
    for (const relative of ["last week", "today", "7 days", "yesterday"])
      expect(filtered(relative, "flights.date", ranAt, datesIn(null))).toBeNull();
    expect(filtered("2026-11-09 to 2026-11-16", "flights.date", ranAt, datesIn(null))).toBe(
      "9 to 15 November 2026",
    );
    // In Honolulu the sixteenth begins at ten o'clock UTC, and west of it at noon.
    const early = new Date("2026-11-16T11:00:00Z");
    expect(filtered("2026-11-09 to 2026-11-16", "flights.date", early, datesIn(null))).toBeNull();
    expect(dated(weeks("2026-11-02", "2026-11-09"), datesIn(null))).toBe("2 to 15 November 2026");
    expect(dated(weeks("2026-11-09", "2026-11-16"), datesIn(null))).toBeNull();
  });
});

describe("as its model counts", () => {
  test("weeks begin on the day that it says", () => {
    const sundays = datesIn("America/New_York", { calendar: { weekStart: 7, fiscalMonthOffset: 0 } });
    expect(filtered("last week", "flights.date", ranAt, sundays)).toBe("8 to 14 November 2026");
  });

  test.each([
    ["FY2026-Q2", "July to September 2026"],
    ["FY2025", "April 2025 to March 2026"],
    ["last fiscal quarter", "July to September 2026"],
    ["2 fiscal quarters ago for 2 fiscal quarters", "April to September 2026"],
    ["this fiscal year", "1 April to 16 November 2026"],
    ["3 fiscal quarters", "1 April to 16 November 2026"],
  ])("%s is %s in a year from April, and nothing where that is not known", (expression, expected) => {
    const dates = (fiscalMonthOffset: number | null) =>
      datesIn("America/New_York", { calendar: { weekStart: 1, fiscalMonthOffset } });
    expect(filtered(expression, "flights.date", ranAt, dates(3))).toBe(expected);
    expect(filtered(expression, "flights.date", ranAt, dates(null))).toBeNull();
  });
});

describe("it never ends in the future", () => {
  test.each([
    ["this week", "16 November 2026"],
    ["this month", "1 to 16 November 2026"],
    ["this year", "1 January to 16 November 2026"],
    ["2026", "1 January to 16 November 2026"],
    ["12 weeks", "31 August to 16 November 2026"],
    ["today for 7 days", "16 November 2026"],
    ["2026-11-01 to 2026-12-01", "1 to 16 November 2026"],
  ])("%s is %s", (expression, words) => {
    expect(filtered(expression)).toBe(words);
  });

  test("what has not begun has none", () => {
    expect(filtered("2026-12-01 to 2026-12-08")).toBeNull();
    expect(dated(weeks("2026-12-07"))).toBeNull();
  });

  test("neither by the dates that a fill adds", () => {
    expect(dated(weeks("2026-11-09", "2026-11-16", "2026-11-23"))).toBe("9 to 16 November 2026");
  });
});

describe("by its dates", () => {
  const of = (type: string, ...values: string[]) =>
    dated(
      table(
        [column("flights.m", "M", { type }), COUNT],
        values.map((value) => [words(value), amount(1)]),
      ),
    );

  test("from the first to the last, weeks with their seventh day", () => {
    expect(dated(weeks("2026-11-09", "2026-10-26", "2026-11-02"))).toBe("26 October to 15 November 2026");
    expect(of("date_week", "2026-11-08")).toBe("8 to 14 November 2026");
    expect(of("date_month", "2026-10")).toBe("October 2026");
    expect(of("date_quarter", "2026-Q3", "2026-Q2")).toBe("April to September 2026");
    expect(of("date_fiscal_quarter", "FY2026-Q3", "FY2026-Q2")).toBe("April to September 2026");
    expect(of("date_hour", "2026-11-15 23")).toBe("15 November 2026");
    expect(of("date_time", "2026-11-15 00:00:00")).toBe("15 November 2026");
  });

  test("not where some of them are missing", () => {
    expect(dated({ ...weeks("2026-11-09"), rowCount: 7000 })).toBeNull();
    expect(dated({ ...weeks("2026-11-09"), rowCountIsExact: false })).toBeNull();
    expect(dated(table([CARRIER, COUNT], [[words("AA"), amount(1)]]))).toBeNull();
  });
});
