import { expect, test } from "vitest";
import { z } from "zod";
import { filterSentences } from "../../../src/core/rules/filters/sentences.ts";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { appliedFilters } from "../../../src/looker/query/applied-filters.ts";
import { type QueryOptions, queryOptions } from "../../../src/looker/query/schema.ts";
import { querySource } from "../../../src/looker/query/source.ts";
import { contextFor, failureOf, openedLooker, openHouse, request, sendJson, tinyServer } from "../house.ts";

const never = new AbortController().signal;
const inline = {
  model: "faa",
  explore: "flights",
  fields: ["flights.origin", "flights.count"],
  sorts: ["flights.count desc"],
  limit: 3,
};

test("a query written in the YAML runs", async () => {
  const { looker, sandbox } = await openHouse();
  const result = await querySource(looker).run(queryOptions.parse(inline), request(), contextFor());
  expect(result.table.columns.map(({ name }) => name)).toEqual(["flights.origin", "flights.count"]);
  expect(result.table).toMatchObject({ rowCount: 3, rowCountIsExact: false });
  expect(result.url).toMatch(new RegExp(`^${sandbox.url}/x/`));
});

test("everything that can be written reaches Looker under Looker's names", async () => {
  const bodies: unknown[] = [];
  const server = await tinyServer((incoming, response, body) => {
    const { url } = incoming;
    if (url.endsWith("/results")) sendJson(response, { data: [], fields: {} });
    else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "complete" });
    else if (url.includes("/queries")) {
      bodies.push(JSON.parse(body));
      sendJson(response, { id: "8" });
    }
  });
  const options = queryOptions.parse({
    ...inline,
    filters: { "flights.date": "7 days" },
    pivots: ["flights.origin"],
    column_limit: 20,
    totals: true,
    row_totals: true,
    dynamic_fields: [{ table_calculation: "share", expression: "1" }],
    filter_expression: "1=1",
    timezone: "Europe/London",
  });
  const result = await querySource(openedLooker(server.url)).run(
    options,
    request({ filters: { "flights.origin": "DEN" } }),
    contextFor(),
  );
  expect(bodies).toEqual([
    {
      model: "faa",
      view: "flights",
      fields: inline.fields,
      filters: { "flights.date": "7 days", "flights.origin": "DEN" },
      sorts: inline.sorts,
      pivots: ["flights.origin"],
      limit: "3",
      column_limit: "20",
      total: true,
      row_total: "right",
      dynamic_fields: '[{"table_calculation":"share","expression":"1"}]',
      filter_expression: "1=1",
      query_timezone: "Europe/London",
    },
  ]);
  expect(result.url).toBe(`${server.url}/explore/faa/flights`);
});

test("the same query is made once in a process, whatever the order of its filters", async () => {
  const { looker, calls } = await openHouse();
  const run = (filters: Record<string, string>) =>
    querySource(looker).run({ ...inline, filters }, request(), contextFor());
  await run({ "flights.origin": "DEN", "flights.count": ">1" });
  await run({ "flights.count": ">1", "flights.origin": "DEN" });
  await run({ "flights.count": ">2", "flights.origin": "DEN" });
  expect(calls().filter((call) => call === "POST /queries")).toHaveLength(2);
});

test("pivots, row totals and column totals come through the sandbox as they do through Looker", async () => {
  const { looker } = await openHouse();
  const options = {
    model: "faa",
    explore: "flights",
    fields: ["flights.origin", "flights.date_week", "flights.count"],
    pivots: ["flights.date_week"],
    filters: { "flights.date_date": "14 days ago for 14 days", "flights.origin": "DEN,ORD" },
    totals: true,
    row_totals: true,
  };
  const { table } = await querySource(looker).run(options, request(), contextFor());
  const totals = table.columns.filter(({ pivot }) => pivot?.isRowTotal);
  expect(totals).toHaveLength(1);
  const number = (text: string | undefined) => Number((text ?? "").replaceAll(",", "") || 0);
  for (const row of [...table.rows, table.totals ?? []]) {
    const weeks = row.filter((_, index) => table.columns[index]?.pivot?.isRowTotal === false);
    const sum = weeks.reduce((total, { rendered }) => total + number(rendered), 0);
    expect(sum).toBe(number(row[table.columns.findIndex(({ pivot }) => pivot?.isRowTotal)]?.rendered));
  }
});

