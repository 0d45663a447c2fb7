import { describe, expect, test } from "vitest";
import type { Presentation } from "../../../../src/core/model/presentation.ts";
import type { Table } from "../../../../src/core/model/table.ts";
import type { Wording } from "../../../../src/core/model/wording.ts";
import { emphasisText, standsOut } from "../../../../src/core/rules/presentation/emphasis.ts";
import {
  asLabelled,
  asShown,
  nothingShown,
  shownChanges,
} from "../../../../src/core/rules/presentation/presentation.ts";
import { wordedTable } from "../../../../src/core/rules/wording/worded.ts";
import { ENGLISH } from "../../../../src/core/words/en/index.ts";
import { totalLabel } from "../../../../src/render/words/shown.ts";
import { amount, column, measure, table, words } from "../../../draw/samples.ts";
import { result } from "../../../render/file-input.ts";

const REGION = column("o.region", "Region");
const COST = { ...measure("o.cost", "Cost"), fullLabel: "Orders Cost" };
const SALES = measure("o.sales", "Sales");
const WHOLE = table(
  [REGION, COST, SALES],
  [
    [words("North"), amount(60), amount(100)],
    [words("South"), amount(70), amount(90)],
  ],
  {
    totals: [words(""), amount(130), amount(190)],
    subtotals: [{ after: 1, cells: [words("All"), amount(130), amount(190)] }],
  },
);
const AS_IT_IS: Presentation = { columns: [0, 1, 2], labels: [null, null, null], highlights: [] };
/** The report's own word for a field. */
const WORDING: Wording = {
  labels: { "o.cost": "Spent" },
  unit: { own: null, byField: {} },
  noun: { own: null, byField: {} },
  better: { own: null, byField: {} },
};

function shownWith(presentation: Partial<Presentation>, own: Parameters<typeof asShown>[1] = []) {
  return asShown(
    asLabelled(result(WHOLE, { presentation: { ...AS_IT_IS, ...presentation } })),
    own,
    ENGLISH.tables,
  );
}

/** Which cells stand out, as "row column". */
function marked({ result: { table: shown }, emphasis }: ReturnType<typeof shownWith>): string[] {
  return shown.rows.flatMap((row, at) =>
    row.flatMap((cell, place) =>
      emphasis.some((one) => one.column === place && standsOut(one, cell)) ? [`${at} ${place}`] : [],
    ),
  );
}

test("what is shown has the author's columns and labels, totals and subtotals too; the whole has all, and says what is hidden", () => {
  const presentation = { ...AS_IT_IS, columns: [2, 0], labels: [null, "Spent", "Net revenue"] };
  const whole = asLabelled(result(WHOLE, { presentation }));
  expect(whole.table.columns.map(({ label, fullLabel, isHidden }) => [label, fullLabel, isHidden])).toEqual([
    ["Region", undefined, undefined],
    ["Spent", "Spent", true],
    ["Net revenue", undefined, undefined],
  ]);
  const shown = asShown(whole, [], ENGLISH.tables).result.table;
  expect(shown).toMatchObject({
    columns: [{ label: "Net revenue" }, { label: "Region" }],
    rows: [
      [{ value: 100 }, { value: "North" }],
      [{ value: 90 }, { value: "South" }],
    ],
    totals: [{ value: 190 }, { value: "" }],
    subtotals: [{ after: 1, cells: [{ value: 190 }, { value: "All" }] }],
    rowCount: 2,
  });
});

test("a label that another column has is told apart", () => {
  const { result: made } = shownWith({ labels: [null, "Sales", null] });
  expect(made.table.columns.map(({ label }) => label)).toEqual([
    "Region",
    "Sales (o.cost)",
    "Sales (o.sales)",
  ]);
});

test("the files of a large result are read by the places of the columns that are shown, under labels of Looker's", () => {
  const csv = { formatted: null, raw: null, headingRows: 1, labels: ["Region", "Cost", "Sales"] };
  const of = (presentation: Presentation) =>
    asShown(asLabelled(result(WHOLE, { csv, presentation })), [], ENGLISH.tables).result.csv;
  expect(of({ ...AS_IT_IS, columns: [2, 0] })).toMatchObject({
    labels: ["Sales", "Region"],
    picked: { columns: [2, 0], of: 3 },
  });
  const relabelled = of({ ...AS_IT_IS, labels: ["Area", null, null] });
  expect(relabelled).toMatchObject({ labels: ["Area", "Orders Cost", "Sales"] });
  expect(relabelled).not.toHaveProperty("picked");
  const labelled = asLabelled(result(WHOLE, { csv, presentation: AS_IT_IS }));
  const worded = { ...labelled, table: wordedTable(labelled.table, WORDING, true) };
  expect(worded.table.columns.map(({ label }) => label)).toEqual(["Region", "Spent", "Sales"]);
  expect(asShown(worded, [], ENGLISH.tables).result.csv?.labels).toEqual(["Region", "Orders Cost", "Sales"]);
});

