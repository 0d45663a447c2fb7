import { expect, test } from "vitest";
import { isObject, type JsonObject, parseExactly } from "../../../src/looker/http/loose-json.ts";
import { readDetail } from "../../../src/looker/result/json-detail.ts";

const facts = { webUrl: "https://acme.looker.com", fieldOrder: [], limit: 5_000, columnLimit: 50 };

const dimension = (name: string, more: object = {}) => ({
  name,
  label: `V ${name}`,
  label_short: name.split(".")[1],
  is_numeric: false,
  hidden: false,
  ...more,
});
const measure = (name: string, more: object = {}) => dimension(name, { is_numeric: true, ...more });

function detail(
  parts: { dimensions?: object[]; measures?: object[]; table_calculations?: object[]; pivots?: object[] },
  rest: object = {},
): JsonObject {
  return {
    fields: { dimensions: [], measures: [], table_calculations: [], pivots: [], ...parts },
    data: [],
    ...rest,
  };
}

test("columns are dimensions, measures, calculations, each in the query's order", () => {
  const answer = detail({
    measures: [measure("v.m1"), measure("v.m2")],
    table_calculations: [{ name: "calc", label: "Calc", is_numeric: true }],
    dimensions: [dimension("v.d1"), dimension("v.d2")],
  });
  const { table } = readDetail(answer, { ...facts, fieldOrder: ["v.m2", "v.d2", "v.d1", "v.m1"] });
  expect(table.columns.map(({ name, kind, isNumeric }) => [name, kind, isNumeric])).toEqual([
    ["v.d2", "dimension", false],
    ["v.d1", "dimension", false],
    ["v.m2", "measure", true],
    ["v.m1", "measure", true],
    ["calc", "calculation", true],
  ]);
});

test("a cell shows what is rendered, or else its value; html is never used", () => {
  const answer = detail(
    {
      dimensions: [
        dimension("v.a"),
        dimension("v.b"),
        dimension("v.c"),
        dimension("v.d"),
        dimension("v.e"),
        dimension("v.f"),
        dimension("v.g"),
      ],
    },
    {
      data: [
        {
          "v.a": { value: 1234.5, rendered: "$1,234.50", html: "<b>$1,234.50</b>" },
          "v.b": { value: 7 },
          "v.c": { value: null },
          "v.d": { value: true },
          "v.e": { value: "Yes" },
          "v.f": { value: [1, 2] },
        },
      ],
    },
  );
  expect(readDetail(answer, facts).table.rows).toEqual([
    [
      { value: 1234.5, rendered: "$1,234.50" },
      { value: 7, rendered: "7" },
      { value: null, rendered: "" },
      { value: true, rendered: "true" },
      { value: "Yes", rendered: "Yes" },
      { value: "[1,2]", rendered: "[1,2]" },
      { value: null, rendered: "" },
    ],
  ]);
});

test("only the model's own links become addresses, absolute and of the web", () => {
  const link = (links: unknown) => ({ value: "x", links });
  const answer = detail(
    { dimensions: ["a", "b", "c", "d", "e"].map((name) => dimension(`v.${name}`)) },
    {
      data: [
        {
          "v.a": link([
            { type: "drill", url: "/explore/x" },
            { type: "measure_default", url: "/explore/y" },
            { label: "Open", url: "https://crm.example/1?a=b c" },
          ]),
          "v.b": link([{ label: "Board", type: "url", url: "/dashboards/7" }]),
          "v.c": link([{ label: "No", url: "javascript:alert(1)" }]),
          "v.d": link([{ label: "No" }, null, { url: "" }]),
          "v.e": link("nonsense"),
        },
      ],
    },
  );
  const [row = []] = readDetail(answer, facts).table.rows;
  expect(row.map(({ href }) => href ?? null)).toEqual([
    "https://crm.example/1?a=b%20c",
    "https://acme.looker.com/dashboards/7",
    null,
    null,
    null,
  ]);
});

test("labels are short where that is clear, and told apart by field where they repeat", () => {
  const answer = detail({
    dimensions: [
      dimension("orders.id", { label: "Orders ID", label_short: "ID" }),
      dimension("users.id", { label: "Users ID", label_short: "ID" }),
      dimension("orders.status", { label: "Orders Status", label_short: "Status" }),
    ],
    measures: [
      measure("a.count", { label: "Count", label_short: "Count" }),
      measure("b.count", { label: "Count", label_short: "Count" }),
    ],
  });
  const { table, warnings } = readDetail(answer, facts);
  expect(table.columns.map(({ label }) => label)).toEqual([
    "Orders ID",
    "Users ID",
    "Status",
    "Count (a.count)",
    "Count (b.count)",
  ]);
  expect(warnings).toEqual([expect.stringMatching(/"Count".*LookML/)]);
});