test("a query is found by id, by slug and by the links to it, and asked for once", async () => {
  const { looker, calls } = await openHouse();
  const made = await looker.call(
    (sdk, options) =>
      sdk.create_query({ model: "faa", view: "flights", fields: ["flights.count"] }, "id,slug", options),
    never,
  );
  const names: QueryOptions[] = [
    made.id ?? "",
    made.slug ?? "",
    `https://acme.looker.com/x/${made.slug}?toggle=det`,
    `https://acme.looker.com/explore/faa/flights?qid=${made.slug}&toggle=dat,pik,vis`,
    `acme.looker.com/prefix/embed/explore/faa/flights/?toggle=vis&qid=${made.slug}#top`,
  ];
  for (const name of names) {
    const { table } = await querySource(looker).run(queryOptions.parse(name), request(), contextFor());
    expect(table.columns.map((column) => column.name)).toEqual(["flights.count"]);
  }
  expect(calls().filter((call) => call.startsWith("GET /queries"))).toHaveLength(2);
});

test("queries that were read are kept in a limited number", async () => {
  const server = await tinyServer(({ url }, response) => {
    if (url.includes("/queries/")) sendJson(response, { id: "1", model: "m", view: "v" });
    else if (url.includes("/lookml_models/")) sendJson(response, { fields: {} });
  });
  const looker = openedLooker(server.url);
  for (let id = 1; id <= 5_000; id += 1) {
    looker.queries.set(`name:${id}`, { id: String(id), body: { model: "m", view: "v" }, url: null });
  }
  await querySource(looker).check("slug", request(), never);
  expect([...looker.queries.keys()]).toEqual(["name:slug"]);
});

test("a query that is not there is named", async () => {
  const { looker } = await openHouse();
  for (const name of ["99999", "nosuchslug"]) {
    const error = await failureOf(querySource(looker).run(name, request(), contextFor()));
    expect(error).toMatchObject({ code: "not_found", message: expect.stringContaining(`"${name}"`) });
    expect(await querySource(looker).check(name, request(), never)).toMatchObject([
      { message: error.message, path: [] },
    ]);
  }
});

test("a numeric id that is not there is said to be one of before", async () => {
  const { looker } = await openHouse();
  const adviceOn = async (name: string) =>
    (await failureOf(querySource(looker).run(name, request(), contextFor()))).advice;
  expect(await adviceOn("99999")).toContain("gone since Looker 25.2");
  expect(await adviceOn("nosuchslug")).not.toContain("25.2");
});

test.each([
  "https://acme.looker.com/explore/faa/flights",
  "https://acme.looker.com/explore/faa/flights?qid=",
])("%s names no query", (address) => {
  expect(queryOptions.safeParse(address).error?.issues[0]?.message).toContain("the slug of a query");
});

test("unknown names are found before it runs, each where it is", async () => {
  const { looker, sandbox } = await openHouse();
  const options = {
    model: "faa",
    explore: "flights",
    fields: ["flights.orign", "flights.count", "twice"],
    filters: { "flights.dat_date": "7 days" },
    sorts: ["flights.cuont desc 0", "flights.count"],
    dynamic_fields: [{ table_calculation: "twice", expression: "2" }],
  };
  const findings = await querySource(looker).check(options, request(), never);
  expect(findings.map(({ path }) => path)).toEqual([
    ["query", "fields", 0],
    ["query", "sorts", 0],
    ["query", "filters", "flights.dat_date"],
  ]);
  expect(findings[0]?.message).toContain('"flights.origin"');
  expect(findings[2]?.message).toContain('"flights.date_date"');
  expect(sandbox.tasks()).toEqual([]);
  // The section's own filters are next to the query, and a name that is wrong twice is wrong in two places.
  const own = request({ filters: { "flights.orign": "ATL" } });
  expect((await querySource(looker).check(options, own, never)).map(({ path }) => path)).toEqual([
    ["query", "fields", 0],
    ["query", "sorts", 0],
    ["query", "filters", "flights.dat_date"],
    ["filters", "flights.orign"],
  ]);
});

test.each([
  ["flights.count", true],
  ["flights.count desc", true],
  ["flights.count ASC 2", true],
  ["flights.count 1", true],
  ["flights.count descending", false],
  ["flights.count, flights.origin", false],
  ["desc flights.count", false],
  ["", false],
])("a sort by %j: %s", (sort, isOne) => {
  const query = { model: "faa", explore: "flights", fields: ["flights.count"], sorts: [sort] };
  expect(queryOptions.safeParse(query).success).toBe(isOne);
});

