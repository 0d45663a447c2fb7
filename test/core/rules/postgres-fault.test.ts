import { describe, expect, test } from "vitest";
import { passwordOf, postgresFault } from "../../../src/core/rules/postgres-fault.ts";

const WHAT = "The queue in Postgres (db/reports) cannot be used";

describe("what went wrong with Postgres", () => {
  const REFUSED = 'password authentication failed for user "lookpost"';
  test.each([
    ["by its state", Object.assign(new Error(REFUSED), { code: "28P01" })],
    ["where the text alone was passed on", new Error(REFUSED)],
    [
      "where another state goes with it, as poolers have it",
      Object.assign(new Error(REFUSED), { code: "08P01" }),
    ],
    ["as an object with the fields of an error", { message: REFUSED, stack: "", code: "28P01" }],
    ["of a name with several addresses", new AggregateError([new Error(REFUSED)])],
  ])("a refused login is told %s, with what to do", (_, cause) => {
    expect(postgresFault(WHAT, cause, "")).toMatchObject({
      code: "auth",
      message: `${WHAT}: ${REFUSED}`,
      advice: expect.stringContaining("Correct user and password"),
    });
  });

  test("the password is in no text", () => {
    const cause = new Error("cannot log in with s3cret/word");
    expect(postgresFault(WHAT, cause, "s3cret/word").message).toBe(`${WHAT}: cannot log in with ***`);
  });
});

test.each([
  ["postgres://me:s3cret%2Fword@db:5432/reports", "s3cret/word"],
  ["postgres://db/reports?user=me&password=s3cret%2Fword", "s3cret/word"],
  ["postgres://me:100%@db/reports", "100%"],
  ["postgres://db/reports", ""],
  ["db", ""],
])("the password in %s is %j", (url, password) => {
  expect(passwordOf(url)).toBe(password);
});