describe("what stands out", () => {
  test("Looker's rules, and for a column that the report has some for, the report's alone", () => {
    const highlights = [{ columns: [1, 2], when: { operator: ">" as const, operand: 65 } }];
    expect(marked(shownWith({ highlights }))).toEqual(["0 2", "1 1", "1 2"]);
    const own = [{ field: "o.sales", when: { operator: "<" as const, operand: 95 } }];
    expect(marked(shownWith({ highlights }, own))).toEqual(["1 1", "1 2"]);
    expect(marked(shownWith({ highlights }, null))).toEqual([]);
  });

  test("a hidden field that the report names marks the row, and Looker's rule of it nothing", () => {
    const presentation = {
      columns: [2, 0],
      highlights: [{ columns: [1], when: { operator: "<" as const, operand: 65 } }],
    };
    const own = [{ field: "o.cost", when: { operator: ">" as const, operand: 65 } }];
    const made = shownWith(presentation, own);
    expect(marked(made)).toEqual(["1 0"]);
    expect(made.emphasis.map(emphasisText)).toEqual(["where Cost > 65"]);
    expect(marked(shownWith(presentation))).toEqual([]);
    expect(() => shownWith(presentation, [{ field: "o.cots", when: { operator: ">", operand: 1 } }])).toThrow(
      "o.cots",
    );
  });

  test.each([
    [{ kind: "largest" as const }, ["0 2"]],
    [{ kind: "within" as const, low: 80, high: 95 }, ["1 2"]],
    [{ kind: "outside" as const, low: 80, high: 95 }, ["0 2"]],
    [{ kind: "present" as const }, ["0 2", "1 2"]],
    [{ kind: "empty" as const }, []],
  ])("%j", (when, cells) => {
    expect(marked(shownWith({ highlights: [{ columns: [2], when }] }))).toEqual(cells);
  });

  test("the largest of some rows is not said to be the largest of all, nor one of several that are alike", () => {
    const highlights = [{ columns: [1], when: { kind: "largest" as const } }];
    const presentation = { ...AS_IT_IS, highlights };
    const emphasisOf = (of: typeof WHOLE) =>
      asShown(asLabelled(result(of, { presentation })), [], ENGLISH.tables).emphasis;
    expect(emphasisOf({ ...WHOLE, rowCount: 9 })).toEqual([]);
    expect(emphasisOf({ ...WHOLE, rows: [[words("A"), amount(1), amount(2)]], rowCount: 1 })).toEqual([]);
  });
});

test("where all columns are hidden nothing is shown, and that is said", () => {
  const made = shownWith({ columns: [] });
  expect(made.result.table).toMatchObject({ columns: [], rows: [], rowCount: 2 });
  expect(nothingShown(made.result, ENGLISH.tables)).toBeNull();
  const whole = asLabelled(result(WHOLE, { presentation: { ...AS_IT_IS, columns: [] } }));
  expect(nothingShown(whole, ENGLISH.tables)).toContain("hide all 3 columns");
});

test("changes are told by the columns that are shown", () => {
  const changes = {
    since: "2026-11-09T13:00:00Z",
    key: [0],
    added: [[words("West"), amount(1), amount(2)]],
    gone: [],
    moved: [
      { now: [words("North"), amount(60), amount(100)], was: [null, null, amount(80)] },
      { now: [words("South"), amount(70), amount(90)], was: [null, amount(50), null] },
    ],
    counts: { added: 1, gone: 0, moved: 2, same: 0 },
  };
  const of = (columns: number[]) =>
    shownChanges(changes, result(WHOLE, { presentation: { ...AS_IT_IS, columns } }));
  expect(of([2, 0])).toMatchObject({
    key: [1],
    added: [[amount(2), words("West")]],
    moved: [{ now: [amount(100), words("North")], was: [amount(80), null] }],
    counts: { added: 1, gone: 0, moved: 1, same: 1 },
  });
  expect(of([2]).key).toEqual([0]);
});

describe("rows that its page leaves out", () => {
  const LARGE = column("is_large", "Large", { kind: "calculation", type: "yesno" });
  const row = (name: string, is: boolean | string | null) => [
    words(name),
    { value: is, rendered: String(is ?? "") },
  ];
  const FOUR = table(
    [REGION, LARGE],
    [row("North", true), row("South", false), row("East", "No"), row("West", null)],
    { totals: [words(""), amount(7)], subtotals: [{ after: 3, cells: [words("All"), amount(7)] }] },
  );
  const shown = (presentation: Partial<Presentation>, of: Table = FOUR) => {
    const whole = { ...AS_IT_IS, columns: [0, 1], labels: [null, null], ...presentation };
    return asShown(result(of, { presentation: whole }), [], ENGLISH.tables).result.table;
  };
  const names = (rows: Presentation["rows"]) =>
    shown({ ...(rows !== undefined && { rows }) }).rows.map(([name]) => name?.value);

  test("by a calculation's No, and then all but some at one end", () => {
    expect(names({ notIfNo: [1], part: null })).toEqual(["North", "West"]);
    const part = { isShown: true, end: "first", count: 1 } as const;
    expect(names({ notIfNo: [1], part })).toEqual(["North"]);
    expect(names({ notIfNo: [], part: { ...part, end: "last" } })).toEqual(["West"]);
    expect(names({ notIfNo: [], part: { ...part, isShown: false } })).toEqual(["South", "East", "West"]);
    expect(names({ notIfNo: [], part: { ...part, isShown: false, end: "last", count: 3 } })).toEqual([
      "North",
    ]);
    expect(names({ notIfNo: [], part: { ...part, count: 9 } })).toHaveLength(4);
  });

  test("their number is kept, since totals are of them too; subtotals are not shown without their rows", () => {
    const left = shown({ rows: { notIfNo: [1], part: null } });
    expect(left).toMatchObject({ rowCount: 2, rowsHidden: 2, totals: [{}, { value: 7 }] });
    expect(left.subtotals).toBeUndefined();
    expect(totalLabel(left, 2, ENGLISH)).toBe("Total of all rows in Looker");
    expect(shown({ hidesTotals: true }).totals).toBeUndefined();
  });

  test("of a result of which not all rows are at hand, none", () => {
    const rows = { notIfNo: [], part: { isShown: true, end: "last", count: 1 } } as const;
    expect(shown({ rows }, { ...FOUR, rowCount: 9 }).rows).toHaveLength(4);
  });
});
