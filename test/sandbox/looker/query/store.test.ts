import { expect, test } from "vitest";
import { QueryStore } from "../../../../src/sandbox/looker/query/store.ts";

const body = { model: "faa", view: "flights", fields: ["flights.count"], vis_config: { type: "line", b: 1 } };

test("what is empty says nothing, and the order of an object's properties neither", () => {
  const queries = new QueryStore();
  const first = queries.create(body);
  expect(queries.create({ ...body, total: false, filters: {}, pivots: null, limit: "" })).toBe(first);
  expect(
    queries.create({
      vis_config: { b: 1, type: "line" },
      fields: ["flights.count"],
      view: "flights",
      model: "faa",
    }),
  ).toBe(first);
});

test("whatever changes a result or how it looks is another query", () => {
  const queries = new QueryStore();
  const ids = [
    body,
    { ...body, fields: ["flights.count", "flights.origin"] },
    { ...body, fields: ["flights.origin", "flights.count"] },
    { ...body, total: true },
    { ...body, filters: { "flights.origin": "SFO" } },
    { ...body, vis_config: { type: "bar" } },
  ].map((one) => queries.create(one).id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a query keeps its slug in another server, so that links in old digests still lead somewhere", () => {
  const [one, other] = [new QueryStore(), new QueryStore()];
  other.create({ model: "faa", view: "airports" });
  expect(other.create(body).slug).toBe(one.create(body).slug);
  expect(one.findBySlug(one.create(body).clientId)?.body).toEqual(body);
  expect(one.find("1")).toBeNull();
});
