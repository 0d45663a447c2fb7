import { expect, test } from "vitest";
import { selectFields } from "../../../../src/sandbox/looker/http/api.ts";

const look = {
  id: "42",
  title: "Delays",
  query: { id: "7", model: "faa", inner: { a: 1, b: 2 } },
  rating: null,
};

test.each([
  ["id", { id: "42" }],
  ["id, title", { id: "42", title: "Delays" }],
  ["title,nothing", { title: "Delays" }],
  ["query(id,model)", { query: { id: "7", model: "faa" } }],
  ["query(id,inner(b)),title", { query: { id: "7", inner: { b: 2 } }, title: "Delays" }],
  ["id,rating(id)", { id: "42", rating: null }],
  ["", look],
])("fields=%s keeps just that", (fields, kept) => {
  expect(selectFields(look, fields)).toEqual(kept);
  expect(selectFields([look, look], fields)).toEqual([kept, kept]);
});
