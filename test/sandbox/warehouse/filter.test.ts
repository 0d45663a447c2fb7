import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { dateFilter } from "../../../src/sandbox/warehouse/filter/date.ts";
import { numberFilter } from "../../../src/sandbox/warehouse/filter/number.ts";
import { stringFilter } from "../../../src/sandbox/warehouse/filter/string.ts";
import { NOW, text } from "./flights.ts";

type Cell = string | number | null;

/** Tells which of the values a condition lets through, in their order. */
function selector(values: readonly Cell[]): (condition: string | null) => Cell[] {
  const db = new DatabaseSync(":memory:");
  db.exec("PRAGMA case_sensitive_like = ON; CREATE TABLE t (position INTEGER, x); BEGIN");
  const insert = db.prepare("INSERT INTO t VALUES (?, ?)");
  values.forEach((value, index) => {
    insert.run(index, value);
  });
  db.exec("COMMIT");
  return (condition) => {
    const found = db.prepare(`SELECT x FROM t WHERE ${condition} ORDER BY position`).all();
    return found.map((row) => row.x as Cell);
  };
}

describe("string filters", () => {
  const values = [
    "FOO",
    "FOOD",
    "BUFFOO",
    "foo",
    "A, B",
    "50%",
    "f_x",
    "fax",
    "-dash",
    '"q"',
    "^",
    "NULL",
    "",
    null,
  ];
  const selected = selector(values);
  test.each<[string, (string | null)[]]>([
    ["FOO", ["FOO"]],
    ["FOO,foo", ["FOO", "foo"]],
    [" FOO , foo ", ["FOO", "foo"]],
    ["%FOO%", ["FOO", "FOOD", "BUFFOO"]],
    ["FOO%", ["FOO", "FOOD"]],
    ["%FOO", ["FOO", "BUFFOO"]],
    ["F%D", ["FOOD"]],
    ["FOO_", ["FOOD"]],
    ["FOO%,-FOOD", ["FOO"]],
    [
      "-%O%,-foo",
      ["A, B", "50%", "f_x", "fax", "-dash", '"q"', "^", "NULL", "", null].filter(
        (value) => !value?.includes("O"),
      ),
    ],
    ['-FOO,-FOOD,-BUFFOO,-foo,-f%,-50^%,-^-dash,-^^,-^"q^",-"NULL",-A^, B', ["", null]],
    ["A^, B", ["A, B"]],
    ["A\\, B", ["A, B"]],
    ['"A, B"', ["A, B"]],
    ["50^%", ["50%"]],
    ["f^_x", ["f_x"]],
    ["f_x", ["f_x", "fax"]],
    ["^-dash", ["-dash"]],
    ["^^", ["^"]],
    ['^"q^"', ['"q"']],
    ["EMPTY", ["", null]],
    ["NULL", [null]],
    ["FOO,NULL", ["FOO", null]],
    [
      "-NULL,-%O%,-foo,-f%",
      ["A, B", "50%", "-dash", '"q"', "^", "NULL", ""].filter((value) => !value.includes("O")),
    ],
    ["-EMPTY,FOO", ["FOO"]],
    ["it's", []],
    ["", values],
  ])("%j", (expression, expected) => {
    expect(selected(stringFilter("x", expression))).toEqual(expected);
  });
});

describe("number filters", () => {
  const values = [-5, 0, 1, 3, 5, 6, 7, 9, 10, 10.5, 99, 500, 501, null];
  const selected = selector(values);
  test.each<[string, (number | null)[]]>([
    ["5", [5]],
    ["-5", [-5]],
    ["10.5", [10.5]],
    ["1, 3,5", [1, 3, 5]],
    ["1 OR 3", [1, 3]],
    ["NOT 5", [-5, 0, 1, 3, 6, 7, 9, 10, 10.5, 99, 500, 501, null]],
    ["<>5", [-5, 0, 1, 3, 6, 7, 9, 10, 10.5, 99, 500, 501, null]],
    ["!=5", [-5, 0, 1, 3, 6, 7, 9, 10, 10.5, 99, 500, 501, null]],
    ["NOT 5, 6, 99", [-5, 0, 1, 3, 7, 9, 10, 10.5, 500, 501, null]],
    [">99", [500, 501]],
    [">=99", [99, 500, 501]],
    ["< 1", [-5, 0]],
    ["<=1", [-5, 0, 1]],
    [">=3 AND <=10", [3, 5, 6, 7, 9, 10]],
    [">=3 and <=10, NOT 5", [3, 6, 7, 9, 10]],
    ["<0 OR >500", [-5, 501]],
    ["3 to 10", [3, 5, 6, 7, 9, 10]],
    ["500 to", [500, 501]],
    ["to 0", [-5, 0]],
    ["[0,9]", [0, 1, 3, 5, 6, 7, 9]],
    ["(1,7)", [3, 5, 6]],
    ["(1,7]", [3, 5, 6, 7]],
    ["[1, 7)", [1, 3, 5, 6]],
    ["(500, inf)", [501]],
    ["(-inf, 0]", [-5, 0]],
    ["[500,]", [500, 501]],
    ["NOT (0,500]", [-5, 0, 501, null]],
    ["1,[5,6],>500", [1, 5, 6, 501]],
    ["NULL", [null]],
    ["NOT NULL", [-5, 0, 1, 3, 5, 6, 7, 9, 10, 10.5, 99, 500, 501]],
    ["5, NULL", [5, null]],
    ["NOT NULL, NOT 5", [-5, 0, 1, 3, 6, 7, 9, 10, 10.5, 99, 500, 501]],
  ])("%j", (expression, expected) => {
    expect(selected(numberFilter("x", expression))).toEqual(expected);
  });

  test.each(["five", "5 6", ">", ">=a", "[1,2", "(,)", "1,,2", "to", "5;DROP TABLE t", ","])(
    "%j cannot be read",
    (expression) => {
      expect(numberFilter("x", expression)).toBeNull();
    },
  );
});

