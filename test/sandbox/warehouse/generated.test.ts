import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { OPTIONS, rows, text, warehouse } from "./flights.ts";

const fields = ["generated.id", "generated.name", "generated.amount", "generated.day", "generated.note"];
const generated = { model: "sandbox", view: "generated", fields };

describe("the number of rows", () => {
  const count = (limit: string | null, rowsFilter?: string) => {
    const filters = rowsFilter === undefined ? {} : { "generated.rows": rowsFilter };
    return warehouse.run({ ...generated, limit, filters }, OPTIONS).rowCount;
  };

  test.each<[string | null, string | undefined, number]>([
    [null, undefined, 5000],
    ["12", undefined, 12],
    ["0", undefined, 0],
    ["-1", undefined, 100_000],
    ["-1", "5000000", 5_000_000],
    ["-1", "0", 0],
    ["12", "7", 7],
    ["12", "5000000", 12],
    ["2000000", undefined, 2_000_000],
  ])("limit %j and filter %j give %d", (limit, rowsFilter, expected) => {
    expect(count(limit, rowsFilter)).toBe(expected);
  });

  test("can only be one plain number", () => {
    expect(() => count("-1", ">5")).toThrow(
      'Invalid filter expression ">5" for "generated.rows": it takes one number.',
    );
  });
});

test.each<[object, string]>([
  [{ pivots: ["generated.name"] }, "it has no pivots."],
  [{ sorts: ["generated.amount desc"] }, 'it has no sorts but "generated.id".'],
  [{ filters: { "generated.name": "Ada%" } }, 'it has no filters but "generated.rows".'],
  [
    { dynamic_fields: '[{"table_calculation":"c","expression":"1"}]', fields: ["generated.id", "c"] },
    "it has no table calculations.",
  ],
  [{ dynamic_fields: '[{"dimension":"d","expression":"1"}]', fields: ["d"] }, "it has no custom fields."],
])("%j is refused, not ignored", (change, message) => {
  expect(() => text({ ...generated, ...change })).toThrow(message);
});

test("the rows are there, each once, and CSV and JSON agree on them", () => {
  const query = { ...generated, limit: "12000" };
  const [header, ...lines] = parse(text(query));
  const objects = rows(query);
  expect(header).toEqual([
    "Generated ID",
    "Generated Name",
    "Generated Amount",
    "Generated Day",
    "Generated Note",
  ]);
  expect(objects.map((row) => row["generated.id"])).toEqual(
    Array.from({ length: 12000 }, (_, index) => index + 1),
  );
  expect(lines).toEqual(objects.map((row) => fields.map((name) => String(row[name] ?? ""))));
  expect(objects.some((row) => row["generated.amount"] === null)).toBe(true);
  expect(lines.some((line: string[]) => /[",\n東]/.test(line[4]!))).toBe(true);
});

test("rows come in chunks of about 64 kB, and only as far as they are read", () => {
  // Ten thousand million rows: this would never end if anything but the chunks that are read were made.
  const filters = { "generated.rows": "10000000000" };
  const chunks = warehouse
    .run({ ...generated, limit: "-1", filters }, OPTIONS)
    .bytes("csv")
    [Symbol.iterator]();
  for (let index = 0; index < 5; index += 1) {
    const size = (chunks.next().value as string).length;
    expect(size).toBeGreaterThan(63_000);
    expect(size).toBeLessThan(68_000);
  }
});
