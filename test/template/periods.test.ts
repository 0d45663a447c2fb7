import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { daysAgo, lookerPeriod, lookerPeriods, type PeriodUnit } from "../../src/template/periods.ts";

const day = (text: string) => Temporal.PlainDate.from(text);
const UNITS: readonly PeriodUnit[] = ["day", "week", "month", "quarter", "year"];

/** Every day of five years, two of them leap years, and those around the ends of a century. */
const DAYS = [
  ...Array.from({ length: 1_900 }, (_, index) => day("2023-01-01").add({ days: index })),
  ...Array.from({ length: 800 }, (_, index) => day("1899-06-01").add({ days: index })),
];

function ends(text: string): [Temporal.PlainDate, Temporal.PlainDate] {
  const [from = "", to = ""] = text.split(" to ");
  return [day(from), day(to)];
}

test.each([
  ["day", "2026-11-16", "2026-11-15 to 2026-11-16"],
  ["week", "2026-11-16", "2026-11-09 to 2026-11-16"],
  ["week", "2026-11-15", "2026-11-02 to 2026-11-09"],
  ["month", "2024-03-31", "2024-02-01 to 2024-03-01"],
  ["quarter", "2026-01-01", "2025-10-01 to 2026-01-01"],
  ["year", "2026-12-31", "2025-01-01 to 2026-01-01"],
] as const)("the last full %s before %s is %s", (unit, text, expected) => {
  expect(lookerPeriod(day(text), unit, {})).toBe(expected);
});

test("a year's last week belongs to the days around it, whatever the calendar year", () => {
  expect(lookerPeriod(day("2027-01-04"), "week", {})).toBe("2026-12-28 to 2027-01-04");
  expect(lookerPeriod(day("2027-01-03"), "week", {})).toBe("2026-12-21 to 2026-12-28");
});

test("a week that begins on another day ends on the day before", () => {
  expect(lookerPeriod(day("2026-11-16"), "week", { weekStart: "sunday" })).toBe("2026-11-08 to 2026-11-15");
  expect(lookerPeriod(day("2026-11-16"), "week", { weekStart: "Saturday" })).toBe("2026-11-07 to 2026-11-14");
});

test.each(UNITS)("on every day the last full %s is over, and the next one is not", (unit) => {
  for (const today of DAYS) {
    const [from, to] = ends(lookerPeriod(today, unit, {}));
    expect(Temporal.PlainDate.compare(from, to)).toBe(-1);
    expect(Temporal.PlainDate.compare(to, today)).toBeLessThanOrEqual(0);
    const [current, next] = ends(lookerPeriod(today, unit, { offset: 1 }));
    expect(current.equals(to)).toBe(true);
    expect(Temporal.PlainDate.compare(next, today)).toBe(1);
  }
});

test.each(UNITS)("%ss lie end to end, however far back one goes", (unit) => {
  for (const today of DAYS.filter((_, index) => index % 37 === 0)) {
    let later = ends(lookerPeriod(today, unit, {}))[0];
    for (let offset = -1; offset >= -15; offset -= 1) {
      const [from, to] = ends(lookerPeriod(today, unit, { offset }));
      expect(to.equals(later)).toBe(true);
      later = from;
    }
  }
});

test("weeks begin on the given day, and have seven days", () => {
  const names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
  for (const [index, weekStart] of names.entries())
    for (const today of DAYS.filter((_, place) => place % 11 === 0)) {
      const [from, to] = ends(lookerPeriod(today, "week", { weekStart }));
      expect(from.dayOfWeek).toBe(index + 1);
      expect(from.until(to).days).toBe(7);
    }
});

test("months and quarters begin on a first, and the days of February are counted", () => {
  for (const today of DAYS) {
    const [month] = ends(lookerPeriod(today, "month", {}));
    const [quarter] = ends(lookerPeriod(today, "quarter", {}));
    expect([month.day, quarter.day, quarter.month % 3]).toEqual([1, 1, 1]);
  }
  expect(lookerPeriod(day("2024-03-01"), "day", {})).toBe("2024-02-29 to 2024-03-01");
  expect(lookerPeriod(day("1900-03-01"), "day", {})).toBe("1900-02-28 to 1900-03-01");
});

test("the last whole days end with yesterday", () => {
  expect(lookerPeriods(day("2026-11-16"), "day", { times: 28 })).toBe("2026-10-19 to 2026-11-16");
  expect(lookerPeriods(day("2024-03-01"), "day", { times: 1 })).toBe("2024-02-29 to 2024-03-01");
  expect(lookerPeriods(day("2026-11-18"), "week", { times: 12 })).toBe("2026-08-24 to 2026-11-16");
  expect(lookerPeriods(day("2026-11-18"), "week", { times: 1, weekStart: "sunday" })).toBe(
    "2026-11-08 to 2026-11-15",
  );
  expect(lookerPeriods(day("2026-02-28"), "quarter", { times: 2 })).toBe("2025-07-01 to 2026-01-01");
  expect(daysAgo(day("2026-01-01"), 1)).toBe("2025-12-31");
  expect(daysAgo(day("2026-01-01"), -1)).toBe("2026-01-02");
});

test.each([
  [() => lookerPeriods(day("2026-11-16"), "day", { times: 0 }), "looker_days: 0 is less than one day"],
  [() => lookerPeriod(day("2026-11-16"), "week", { offset: 1e9 }), "1000000000 is not a whole number"],
  [
    () => lookerPeriod(day("2026-11-16"), "week", { weekStart: "sonntag" }),
    '"sonntag" is not a day of the week',
  ],
])("what makes no period is refused in words", (call, message) => {
  expect(call).toThrow(
    expect.objectContaining({ name: "ReportError", message: expect.stringContaining(message) }),
  );
});