describe("date filters", () => {
  // NOW is Saturday 2026-11-21 10:20:30. Each expectation is the first and the last of these instants that pass.
  const values: (string | null)[] = [];
  for (let hour = Date.UTC(2025, 0, 1); hour < Date.UTC(2027, 11, 31); hour += 3_600_000) {
    values.push(new Date(hour).toISOString().slice(0, 19).replace("T", " "));
  }
  const span = (from: string, to: string) =>
    values.filter((value) => value !== null && value >= from && value <= to);

  const selected = selector(values);
  test.each<[string, string, string]>([
    ["today", "2026-11-21 00", "2026-11-21 24"],
    ["yesterday", "2026-11-20 00", "2026-11-20 24"],
    ["tomorrow", "2026-11-22 00", "2026-11-22 24"],
    ["7 days", "2026-11-15 00", "2026-11-21 24"],
    ["1 day", "2026-11-21 00", "2026-11-21 24"],
    ["7 days ago", "2026-11-14 00", "2026-11-14 24"],
    ["7 days ago for 7 days", "2026-11-14 00", "2026-11-20 24"],
    ["7 DAYS AGO FOR 2 DAYS", "2026-11-14 00", "2026-11-15 24"],
    ["7 complete days", "2026-11-14 00", "2026-11-20 24"],
    ["last 7 days", "2026-11-15 00", "2026-11-21 24"],
    ["next 2 days", "2026-11-22 00", "2026-11-23 24"],
    ["2 days from now", "2026-11-23 00", "2026-11-23 24"],
    ["1 day from now for 3 days", "2026-11-22 00", "2026-11-24 24"],
    ["24 hours", "2026-11-20 11", "2026-11-21 10:59"],
    ["2 hours ago", "2026-11-21 08", "2026-11-21 08:59"],
    ["90 minutes", "2026-11-21 08:51", "2026-11-21 10:20:59"],
    ["this week", "2026-11-16 00", "2026-11-22 24"],
    ["last week", "2026-11-09 00", "2026-11-15 24"],
    ["next week", "2026-11-23 00", "2026-11-29 24"],
    ["2 weeks", "2026-11-09 00", "2026-11-22 24"],
    ["2 weeks ago", "2026-11-02 00", "2026-11-08 24"],
    ["2 weeks ago for 2 weeks", "2026-11-02 00", "2026-11-15 24"],
    ["last 2 weeks", "2026-11-09 00", "2026-11-22 24"],
    ["this month", "2026-11-01 00", "2026-11-30 24"],
    ["last month", "2026-10-01 00", "2026-10-31 24"],
    ["3 months", "2026-09-01 00", "2026-11-30 24"],
    ["3 months ago for 2 days", "2026-08-01 00", "2026-08-02 24"],
    ["12 months ago for 12 months", "2025-11-01 00", "2026-10-31 24"],
    ["this quarter", "2026-10-01 00", "2026-12-31 24"],
    ["last quarter", "2026-07-01 00", "2026-09-30 24"],
    ["4 quarters ago for 4 quarters", "2025-10-01 00", "2026-09-30 24"],
    ["this year", "2026-01-01 00", "2026-12-31 24"],
    ["last year", "2025-01-01 00", "2025-12-31 24"],
    ["1 year ago for 1 year", "2025-01-01 00", "2025-12-31 24"],
    ["this month to day", "2026-11-01 00", "2026-11-20 24"],
    ["this year to second", "2026-01-01 00", "2026-11-21 10:20:29"],
    ["monday", "2026-11-16 00", "2026-11-16 24"],
    ["Saturday", "2026-11-21 00", "2026-11-21 24"],
    ["sunday", "2026-11-15 00", "2026-11-15 24"],
    ["monday for 3 days", "2026-11-16 00", "2026-11-18 24"],
    ["2026", "2026-01-01 00", "2026-12-31 24"],
    ["2026/05", "2026-05-01 00", "2026-05-31 24"],
    ["2026-02", "2026-02-01 00", "2026-02-28 24"],
    ["2026-Q2", "2026-04-01 00", "2026-06-30 24"],
    ["FY2026-Q1", "2026-01-01 00", "2026-03-31 24"],
    ["2026/05 for 2 months", "2026-05-01 00", "2026-06-30 24"],
    ["2026-05-01", "2026-05-01 00", "2026-05-01 24"],
    ["2026/05/01", "2026-05-01 00", "2026-05-01 24"],
    ["2026-05-01 14:00", "2026-05-01 14", "2026-05-01 14:00:59"],
    ["2026/05/01 for 3 days", "2026-05-01 00", "2026-05-03 24"],
    ["2026-05-01 to 2026-05-03", "2026-05-01 00", "2026-05-02 24"],
    ["2026-05-01T06:00 to 2026-05-01  08:30", "2026-05-01 06", "2026-05-01 08:29"],
    ["2026-05-01 06:00 to 2026-05-01 08:30:00", "2026-05-01 06", "2026-05-01 08:29"],
    ["after 2027/12/30", "2027-12-30 00", "2028"],
    ["before 2025-01-02", "2025", "2025-01-01 24"],
    ["before 2025-01-01 02:00:00", "2025", "2025-01-01 01:59"],
    ["before 22 months ago", "2025", "2024-12-31 24"],
    ["after 400 days from now", "2027-12-26 00", "2028"],
    ["before yesterday", "2025", "2026-11-19 24"],
    ["before this week", "2025", "2026-11-15 24"],
    ["after last month", "2026-10-01 00", "2028"],
  ])("%j runs from %s to %s", (expression, from, to) => {
    expect(selected(dateFilter("x", expression, NOW))).toEqual(span(from, to));
  });

  test("several are joined by commas or OR", () => {
    const expected = [...span("2026-05-01", "2026-05-01 24"), ...span("2026-11-20", "2026-11-20 24")];
    expect(selected(dateFilter("x", "2026-05-01, yesterday", NOW))).toEqual(expected);
    expect(selected(dateFilter("x", "2026-05-01 OR yesterday", NOW))).toEqual(expected);
  });

  test("nulls can be asked for and left out", () => {
    const some = ["2026-05-01 00:00:00", null];
    const fewSelected = selector(some);
    expect(fewSelected(dateFilter("x", "NULL", NOW))).toEqual([null]);
    expect(fewSelected(dateFilter("x", "not null", NOW))).toEqual(["2026-05-01 00:00:00"]);
    expect(fewSelected(dateFilter("x", "null, 2026", NOW))).toEqual(some);
  });

  test("a month's end is kept within the month", () => {
    const leap = new Date("2024-03-31T12:00:00Z");
    expect(dateFilter("x", "last month", leap)).toBe(
      "(x >= '2024-02-01 00:00:00' AND x < '2024-03-01 00:00:00')",
    );
    expect(dateFilter("x", "2024-01-31 for 1 month", leap)).toBe(
      "(x >= '2024-01-31 00:00:00' AND x < '2024-02-29 00:00:00')",
    );
  });

  test.each([
    "soon",
    "7",
    "7 dogs",
    "2026-13",
    "2026-02-30",
    "2026-02-30 to 2026-03-02",
    "before",
    "last",
    "days ago",
    "2026-01-01 to",
    "x' OR 1=1",
  ])("%j cannot be read", (expression) => {
    expect(dateFilter("x", expression, NOW)).toBeNull();
  });
});

describe("filters in a query", () => {
  const count = (filters: Record<string, string>) =>
    Number(text({ fields: ["flights.count"], filters }).split("\n")[1]);

  test.each(["Yes,No", "", "any value", "yes,no"])("a yesno filter %j lets all pass", (expression) => {
    expect(count({ "flights.is_delayed": expression })).toBe(20000);
  });

  test("yes and no are complements", () => {
    const [yes, no] = [count({ "flights.is_delayed": "Yes" }), count({ "flights.is_delayed": "no" })];
    expect(yes).toBeGreaterThan(0);
    expect(yes + no).toBe(20000);
  });

  test.each<[string, string]>([
    ["flights.is_delayed", "perhaps"],
    ["flights.distance", "far"],
    ["flights.date_date", "someday"],
    ["flights.count", "many"],
  ])("%s with %j is refused by name", (field, expression) => {
    expect(() => text({ fields: ["flights.count"], filters: { [field]: expression } })).toThrow(
      `Invalid filter expression "${expression}" for "${field}".`,
    );
  });
});