test("full labels have the view's name, and are told apart where they repeat", () => {
  const answer = detail({
    dimensions: [
      dimension("a.day", { label: "Flights Day", label_short: "Day" }),
      dimension("b.day", { label: "Flights Day", label_short: "Other Day" }),
      dimension("c.bare", { label: undefined, label_short: "Bare" }),
    ],
    measures: [measure("a.count", { label: "Flights Count", label_short: "Count" })],
  });
  const { table, warnings } = readDetail(answer, facts);
  expect(table.columns.map(({ label, fullLabel }) => [label, fullLabel])).toEqual([
    ["Day", "Flights Day (a.day)"],
    ["Other Day", "Flights Day (b.day)"],
    ["Bare", "c.bare"],
    ["Count", "Flights Count"],
  ]);
  // The digest's labels differ, but in the file they repeat.
  expect(warnings).toEqual([expect.stringContaining('"Flights Day"')]);
});

test("a field that the model hides from the field picker is shown where the query selects it", () => {
  const answer = detail(
    { dimensions: [dimension("v.a"), dimension("v.key", { hidden: true })] },
    { data: [{ "v.a": { value: "x" }, "v.key": { value: 9 } }] },
  );
  const { table, warnings } = readDetail(answer, facts);
  expect(table.rows).toEqual([
    [
      { value: "x", rendered: "x" },
      { value: 9, rendered: "9" },
    ],
  ]);
  expect(warnings).toEqual([]);
});

const pivoted = detail(
  {
    dimensions: [dimension("v.day")],
    pivots: [dimension("v.state", { label_short: "State" }), dimension("v.size", { label_short: "Size" })],
    measures: [measure("v.count"), measure("v.sum")],
    table_calculations: [
      { name: "share", label: "Share", is_numeric: true },
      { name: "overall", label: "Overall", is_numeric: true },
    ],
  },
  {
    has_row_totals: true,
    pivots: [
      {
        key: "ny|FIELD|1",
        data: { "v.state": "ny", "v.size": 1 },
        metadata: { "v.size": { rendered: "small" } },
        is_total: false,
      },
      {
        key: "null|FIELD|2",
        data: { "v.state": null, "v.size": 2 },
        labels: { "v.size": "<a href='#drillmenu' target='_self'>large</a>" },
        metadata: { "v.state": { value: null }, "v.size": { value: "large" } },
      },
    ],
    data: [
      {
        "v.day": { value: "Mon" },
        "v.count": {
          "ny|FIELD|1": { value: 1 },
          "null|FIELD|2": { value: null },
          $$$_row_total_$$$: { value: 1 },
        },
        "v.sum": {
          "ny|FIELD|1": { value: 10, rendered: "$10" },
          $$$_row_total_$$$: { value: 10, rendered: "$10" },
        },
        share: { "ny|FIELD|1": { value: 1, rendered: "100%" }, "null|FIELD|2": { value: 0 } },
        overall: { value: 3 },
      },
    ],
    totals_data: { "v.count": { "ny|FIELD|1": { value: 5 } }, overall: { value: 8 } },
  },
);

test("pivots make a column for each value and measure, row totals last, and then what is not pivoted", () => {
  const { table } = readDetail(pivoted, facts);
  expect(table.pivotLabels).toEqual(["State", "Size"]);
  expect(table.columns.map(({ label }) => label)).toEqual([
    "day",
    "count – ny – small",
    "sum – ny – small",
    "Share – ny – small",
    "count – ∅ – large",
    "sum – ∅ – large",
    "Share – ∅ – large",
    "count – Row total",
    "sum – Row total",
    "Overall",
  ]);
  expect(table.columns.map(({ fullLabel }) => fullLabel).slice(0, 4)).toEqual([
    "V v.day",
    "V v.count – ny – small",
    "V v.sum – ny – small",
    "Share – ny – small",
  ]);
  expect(table.columns[1]?.pivot).toEqual({ values: ["ny", "small"], isRowTotal: false });
  expect(table.columns[7]?.pivot).toEqual({ values: ["Row total", ""], isRowTotal: true });
  expect(table.columns[9]?.pivot).toBeUndefined();
  expect(table.rows[0]?.map(({ rendered }) => rendered)).toEqual([
    "Mon",
    "1",
    "$10",
    "100%",
    "",
    "",
    "0",
    "1",
    "$10",
    "3",
  ]);
});

test("column totals are under their columns, pivoted ones too", () => {
  expect(readDetail(pivoted, facts).table.totals?.map(({ rendered }) => rendered)).toEqual([
    "",
    "5",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "8",
  ]);
  expect(readDetail(detail({ dimensions: [dimension("v.a")] }), facts).table.totals).toBeUndefined();
});

