import { describe, expect, test } from "vitest";
import type { Table } from "../../../src/core/model/table.ts";
import { periodOf } from "../../../src/core/rules/period.ts";
import { amount, CARRIER, COUNT, column, DATE, table, WEEK, words } from "../../draw/samples.ts";

const NO_ROWS = table([CARRIER, COUNT], []);
/** Monday 16 November 2026, 08:00 in New York. */
const ranAt = new Date("2026-11-16T13:00:00Z");

function filtered(expression: string, field = "flights.date", at = ranAt) {
  return periodOf(
    [{ table: NO_ROWS, filters: { "flights.carrier": "AA,DL", [field]: expression }, ranAt: at }],
    "America/New_York",
  );
}

const dated = (of: Table) => periodOf([{ table: of, filters: {}, ranAt }], "America/New_York");
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
    ["2026-11-01 to 2026-12-01", "November 2026"],
    ["2026-07-01 to 2026-10-01", "July to September 2026"],
    ["2025-11-01 to 2026-11-01", "November 2025 to October 2026"],
    ["2025-01-01 to 2027-01-01", "2025 to 2026"],
    ["2026-11", "November 2026"],
    ["2026-11-09", "9 November 2026"],
    ["2026-11-09 for 7 days", "9 to 15 November 2026"],
    ["2026", "2026"],
    ["today", "16 November 2026"],
    ["yesterday", "15 November 2026"],
    ["last week", "9 to 15 November 2026"],
    ["this week", "16 to 22 November 2026"],
    ["last month", "October 2026"],
    ["last quarter", "July to September 2026"],
    ["last year", "2025"],
    ["7 days", "10 to 16 November 2026"],
    ["7 days ago for 7 days", "9 to 15 November 2026"],
    ["2 weeks ago for 2 weeks", "2 to 15 November 2026"],
    ["3 days ago", "13 November 2026"],
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
    ">5",
    "",
  ])("%j has no two ends", (expression) => {
    expect(filtered(expression)).toBeNull();
  });

  test("a number is a year only of a field that has one", () => {
    expect(filtered("2026", "flights.distance")).toBeNull();
  });

  test("today is the report's, when Looker ran it", () => {
    expect(filtered("today", "flights.date", new Date("2026-11-16T03:00:00Z"))).toBe("15 November 2026");
  });
});

describe("by its dates", () => {
  test("from the first to the last, weeks to their Sunday", () => {
    expect(dated(weeks("2026-11-09", "2026-10-26", "2026-11-02"))).toBe("26 October to 15 November 2026");
    expect(
      dated(
        table([column("flights.m", "Month", { type: "date_month" }), COUNT], [[words("2026-10"), amount(1)]]),
      ),
    ).toBe("October 2026");
  });

  test("not where some of them are missing", () => {
    expect(dated({ ...weeks("2026-11-09"), rowCount: 7000 })).toBeNull();
    expect(dated({ ...weeks("2026-11-09"), rowCountIsExact: false })).toBeNull();
    expect(dated(table([CARRIER, COUNT], [[words("AA"), amount(1)]]))).toBeNull();
  });

  test("all sections together", () => {
    const day = (date: string) => ({
      table: table([DATE, COUNT], [[words(date), amount(1)]]),
      filters: {},
      ranAt,
    });
    expect(
      periodOf([day("2026-11-12"), { table: NO_ROWS, filters: {}, ranAt }, day("2026-11-10")], "UTC"),
    ).toBe("10 to 12 November 2026");
    expect(periodOf([], "UTC")).toBeNull();
  });
});
