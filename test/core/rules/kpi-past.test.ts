import { expect, test } from "vitest";
import { clockOf } from "../../../src/core/rules/dates/clock.ts";
import { kpiOf } from "../../../src/core/rules/kpi.ts";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { datesIn } from "../../dates.ts";
import { amount, COUNT, table, WEEK, words } from "../../draw/samples.ts";

/** Monday 16 November 2026, 08:00 in New York. */
const ranAt = new Date("2026-11-16T13:00:00Z");

/** Weeks one after the other, the last of which is that from 9 November. */
function madeOf(values: readonly number[], { without = -1 } = {}) {
  const all = values.map((value, index) => {
    const at = Date.UTC(2026, 10, 9) - (values.length - 1 - index) * 7 * 86_400_000;
    return { on: new Date(at).toISOString().slice(0, 10), value };
  });
  const history = all.filter((_, index) => index !== without);
  const { on, value } = history.at(-1)!;
  return kpiOf({
    table: table([WEEK, COUNT], [[words(on), amount(value)]]),
    field: "flights.count",
    compare: "previous",
    history,
    last: null,
    timezone: "America/New_York",
    partial: "hide",
    phrases: ENGLISH,
    clock: clockOf({ ranAt, dates: datesIn("America/New_York"), filters: {} }),
    dueAt: ranAt,
  }).kpi;
}

test("a record is lower or higher than all of six periods in a row at least, and counts as many as that is true of", () => {
  expect(madeOf([9, 5, 8, 8, 8, 8, 8, 6]).record).toEqual({ side: "lowest", count: 6, unit: "week" });
  expect(madeOf([9, 8, 8, 8, 8, 8, 8, 6]).record).toEqual({ side: "lowest", count: 8, unit: "week" });
  expect(madeOf([1, 2, 3, 4, 5, 6, 7, 9]).record).toEqual({ side: "highest", count: 8, unit: "week" });
  for (const none of [[9, 8, 8, 8, 6], [8, 8, 5, 8, 8, 8, 8, 6], [8, 8, 8, 8, 8, 6, 6], [7]])
    expect(madeOf(none).record).toBeUndefined();
});

test("weeks that are missing end what is known in a row", () => {
  const gap = madeOf([9, 8, 8, 8, 8, 8, 8, 6], { without: 4 });
  expect(gap.record).toBeUndefined();
  expect(gap.span).toEqual({ count: 3, unit: "week" });
  expect(madeOf([9, 8, 7]).span).toEqual({ count: 3, unit: "week" });
});

test("a change says whether it is from exactly one period before, and itself in short", () => {
  expect(madeOf([1_500, 1_597, 1_637]).change).toMatchObject({ before: "week", brief: "2.5%" });
  expect(madeOf([1_500, 1_597, 1_637], { without: 1 }).change?.before).toBeUndefined();
  // Of small counts a percent says too much.
  expect(madeOf([7, 12]).change).toMatchObject({ percent: "71.4%", brief: "5" });
});
