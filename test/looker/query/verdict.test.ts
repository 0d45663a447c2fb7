import { expect, test } from "vitest";
import { judge, queryFailure } from "../../../src/looker/query/verdict.ts";

const data = { data: [], fields: {} };

test("data is data, also with a status such as a task has", () => {
  expect(judge({ ...data, status: "complete", id: "x" })).toMatchObject({ kind: "detail", warnings: [] });
  expect(judge({ data: [] }).kind).toBe("detail");
});

test("the task itself is not data", () => {
  expect(judge({ id: "x", status: "running", query_id: "1", result_format: "json_detail" })).toEqual({
    kind: "task",
  });
});

test.each([
  {
    message: "Note: This query contains derived tables with conditional SQL for Development Mode.",
    level: "error",
  },
  { message: "You are in Development Mode", level: "error" },
  { message: "Row limit reached", level: "warn" },
  { message: "Something small", level: "info" },
  { message: "Something small", fatal: false },
])("%j is a mere warning", (entry) => {
  expect(judge({ ...data, errors: [entry] })).toMatchObject({ kind: "detail", warnings: [entry.message] });
});

test.each([
  { message: "Boom" },
  { message: "Boom", level: "error" },
  { message: "Boom", level: "novel" },
  { message: "Boom in Development Mode", fatal: true },
])("%j is an error", (entry) => {
  expect(() => judge({ ...data, errors: [{ message: "Note: x", level: "error" }, entry] })).toThrow(/^Boom/);
});

test("an error brings its details and its place in the SQL", () => {
  const entry = {
    message: "The database erred.",
    message_details: "no such\n column",
    sql_error_loc: { line: 2, column: 4 },
    params: "SELECT\n 1",
  };
  expect(() => judge({ errors: [entry] })).toThrow(
    expect.objectContaining({
      message: "The database erred. no such column (SQL line 2, column 4)",
      advice: expect.stringContaining("SQL: SELECT 1"),
    }),
  );
});

test.each([
  ["at line 12", "12", "at line 12"],
  ["at line 12", "1", "at line 12 (SQL line 1)"],
  ["at line 12", "(", "at line 12 (SQL line ()"],
  ["at line 12", "[a", "at line 12 (SQL line [a)"],
  ["line aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$", "(SQL line (a+)+$)"],
])("the place of an error is a text and no pattern: %j, line %j", (details, line, words) => {
  const entry = { message: "Boom.", message_details: details, sql_error_loc: { line } };
  expect(() => judge({ errors: [entry] })).toThrow(words);
});

test("of long SQL only the beginning is shown", () => {
  expect(queryFailure("Boom", "x".repeat(9_999)).advice?.length).toBeLessThan(500);
});

test.each([
  [[{ looker_error: "No memory" }], "No memory"],
  [{ looker_error: "No memory" }, "No memory"],
  [[{ looker_error: null }], "Unknown error"],
])("%j is an error", (body, message) => {
  expect(() => judge(body)).toThrow(message);
});

test.each([null, "text", 7, [], [{ a: 1 }], {}, { hello: "world" }])(
  "%j is neither result nor error",
  (body) => {
    expect(() => judge(body)).toThrow(expect.objectContaining({ code: "protocol" }));
  },
);

test.each([
  [
    "You do not have permission to download all results (download_without_limit)",
    "invalid_query",
    "download_without_limit",
  ],
  ["Row limit exceeds the maximum", "invalid_query", "limit of 5000"],
  ['Unknown field "flights.orign"', "invalid_query", "case-sensitive"],
  ['Explore "flight" does not exist', "invalid_query", "case-sensitive"],
  ['Model "fa" not found', "invalid_query", "case-sensitive"],
  ["relation flights is locked", "database", "Open the query in Looker"],
])("%s: %s", (message, code, advice) => {
  expect(queryFailure(message, null)).toMatchObject({ code, advice: expect.stringContaining(advice) });
});
