import { expect, test } from "vitest";
import type { Result } from "../../../../src/core/model/result.ts";
import type { Table } from "../../../../src/core/model/table.ts";
import { rowOrderOf } from "../../../../src/core/rules/wording/row-order.ts";
import { amount, CARRIER, COUNT, DATE, RATE, table, words } from "../../../draw/samples.ts";

const by = (field: string, isDescending = true): Pick<Result, "sortedBy"> => ({
  sortedBy: { field, isDescending },
});
const order = (of: Table, sorted: Pick<Result, "sortedBy">) =>
  rowOrderOf({ table: of, ...sorted }, undefined);
const cut = { rowCount: 46, rowCountIsExact: true };

const counts = (values: readonly (number | null)[], more: Partial<Table> = {}): Table => ({
  ...table(
    [CARRIER, COUNT],
    values.map((value, index) => [words(`C${index}`), amount(value)]),
  ),
  ...cut,
  ...more,
});

test("a measure that the rows are sorted by says which of them come first", () => {
  expect(order(counts([30, 20, 20]), by(COUNT.name))).toEqual({ kind: "most", label: "Flights" });
  expect(order(counts([10, 20]), by(COUNT.name, false))).toEqual({ kind: "fewest", label: "Flights" });
  const rates = {
    ...table(
      [CARRIER, RATE],
      [
        [words("a"), amount(0.3)],
        [words("b"), amount(0.1)],
      ],
    ),
    ...cut,
  };
  expect(order(rates, by(RATE.name))?.kind).toBe("highest");
});

test("dates are newest or oldest first, and other words are in the order of their column", () => {
  const dates = (...days: string[]): Table => ({
    ...table(
      [DATE, COUNT],
      days.map((day) => [words(day), amount(1)]),
    ),
    ...cut,
  });
  expect(order(dates("2026-11-09", "2026-11-02"), by(DATE.name))?.kind).toBe("newest");
  expect(order(dates("2026-11-02", "2026-11-09"), by(DATE.name, false))?.kind).toBe("oldest");
  expect(order(counts([1, 2]), by(CARRIER.name, false))).toMatchObject({ kind: "ascending" });
});

test.each([
  ["Looker chose the order", counts([3, 2, 1]), {}],
  ["the field is not shown", counts([3, 2, 1]), by("flights.other")],
  [
    "the author hides it",
    counts([3, 2, 1], { columns: [CARRIER, { ...COUNT, isHidden: true }] }),
    by(COUNT.name),
  ],
  ["the rows are not in it", counts([3, 1, 2]), by(COUNT.name)],
  ["rows without a value come first", counts([null, 3, 2]), by(COUNT.name)],
  [
    "it is calculated of the rows that are left",
    counts([3, 2], { columns: [CARRIER, { ...COUNT, kind: "calculation" }] }),
    by(COUNT.name),
  ],
  [
    "it is a pivoted one",
    table([CARRIER, { ...COUNT, pivot: { values: ["JFK"], isRowTotal: false } }], [[words("a"), amount(1)]]),
    by(COUNT.name),
  ],
  ["no row has a value", counts([null, null]), by(COUNT.name)],
])("no order is named where %s", (_why, of, sorted) => {
  expect(order(of, sorted)).toBeNull();
});

test("rows without a value may come last", () => {
  expect(order(counts([3, 2, null]), by(COUNT.name))?.kind).toBe("most");
});

test("a unit in parentheses is no part of what the rows are sorted by", () => {
  const named = counts([3, 2], {
    columns: [CARRIER, { ...COUNT, name: "flights.delay", label: "Delay (min)" }],
  });
  expect(order(named, by("flights.delay"))?.label).toBe("Delay");
});
