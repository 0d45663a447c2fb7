import { describe, expect, test } from "vitest";
import type { Column } from "../../../src/core/model/table.ts";
import type { PlacedColumn } from "../../../src/looker/result/placed-columns.ts";
import { hiddenFields, presentationOf } from "../../../src/looker/result/presentation.ts";

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
const across = (name: string, year: string) =>
  measure(name, { pivot: { values: [year], isRowTotal: false }, pivotKey: year });

const FLAT = [column("o.region"), measure("o.cost"), measure("o.sales"), measure("margin")];
const PIVOTED = [
  column("o.region"),
  across("o.count", "2024"),
  across("o.sum", "2024"),
  across("o.count", "2025"),
  across("o.sum", "2025"),
  measure("share", { kind: "calculation" }),
];

/** Names of the columns that are shown, with their pivot value. */
function shown(settings: unknown, columns: readonly PlacedColumn[] = FLAT): string[] | null {
  const made = presentationOf(settings, columns);
  return made === null ? null : made.columns.map((at) => nameOf(columns[at]));
}

function nameOf(one: Column | undefined): string {
  return [one?.name ?? "?", ...(one?.pivot?.values ?? [])].join(" ");
}

describe("what Looker hides and orders", () => {
  test("hidden fields are left out, columns come in its order, those it does not list after the others", () => {
    expect(shown({ hidden_fields: ["o.cost"] })).toEqual(["o.region", "o.sales", "margin"]);
    expect(shown({ column_order: ["$$$_row_numbers_$$$", "margin", "o.region", "gone.field"] })).toEqual([
      "margin",
      "o.region",
      "o.cost",
      "o.sales",
    ]);
  });

  test("a pivoted field is hidden in every pivot, and one column of it by the key it has", () => {
    expect(shown({ hidden_fields: ["o.sum"] }, PIVOTED)).toEqual([
      "o.region",
      "o.count 2024",
      "o.count 2025",
      "share",
    ]);
    expect(shown({ hidden_fields: ["2024_o.sum"] }, PIVOTED)).not.toContain("o.sum 2024");
  });

  test.each([
    [["o.region", "2025_o.count", "2024_o.count"]],
    [["o.region", "o.count|FIELD|2025", "o.count|FIELD|2024"]],
    [["o.region", "2025 - o.count", "2024 - o.count"]],
  ])("pivoted columns in the order %j", (order) => {
    expect(shown({ column_order: order, hidden_fields: ["o.sum"] }, PIVOTED)).toEqual([
      "o.region",
      "o.count 2025",
      "o.count 2024",
      "share",
    ]);
  });

  test("a pivoted field that is listed by its name has its place within each pivot", () => {
    expect(shown({ column_order: ["o.region", "o.sum", "o.count"] }, PIVOTED)).toEqual([
      "o.region",
      "o.sum 2024",
      "o.count 2024",
      "o.sum 2025",
      "o.count 2025",
      "share",
    ]);
    // What is not listed keeps its place among the others.
    expect(shown({ column_order: ["share"] }, PIVOTED)).toEqual([
      "share",
      "o.region",
      "o.count 2024",
      "o.sum 2024",
      "o.count 2025",
      "o.sum 2025",
    ]);
  });

  test("all may be hidden", () => {
    expect(shown({ hidden_fields: FLAT.map(({ name }) => name) })).toEqual([]);
  });
});

test("labels are of a field, or of one of its pivoted columns; blank ones are none", () => {
  const labels = { "o.count": "Orders", "2025 - o.count": "Now", "o.sum": " ", nonsense: 7 };
  expect(presentationOf({ series_labels: labels }, PIVOTED)?.labels).toEqual([
    null,
    "Orders",
    null,
    "Now",
    null,
    null,
  ]);
});

describe("what Looker sets apart", () => {
  test("bars in cells that are switched on", () => {
    const bars = {
      "o.sales": { is_active: true },
      "o.cost": { is_active: false },
      gone: { is_active: true },
    };
    expect(presentationOf({ series_cell_visualizations: bars }, FLAT)?.highlights).toEqual([
      { columns: [2], when: { kind: "largest" } },
    ]);
  });

  test("rules of conditional formatting, where it is switched on", () => {
    const rules = [
      { type: "greater than", value: 5, fields: ["o.cost"] },
      { type: "between", value: [9, 3], fields: null },
      { type: "is null", fields: ["o.region"] },
      { type: "along a scale...", value: null, fields: null },
      { type: "less than", value: "late", fields: null },
      { type: "toString", value: 1 },
      "nonsense",
    ];
    const settings = { enable_conditional_formatting: true, conditional_formatting: rules };
    expect(presentationOf(settings, FLAT)?.highlights).toEqual([
      { columns: [1], when: { operator: ">", operand: 5 } },
      { columns: [1, 2, 3], when: { kind: "within", low: 3, high: 9 } },
      { columns: [0], when: { kind: "empty" } },
    ]);
    expect(presentationOf({ ...settings, enable_conditional_formatting: "yes" }, FLAT)).toBeNull();
  });
});

test.each([
  null,
  undefined,
  7,
  "{",
  [],
  ["hidden_fields"],
  { hidden_fields: null },
  { hidden_fields: { "o.cost": true } },
  { hidden_fields: [null, {}, ["o.cost"], true] },
  { column_order: 3, series_labels: ["x"], series_cell_visualizations: "on", conditional_formatting: {} },
  { series_labels: { "o.cost": { label: "Cost" } }, series_cell_visualizations: { "o.cost": null } },
  { column_order: [{}, null, "constructor", "__proto__"], hidden_fields: ["toString"] },
  {
    enable_conditional_formatting: true,
    conditional_formatting: [null, 1, { type: {} }, { type: "between", value: "ab" }],
  },
])("settings that make no sense change nothing: %j", (settings) => {
  expect(presentationOf(settings, FLAT)).toBeNull();
  expect(presentationOf(settings, [])).toBeNull();
});

test("settings may be the text of an object, and one field without a list", () => {
  expect(shown('{"hidden_fields":"o.cost"}')).toEqual(["o.region", "o.sales", "margin"]);
  expect(hiddenFields({ hidden_fields: ["o.cost", 5] })).toEqual(["o.cost", "5"]);
});
