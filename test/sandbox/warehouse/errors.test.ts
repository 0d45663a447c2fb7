import { describe, expect, test } from "vitest";
import type { QueryBody } from "../../../src/sandbox/warehouse/contract.ts";
import { WarehouseError } from "../../../src/sandbox/warehouse/contract.ts";
import { type Detail, OPTIONS, text, warehouse } from "./flights.ts";

function failure(query: Partial<QueryBody>): WarehouseError {
  try {
    text(query);
  } catch (error) {
    if (error instanceof WarehouseError) return error;
    throw error;
  }
  throw new Error("the query did not fail");
}

describe("a query that cannot run", () => {
  test.each<[Partial<QueryBody>, string]>([
    [{ fields: ["flights.cuont"] }, 'Unknown field "flights.cuont" in explore "flights".'],
    [{ fields: ["Flights.count"] }, 'Unknown field "Flights.count" in explore "flights".'],
    [
      { fields: ["flights.count"], filters: { "flights.carrier": "AA" } },
      'Unknown field "flights.carrier" in explore "flights".',
    ],
    [
      { fields: ["flights.count"], sorts: ["flights.carrier desc"] },
      'Unknown field "flights.carrier" in explore "flights".',
    ],
    [
      { fields: ["flights.count"], sorts: ["flights.count downwards"] },
      'Invalid sort "flights.count downwards".',
    ],
    [
      { fields: ["flights.count"], pivots: ["flights.carrier"] },
      'Unknown field "flights.carrier" in explore "flights".',
    ],
    [
      { fields: ["flights.origin", "flights.count"], pivots: ["flights.count"] },
      "Only dimensions can be pivoted.",
    ],
    [{ fields: [] }, "Query must have at least one field."],
    [{ fields: null }, "Query must have at least one field."],
    [{ view: "trains", fields: ["flights.count"] }, 'Unknown explore "trains" in model "faa".'],
    [
      { fields: ["flights.count"], filter_expression: "${flights.count} > 1" },
      "Of filter_expression only constants, such as 1=2, are supported here: use filters.",
    ],
    [{ fields: ["flights.count"], dynamic_fields: "{" }, "Invalid dynamic_fields: it is not JSON."],
    [{ fields: ["flights.count"], dynamic_fields: "{}" }, "Invalid dynamic_fields: it is not a list."],
    [
      { model: "sandbox", view: "generated", fields: ["generated.rows"] },
      '"generated.rows" can only be filtered on, not selected.',
    ],
  ])("%j", (query, message) => {
    expect(failure(query).message).toBe(message);
  });

  test("carries the json_detail body with the reason and no rows", () => {
    const body: Detail = JSON.parse(failure({ fields: ["flights.cuont"] }).jsonDetail);
    expect(body.data).toEqual([]);
    expect(body.id).toBe(OPTIONS.taskId);
    expect(body.errors).toMatchObject([
      { message: 'Unknown field "flights.cuont" in explore "flights".', level: "error" },
    ]);
  });
});

describe("a database error", () => {
  const error = failure({ model: "sandbox", view: "broken", fields: ["broken.id", "broken.dropped"] });

  test("says what the database said, of which SQL and where", () => {
    expect(error.message).toBe("The SQLite database encountered an error while running this query.");
    expect(error.details).toBe("no such column: broken.dropped_column at line 3, column 5");
    expect(error.position).toEqual({ line: 3, column: 5 });
    expect(error.sql?.split("\n")[2]).toBe('    broken.dropped_column AS "broken.dropped"');
  });

  test("keeps the whole envelope in json_detail, fields and all", () => {
    const body: Detail = JSON.parse(error.jsonDetail);
    expect(body.fields.dimensions.map(({ name }) => name)).toEqual(["broken.id", "broken.dropped"]);
    expect(body.sql).toBe(error.sql);
    expect(body.errors).toMatchObject([
      {
        message_details: error.details,
        params: error.sql,
        sql_error_loc: { line: 3, column: 5 },
        error_pos: null,
      },
    ]);
  });

  test("does not hide in a log line: the body is not enumerable", () => {
    expect(Object.keys(error)).not.toContain("jsonDetail");
  });
});

describe("what creating a query refuses", () => {
  const problems = (query: object) =>
    warehouse.validate(query as QueryBody).map(({ field, code }) => `${field} ${code}`);

  test.each<[object, string[]]>([
    [{ model: "faa", view: "flights", fields: ["flights.count"] }, []],
    [{ model: "faa", view: "flights", fields: ["flights.unknown"], limit: "abc" }, []],
    [{}, ["model missing_field", "view missing_field"]],
    [{ model: "faa", view: " " }, ["view missing_field"]],
    [{ model: "FAA", view: "flights" }, ["model invalid"]],
    [{ model: "faa", view: "trains" }, ["view invalid"]],
    [{ model: "faa", view: "flights", fields: "flights.count" }, ["fields invalid"]],
    [{ model: "faa", view: "flights", pivots: [1], sorts: {} }, ["pivots invalid", "sorts invalid"]],
    [{ model: "faa", view: "flights", filters: { "flights.count": 5 } }, ["filters invalid"]],
    [{ model: "faa", view: "flights", filters: [] }, ["filters invalid"]],
    [{ model: "faa", view: "flights", fields: null, filters: null, sorts: null, pivots: null }, []],
  ])("%j", (query, expected) => {
    expect(problems(query)).toEqual(expected);
  });
});
