import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type JsonObject, objectIn } from "../../../src/looker/http/loose-json.ts";
import { judge } from "../../../src/looker/query/verdict.ts";
import { readDetail } from "../../../src/looker/result/json-detail.ts";

/** Answers recorded from real Looker servers, which are kept beside the project where they are at hand. */
const folder = path.resolve(import.meta.dirname, "../../../../shared/looker/captures");
const isAbsent = !existsSync(folder);
if (isAbsent) console.warn(`Skipped: no recorded answers of Looker servers at ${folder}`);

function recorded(name: string): JsonObject {
  return objectIn(objectIn(JSON.parse(readFileSync(path.join(folder, name), "utf8"))).response);
}

const facts = { webUrl: "https://acme.looker.com", fieldOrder: [], limit: 500, columnLimit: 50 };

test.skipIf(isAbsent)("a result of 2017 with drill links", () => {
  const verdict = judge(recorded("json_detail_with_drill_links.json"));
  if (verdict.kind !== "detail") throw new Error("It is data, although it has a status as a task has");
  const { table, ranAt, fromCache } = readDetail(verdict.detail, facts);
  expect(table.columns.map(({ label, isNumeric }) => [label, isNumeric])).toEqual([
    ["Created Month", false],
    ["Count", true],
  ]);
  expect(table.rows[0]).toEqual([
    { value: "2017-07", rendered: "2017-07" },
    { value: 773, rendered: "773" },
  ]);
  expect(table.rows.flat().filter(({ href }) => href !== undefined)).toEqual([]);
  expect({ ranAt, fromCache, exact: table.rowCountIsExact }).toEqual({
    ranAt: new Date("2017-07-28T02:25:19Z"),
    fromCache: true,
    exact: true,
  });
});

test.skipIf(isAbsent)(
  "the parts of a mixed answer of API 3.1: an error, an empty result, tasks that run",
  () => {
    const parts = Object.values(recorded("multi_results_mixed.json")).map(objectIn);
    const failed = parts.find(({ status }) => status === "error");
    expect(() => judge(failed?.data)).toThrow(
      expect.objectContaining({
        code: "database",
        message: expect.stringMatching(
          /^The Snowflake database encountered an error.*invalid identifier 'USERS__FAIL.EMAIL_ADDRESS'/,
        ),
        advice: expect.stringContaining("SQL: SELECT"),
      }),
    );
    const complete = judge(parts.find(({ status }) => status === "complete")?.data);
    expect(complete).toMatchObject({ kind: "detail", warnings: [] });
    if (complete.kind === "detail") {
      expect(readDetail(complete.detail, facts).table).toMatchObject({
        rowCount: 0,
        rowCountIsExact: true,
        columns: [{ label: "City" }],
      });
    }
    expect(judge(parts.find(({ status }) => status === "running"))).toEqual({ kind: "task" });
  },
);

test.skipIf(isAbsent)("pivoted cells", () => {
  const fields = {
    dimensions: [{ name: "orders.created_date", label: "Date" }],
    measures: [
      { name: "orders.count", label: "Count" },
      { name: "orders.average_total_amount_of_order_usd", label: "Average" },
    ],
    pivots: [{ name: "orders.status", label: "Status" }],
  };
  const { table } = readDetail({ ...recorded("pivoted_cells_excerpt.json"), fields }, facts);
  expect(table.columns.map(({ label }) => label)).toEqual([
    "Date",
    "Count – cancelled",
    "Average – cancelled",
    "Count – complete",
    "Average – complete",
    "Count – pending",
    "Average – pending",
  ]);
  expect(table.rows[0]?.map(({ rendered }) => rendered)).toEqual([
    "2019-12-22",
    "1",
    "$79.50",
    "",
    "",
    "38",
    "$116.99",
  ]);
});
