import { describe, expect, test } from "vitest";
import { clockOf } from "../../../../src/core/rules/dates/clock.ts";
import { kpiOf } from "../../../../src/core/rules/kpi.ts";
import { exactDifference, exactDigits } from "../../../../src/core/rules/numbers/exact.ts";
import { ENGLISH } from "../../../../src/core/words/en/index.ts";
import { datesIn } from "../../../dates.ts";
import { measure, table, WEEK, words } from "../../../draw/samples.ts";

test.each([
  ["12345678901234567890", "12345678901234567880", "10"],
  ["12345678901234567880.25", "12345678901234567890.5", "-10.25"],
  ["-9223372036854775808", "-9223372036854775807", "-1"],
  ["0.1234567890123456789012", "0.1234567890123456789011", "0.0000000000000000000001"],
  ["1e22", "9999999999999999999999", "1"],
  ["1.50", "-.5", "2"],
  ["5", "5.000", "0"],
])("%s - %s", (now, before, apart) => {
  expect(exactDifference(now, before)).toBe(apart);
});

test("what is no number has no difference, and what a double holds is no text", () => {
  for (const text of ["", ".", "abc", "1e9999", "NaN", "1,5"]) expect(exactDifference(text, "1")).toBeNull();
  expect(exactDigits(5)).toBeNull();
  expect(exactDigits("00A")).toBeNull();
  expect(exactDigits("12345678901234567890")).toBe("12345678901234567890");
});

describe("a figure beyond what a double holds", () => {
  type Value = string | number;
  const change = (
    now: Value,
    before: Value,
    valueFormat: string | null = null,
    shown: (value: Value) => string = String,
  ) => {
    const dueAt = new Date("2026-11-16T13:00:00Z");
    const cell = (value: Value) => ({ value, rendered: shown(value) });
    const rows = [
      [words("2026-11-09"), cell(now)],
      [words("2026-11-02"), cell(before)],
    ];
    const { kpi } = kpiOf({
      table: table([WEEK, measure("o.v", "V", valueFormat, "sum")], rows),
      field: "o.v",
      compare: "previous",
      history: [],
      last: null,
      timezone: "UTC",
      partial: "hide",
      phrases: ENGLISH,
      clock: clockOf({ ranAt: dueAt, dates: datesIn("UTC"), filters: {} }),
      dueAt,
    });
    const { direction, absolute, percent } = kpi.change ?? {};
    return `${direction} ${absolute} ${percent}`;
  };

  test("changed by what its digits say, though the doubles are one", () => {
    expect(change("12345678901234567890", "12345678901234567880")).toBe("up 10 <0.1%");
    expect(change("12345678901234567880", "12345678901234567890")).toBe("down 10 <0.1%");
    expect(change("12345678901234567890", 12)).toMatch(/^up 12,345,678,901,234,567,878 /);
  });

  test("is unchanged where it looks so", () => {
    const short = () => "12.3E";
    expect(change("12345678901234567890", "12345678901234567880", null, short)).toMatch(/^level/);
    expect(change("12345678901234567890", "12345678901234567890.0")).toMatch(/^level/);
  });

  test("and what is smaller than any decimal shown did not move by nothing", () => {
    expect(change(1e-9, 3e-9)).toBe("down 2e-9 66.7%");
  });
});
