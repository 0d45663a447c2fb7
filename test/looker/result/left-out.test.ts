import { describe, expect, test } from "vitest";
import type { PlacedColumn } from "../../../src/looker/result/placed-columns.ts";
import { presentationOf } from "../../../src/looker/result/presentation.ts";

const column = (name: string, more: Partial<PlacedColumn> = {}): PlacedColumn => ({
  name,
  label: name,
  kind: "dimension",
  isNumeric: false,
  valueFormat: null,
  type: null,
  ...more,
});
const measure = (name: string, more: Partial<PlacedColumn> = {}) =>
  column(name, { kind: "measure", isNumeric: true, ...more });
const across = (name: string, value: string, pivotKey: string | null = value) =>
  measure(name, { pivot: { values: [value], isRowTotal: false }, pivotKey });
const total = (name: string) =>
  measure(name, { pivot: { values: ["Row total"], isRowTotal: true }, pivotKey: "$$$_row_total_$$$" });

const COLUMNS = [
  column("o.region"),
  across("o.count", "2024"),
  across("o.sum", "2024"),
  across("o.count", "∅", "o.year___null"),
  total("o.count"),
  column("is_large", { kind: "calculation", type: "yesno" }),
];

const shown = (settings: object) => presentationOf(settings, COLUMNS)?.columns ?? null;

describe("pivots that are hidden", () => {
  test.each([
    [{ "2024": { is_entire_pivot_hidden: true } }, [0, 3, 4, 5]],
    [{ "2024": { measure_names: ["o.sum"] } }, [0, 1, 3, 4, 5]],
    [{ "o.year___null": { is_entire_pivot_hidden: true } }, [0, 1, 2, 4, 5]],
    [{ $$$_row_total_$$$: { is_entire_pivot_hidden: true } }, [0, 1, 2, 3, 5]],
  ])("%j", (pivots, columns) => {
    expect(shown({ hidden_pivots: pivots })).toEqual(columns);
  });

  test.each([
    {},
    { "2023": { is_entire_pivot_hidden: true } },
    { "2024": { is_entire_pivot_hidden: false } },
    [],
    "x",
  ])("%j hides none", (pivots) => {
    expect(shown({ hidden_pivots: pivots })).toBeNull();
  });
});

test("row totals and totals that a table's page switches off, in the words of either release", () => {
  expect(shown({ type: "looker_grid", show_row_totals: false })).toEqual([0, 1, 2, 3, 5]);
  expect(shown({ type: "table", hide_row_totals: true })).toEqual([0, 1, 2, 3, 5]);
  expect(shown({ hide_row_totals: true, show_row_totals: true })).toBeNull();
  expect(presentationOf({ show_totals: false }, COLUMNS)?.hidesTotals).toBe(true);
  expect(presentationOf({ hide_totals: true }, COLUMNS)?.hidesTotals).toBe(true);
  expect(presentationOf({ hide_totals: false, show_totals: true }, COLUMNS)).toBeNull();
  expect(
    presentationOf({ type: "looker_column", show_totals: false, show_row_totals: false }, COLUMNS),
  ).toBeNull();
});

describe("rows that are hidden", () => {
  const rows = (settings: object) => presentationOf(settings, COLUMNS)?.rows ?? null;
  const part = (more: object, isOn = true) =>
    rows({
      limit_displayed_rows: isOn,
      limit_displayed_rows_values: { show_hide: "show", first_last: "first", num_rows: "10", ...more },
    });

  test("where a calculation says No", () => {
    expect(rows({ hidden_points_if_no: ["is_large"] })).toEqual({ notIfNo: [5], part: null });
    expect(rows({ hidden_points_if_no: ["gone"] })).toBeNull();
    expect(rows({ hidden_points_if_no: [] })).toBeNull();
  });

  test("all but some at one end, or some at one end", () => {
    expect(part({})).toEqual({ notIfNo: [], part: { isShown: true, end: "first", count: 10 } });
    expect(part({ show_hide: "hide", first_last: "last", num_rows: 2 })?.part).toEqual({
      isShown: false,
      end: "last",
      count: 2,
    });
  });

  test("none where the limit is switched off, or is none", () => {
    expect(part({}, false)).toBeNull();
    for (const num_rows of ["", 0, "0", -1, 1.5, null, "x", {}]) expect(part({ num_rows })).toBeNull();
    expect(part({ show_hide: "" })).toBeNull();
    expect(part({ first_last: null })).toBeNull();
  });
});
