import { describe, expect, test } from "vitest";
import { hasAllPeriods } from "../../../../src/core/rules/dates/all-periods.ts";
import { datesIn } from "../../../dates.ts";
import { amount, CARRIER, COUNT, column, table, words } from "../../../draw/samples.ts";

const ranAt = new Date("2026-11-16T13:00:00Z");

function whole(type: string, rows: readonly string[], filters: Record<string, string>): boolean {
  const date = column(`o.made_${type.replace("date_", "")}`, "Made", { type });
  const of = table(
    [date, COUNT],
    rows.map((day) => [words(day), amount(1)]),
    { rowCountIsExact: false },
  );
  return hasAllPeriods({ table: of, filters, ranAt, dates: datesIn("UTC") });
}

describe("a table whose limit is reached is whole where no period can be missing", () => {
  test.each([
    ["date_week", ["2026-11-16", "2026-11-09", "2026-11-02"], "3 weeks"],
    ["date_date", ["2026-11-15", "2026-11-14"], "2 days ago for 2 days"],
    ["date_month", ["2026-10", "2026-09"], "2 months ago for 2 months"],
    ["date_quarter", ["2026-Q4", "2026-Q3"], "2 quarters"],
    ["date_date", ["2026-11-16"], "today"],
  ])("%s %j by %s", (type, rows, expression) => {
    expect(whole(type, rows, { "o.made_date": expression })).toBe(true);
  });

  test.each([
    ["one is missing", "date_week", ["2026-11-16", "2026-11-02"], { "o.made_date": "3 weeks" }],
    [
      "the filter begins in a period before",
      "date_week",
      ["2026-11-16", "2026-11-09"],
      { "o.made_date": "14 days" },
    ],
    ["one is there twice", "date_week", ["2026-11-16", "2026-11-16"], { "o.made_date": "2 weeks" }],
    ["it is filtered by another date", "date_week", ["2026-11-16"], { "o.sent_date": "this week" }],
    [
      "it is filtered twice",
      "date_week",
      ["2026-11-16"],
      { "o.made_date": "this week", "o.made_week": "2 weeks" },
    ],
    ["the filter has no end", "date_week", ["2026-11-16"], { "o.made_date": "after 2026-11-01" }],
    ["times have no number", "date_hour", ["2026-11-16 08"], { "o.made_date": "today" }],
  ] as const)("not where %s", (_, type, rows, filters) => {
    expect(whole(type, rows, filters)).toBe(false);
  });

  test("nor where rows are told apart by more than the date", () => {
    const date = column("o.made_date", "Made", { type: "date_date" });
    const of = table([date, CARRIER, COUNT], [[words("2026-11-16"), words("AA"), amount(1)]]);
    expect(
      hasAllPeriods({ table: of, filters: { "o.made_date": "today" }, ranAt, dates: datesIn("UTC") }),
    ).toBe(false);
  });
});