test.each([
  [{ model: "fa", explore: "flights" }, ["model"], 'The model "fa"', '"faa"'],
  [{ model: "faa", explore: "flight" }, ["explore"], 'The explore "flight"', '"flights"'],
])("%j: unknown to Looker, found by check and told by run", async (names, path, what, near) => {
  const { looker } = await openHouse();
  const options = { ...names, fields: ["flights.count"] };
  const findings = await querySource(looker).check(options, request(), never);
  expect(findings).toMatchObject([{ path: ["query", ...path], message: expect.stringContaining(what) }]);
  expect(findings[0]?.message).toContain(near);
  const error = await failureOf(querySource(looker).run(options, request(), contextFor()));
  expect(error).toMatchObject({ code: "invalid_query", message: expect.stringContaining(near) });
});

test("a wrong field is told with the nearest names when the query runs, streamed or not", async () => {
  const { looker } = await openHouse();
  for (const limit of [10, 6_000]) {
    const options = { model: "faa", explore: "flights", fields: ["flights.orign"], limit };
    const error = await failureOf(querySource(looker).run(options, request(), contextFor()));
    expect(error).toMatchObject({
      code: "invalid_query",
      message: expect.stringContaining('Did you mean "flights.origin"'),
    });
  }
});

test("a failing lookup of names does not hide what the query failed with", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "status", status: 500, on: "lookml_model_explore", times: "always" });
  const options = { model: "faa", explore: "flights", fields: ["flights.orign"] };
  const error = await failureOf(querySource(looker).run(options, request(), contextFor()));
  expect(error).toMatchObject({ code: "invalid_query", message: expect.stringContaining("flights.orign") });
});

test("a check that cannot reach Looker is a finding, not a crash", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "status", status: 503, times: "always" });
  expect(await querySource(looker).check(inline, request(), never)).toMatchObject([
    { path: [], message: expect.stringContaining("503") },
  ]);
});

test.each([
  {},
  { model: "faa", explore: "flights" },
  { ...inline, fields: [] },
  { ...inline, limit: 0 },
  { ...inline, limit: -2 },
  { ...inline, view: "flights" },
  { ...inline, filters: { a: 1 } },
  "two words",
  0,
])("%j is no query", (written) => {
  expect(queryOptions.safeParse(written).success).toBe(false);
});

test("every property of an inline query is described", () => {
  const schema = z.toJSONSchema(queryOptions, { io: "input" });
  const object = schema.anyOf?.find((branch) => typeof branch === "object" && branch.type === "object");
  const properties = Object.entries((typeof object === "object" && object.properties) || {});
  expect(properties.length).toBeGreaterThan(10);
  expect(properties.filter(([, property]) => typeof property !== "object" || !property.description)).toEqual(
    [],
  );
});

test("what it was filtered by is named as Looker names it, whether the field is a column or not", async () => {
  const { looker } = await openHouse();
  const filters = { "flights.date_date": "90 days", "flights.count": ">= 2", "flights.origin": "-DEN" };
  const run = async (limit: number) =>
    (await querySource(looker).run({ ...inline, limit, filters }, request(), contextFor())).applied!;
  expect(filterSentences(await run(3), ENGLISH)).toEqual([
    "Departure Date is in the last 90 days",
    "Count is at least 2",
    "Origin is not DEN",
  ]);
  // A large result comes as CSV, which says nothing of fields that are not among its columns.
  expect(filterSentences(await run(6_000), ENGLISH)).toEqual([
    "Date is in the last 90 days",
    "Flights Count is at least 2",
    "Flights Origin is not DEN",
  ]);
});

test("filters that the model adds by itself are said, and a custom filter as it is", () => {
  const field = { label: "Orders Status", label_short: "Status", type: "string" };
  const detail = {
    applied_filters: { "orders.status": { field, value: "complete" } },
    applied_filter_expression: "${orders.a} > 1",
  };
  const table = { columns: [], pivotLabels: [], rows: [], rowCount: 0, rowCountIsExact: true };
  expect(appliedFilters(detail, { model: "m", view: "v" }, table)).toEqual({
    fields: [{ label: "Status", type: "string", expression: "complete" }],
    expression: "${orders.a} > 1",
  });
  expect(appliedFilters(null, { model: "m", view: "v" }, table)).toBeUndefined();
});