test("the row count is exact only below the limit", () => {
  const rows = (count: number) =>
    detail(
      { dimensions: [dimension("v.a")] },
      { data: Array.from({ length: count }, () => ({ "v.a": { value: 1 } })) },
    );
  expect(readDetail(rows(3), { ...facts, limit: 4 }).table).toMatchObject({
    rowCount: 3,
    rowCountIsExact: true,
  });
  expect(readDetail(rows(4), { ...facts, limit: 4 }).table).toMatchObject({
    rowCount: 4,
    rowCountIsExact: false,
  });
  const single = detail({ measures: [measure("v.m")] }, { data: [{ "v.m": { value: 1 } }] });
  expect(readDetail(single, { ...facts, limit: 1 }).table.rowCountIsExact).toBe(true);
  expect(readDetail({ ...rows(0), truncated: true }, facts).table).toMatchObject({
    rowCount: 0,
    rowCountIsExact: true,
  });
});

test("when it ran, from where, and by which SQL is kept; what is missing is null", () => {
  const told = detail({}, { ran_at: "2026-11-16T08:00:00+00:00", from_cache: true, sql: "SELECT 1" });
  expect(readDetail(told, facts)).toMatchObject({
    ranAt: new Date("2026-11-16T08:00:00Z"),
    fromCache: true,
    sql: "SELECT 1",
  });
  expect(readDetail(detail({}, { ran_at: "soon" }), facts)).toMatchObject({
    ranAt: null,
    fromCache: null,
    sql: null,
  });
});

test.each<JsonObject>([
  {},
  { fields: null, data: null },
  {
    fields: { dimensions: [{ name: "v.a" }, null, {}] },
    data: [null, { "v.a": "bare" }, { "v.a": 3 }],
    pivots: [{}, null],
  },
  {
    fields: { dimensions: "x", measures: {}, surprise: [] },
    data: [{ "v.new": { value: 1 } }],
    totals_data: "none",
    has_row_totals: true,
  },
])("a strange answer makes a table all the same: %j", (answer) => {
  const { table } = readDetail(answer, facts);
  expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
});

test("whether a column is numeric is told by its values where the field does not", () => {
  const answer = detail(
    {
      dimensions: [
        { name: "v.a", label: "A" },
        { name: "v.b", label: "B" },
      ],
    },
    {
      data: [
        { "v.a": { value: 1 }, "v.b": { value: "1" } },
        { "v.a": { value: null }, "v.b": { value: "x" } },
      ],
    },
  );
  expect(readDetail(answer, facts).table.columns.map(({ isNumeric }) => isNumeric)).toEqual([true, false]);
});

test("numbers that no double can hold keep all their digits", () => {
  const parsed = parseExactly(
    '{"a":{"value":12345678901234567890},"b":{"value":-9007199254740993},"c":1.5e300,"d":12345678901234.5678,"e":[9007199254740991]}',
  );
  expect(parsed).toEqual({
    a: { value: "12345678901234567890" },
    b: { value: "-9007199254740993" },
    c: 1.5e300,
    d: "12345678901234.5678",
    e: [9007199254740991],
  });
  expect(isObject(parsed)).toBe(true);
});

test.each([
  ["-9223372036854775808", "-9223372036854775808"],
  ["12345678.123456789012345678", "12345678.123456789012345678"],
  ["-9007199254740993.25", "-9007199254740993.25"],
  ["0.063417250592446794", "0.063417250592446794"],
  ["100000000000000000000.5", "100000000000000000000.5"],
  ["1.2345678901234567890e-7", "1.2345678901234567890e-7"],
  // Doubles as they are written again.
  ["0.30000000000000004", 0.30000000000000004],
  ["12.400000000000002", 12.400000000000002],
  ["9007199254740992", 9007199254740992],
  ["100000000000000000000", 1e20],
  ["1.5000000000000000000000", 1.5],
  ["0.000000000000000000012", 1.2e-20],
])("%s is read as %j, whatever else is in the text", (source, value) => {
  expect(parseExactly(`{"a":[{"value":${source}}, "1234567890123456789", {"value":${source}}]}`)).toEqual({
    a: [{ value }, "1234567890123456789", { value }],
  });
});

