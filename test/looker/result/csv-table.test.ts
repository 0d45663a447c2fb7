import { expect, test } from "vitest";
import { tableOfCsv } from "../../../src/looker/result/csv-table.ts";

test("a file with as many pivot values as the query's column limit may lack more of them", () => {
  const headings = [
    ["Week", "2026-11-02", "2026-11-02", "2026-11-09", "2026-11-09", "Row Totals"],
    ["State", "Flights", "Delay", "Flights", "Delay", "Flights"],
  ];
  const received = { file: { path: "", bytes: 0 }, headings, head: [], rowCount: 0 };
  const cut = (columnLimit: number) =>
    tableOfCsv(received, { raw: null, names: [], known: [], fields: [], limit: -1, columnLimit }).table
      .columnsCut;
  expect(cut(2)).toEqual({ limit: 2, isCertain: false });
  expect(cut(3)).toBeUndefined();
});