test("a pivot's heading is what is rendered, else its value, else its datum, and never the HTML of its labels", () => {
  const labels = { "v.state": "<a href='#drillmenu'>Control</a>" };
  const heading = (pivot: object) => {
    const answer = detail(
      { pivots: [dimension("v.state")], measures: [measure("v.count")] },
      { pivots: [{ key: "c", labels, ...pivot }] },
    );
    return readDetail(answer, facts).table.columns[0]?.pivot?.values[0];
  };
  const data = { "v.state": "c" };
  expect(heading({ data, metadata: { "v.state": { value: "Control", rendered: "CONTROL" } } })).toBe(
    "CONTROL",
  );
  expect(heading({ data, metadata: { "v.state": { value: "Control" } } })).toBe("Control");
  expect(heading({ data, metadata: { "v.state": { value: false } } })).toBe("false");
  expect(heading({ data })).toBe("c");
  expect(heading({ data: { "v.state": null }, metadata: { "v.state": { value: null } } })).toBe("∅");
});

test("columns that Looker left out are known by its word, else by their number", () => {
  const keys = ["a", "b", "c"];
  const cut = (told: object, columnLimit: number) =>
    readDetail(
      detail(
        { pivots: [dimension("v.state")], measures: [measure("v.count"), measure("v.sum")] },
        {
          has_row_totals: true,
          pivots: keys.map((key) => ({ key, data: { "v.state": key } })),
          data: [{ "v.count": { a: { value: 1 }, $$$_row_total_$$$: { value: 1 } } }],
          ...told,
        },
      ),
      { ...facts, columnLimit },
    ).table.columnsCut;
  for (const yes of ["yes", "Yes", true])
    expect(cut({ columns_truncated: yes }, 3)).toEqual({ limit: 3, isCertain: true });
  for (const no of ["no", false]) expect(cut({ columns_truncated: no }, 3)).toBeUndefined();
  expect(cut({}, 3)).toEqual({ limit: 3, isCertain: false });
  expect(cut({}, 4)).toBeUndefined();
});

test("totals and cells that come without their format are written in that of their column", () => {
  const answer = detail(
    {
      dimensions: [dimension("v.a")],
      measures: [
        measure("v.money", { value_format: "$#,##0.00" }),
        measure("v.share"),
        measure("v.count"),
        measure("v.own", { value_format: "0" }),
      ],
    },
    {
      number_format: "1.234,56",
      data: [
        {
          "v.a": { value: "x" },
          "v.money": { value: 1200.5 },
          "v.share": { value: 0.125, rendered: "12,5%" },
          "v.count": { value: 3 },
          "v.own": { value: 7.4, rendered: "7,4 own" },
        },
      ],
      totals_data: {
        "v.money": { value: 12345.5, html: "<a>$12.345,50</a>", links: [{ url: "" }] },
        "v.share": { value: 0.25, html: "<a>25,0%</a>" },
        "v.count": { value: 12345678 },
        "v.own": { value: 9.2, rendered: "9,2 own" },
      },
    },
  );
  const { rows, totals } = readDetail(answer, facts).table;
  expect(rows[0]?.map(({ rendered }) => rendered)).toEqual(["x", "$1.200,50", "12,5%", "3", "7,4 own"]);
  expect(totals?.map(({ rendered }) => rendered)).toEqual([
    "",
    "$12.345,50",
    "25,0%",
    "12.345.678",
    "9,2 own",
  ]);
});

const many = (count: number) => Array.from({ length: count }, (_, index) => dimension(`v.d${index}`));

test("more columns than a sheet has are refused before they are made, those of a pivot as well", () => {
  expect(() => readDetail(detail({ dimensions: many(16_385) }), facts)).toThrow(
    expect.objectContaining({
      code: "too_large",
      message: "The result has 16,385 columns; at most 16,384 are taken.",
    }),
  );
  const measures = [measure("v.m1"), measure("v.m2")];
  const pivots = Array.from({ length: 100_000 }, (_, index) => ({ key: String(index), data: {} }));
  const wide = detail({ measures, pivots: [dimension("v.p")] }, { pivots });
  expect(() => readDetail(wide, facts)).toThrow("200,000 columns");
  expect(readDetail(detail({ dimensions: many(16_384) }), facts).table.columns).toHaveLength(16_384);
});

test("rows that leave their cells out cannot make more of them than there is memory", () => {
  const answer = detail({ dimensions: many(5_000) }, { data: Array.from({ length: 1_001 }, () => ({})) });
  expect(() => readDetail(answer, facts)).toThrow("5,005,000 cells; at most 5,000,000");
});

test("a value that is nested deeper than any is a cell like the others, and a link longer than any is none", () => {
  const value = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);
  const links = [{ label: "x", url: `https://a.example/${"x".repeat(10_000)}`, type: "url" }];
  const data = [{ "v.a": { value }, "v.b": { value: "b", links } }];
  const answer = detail({ dimensions: [dimension("v.a"), dimension("v.b")] }, { data });
  const [row] = readDetail(answer, facts).table.rows;
  expect(row).toEqual([
    { value: "(nested too deeply)", rendered: "(nested too deeply)" },
    { value: "b", rendered: "b" },
  ]);
});
