import { expect, test } from "vitest";
import { z } from "zod";
import type { LookOptions } from "../../../src/looker/look/id.ts";
import { lookOptions } from "../../../src/looker/look/schema.ts";
import { lookSource } from "../../../src/looker/look/source.ts";
import { contextFor, failureOf, openedLooker, openHouse, request, sendJson, tinyServer } from "../house.ts";

const never = new AbortController().signal;

test.each<[unknown, LookOptions]>([
  [42, 42],
  ["42", "42"],
  ["https://acme.looker.com/looks/42", "https://acme.looker.com/looks/42"],
  ["acme.looker.com/looks/42?toggle=det", "acme.looker.com/looks/42?toggle=det"],
])("%j names a Look", (written, read) => {
  expect(lookOptions.parse(written)).toEqual(read);
});

test.each([
  0,
  -1,
  1.5,
  "",
  "weekly",
  "https://acme.looker.com/dashboards/42",
  "https://acme.looker.com/looks/",
  null,
  {},
])("%j names none", (written) => {
  expect(lookOptions.safeParse(written).error?.issues[0]?.message).toContain("the id of a Look");
});

test("a Look is found by number, by text and by the address of its page", async () => {
  const { looker, sandbox } = await openHouse();
  const results = [];
  for (const options of [42, " 42 ", `${sandbox.url}/looks/42?toggle=det`]) {
    results.push(await lookSource(looker).run(lookOptions.parse(options), request(), contextFor()));
  }
  const [first] = results;
  expect(results.map(({ table }) => table)).toEqual([first?.table, first?.table, first?.table]);
  expect(results.map(({ url }) => url)).toEqual(Array(3).fill(`${sandbox.url}/looks/42`));
});

test("filters lay over the Look's own: a new query, made once in the process", async () => {
  const { looker, sandbox, calls } = await openHouse();
  const filters = { "flights.origin": "DEN,ORD", "flights.count": ">=1" };
  const result = await lookSource(looker).run(45, request({ filters }), contextFor());
  expect(result.table.rows.map(([origin]) => origin?.value)).toEqual(["DEN", "ORD"]);
  expect(result.url).toMatch(new RegExp(`^${sandbox.url}/x/\\w+$`));
  await lookSource(looker).run(45, request({ filters }), contextFor());
  expect(calls().filter((call) => call === "POST /queries")).toHaveLength(1);
});

test("what the new query is made of is the Look's query without what belongs to its page", async () => {
  const bodies: unknown[] = [];
  const own = {
    id: "7",
    slug: "s",
    client_id: "c",
    url: "/explore/m/v",
    share_url: "https://web.example/x/c",
    expanded_share_url: "u",
    can: {},
    filter_config: { a: 1 },
    has_table_calculations: false,
    model: "m",
    view: "v",
    fields: ["v.a", "v.b"],
    filters: { "v.a": "1", "v.b": "2" },
    sorts: ["v.a"],
    limit: "9",
    column_limit: null,
    total: true,
    dynamic_fields: "[]",
    query_timezone: "UTC",
  };
  const server = await tinyServer((incoming, response, body) => {
    const { url, method } = incoming;
    if (url.includes("/looks/")) sendJson(response, { id: "1", query_id: "7", query: own });
    else if (url.endsWith("/results")) sendJson(response, { data: [], fields: {} });
    else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "complete" });
    else if (method === "POST" && url.includes("/queries")) {
      bodies.push(JSON.parse(body));
      sendJson(response, { id: "8" });
    }
  });
  const looker = openedLooker(server.url);
  await lookSource(looker).run(1, request({ filters: { "v.b": "3", "v.c": "4" }, limit: 20 }), contextFor());
  expect(bodies).toEqual([
    {
      model: "m",
      view: "v",
      fields: ["v.a", "v.b"],
      filters: { "v.a": "1", "v.b": "3", "v.c": "4" },
      sorts: ["v.a"],
      limit: "20",
      total: true,
      dynamic_fields: "[]",
      query_timezone: "UTC",
    },
  ]);
  // Looker's own link tells where its web side is.
  expect((await lookSource(looker).run(1, request(), contextFor())).url).toBe("https://web.example/looks/1");
});

test("a query that Looker has forgotten is made once more, not again and again", async () => {
  let made = 0;
  const forgotten = new Set<string>();
  const server = await tinyServer((incoming, response, body) => {
    const { url, method } = incoming;
    if (url.includes("/looks/")) sendJson(response, { id: "1", query: { id: "7", model: "m", view: "v" } });
    else if (url.endsWith("/results")) sendJson(response, { data: [], fields: {} });
    else if (method === "POST" && url.includes("/queries")) {
      made += 1;
      sendJson(response, { id: `q${made}` });
    } else if (method === "POST" && url.includes("/query_tasks")) {
      const isGone = forgotten.has(JSON.parse(body).query_id);
      sendJson(
        response,
        isGone ? { message: "Not found" } : { id: "t", status: "complete" },
        isGone ? 404 : 200,
      );
    } else if (url.includes("/lookml_models")) sendJson(response, { fields: {} });
  });
  const looker = openedLooker(server.url);
  const run = () => lookSource(looker).run(1, request({ limit: 3 }), contextFor());
  await run();
  forgotten.add("q1");
  await run();
  expect(made).toBe(2);
  for (const id of ["q2", "q3"]) forgotten.add(id);
  expect(await failureOf(run())).toMatchObject({ status: 404 });
  expect(made).toBe(3);
});

test.each([
  [999, "does not exist, or the API user may not see it"],
  [90, "does not exist, or the API user may not see it"],
  [91, "trash"],
])("Look %i %s", async (id, words) => {
  const { looker } = await openHouse();
  const error = await failureOf(lookSource(looker).run(id, request(), contextFor()));
  expect(error).toMatchObject({
    code: "not_found",
    retryable: false,
    message: expect.stringContaining(words),
  });
  expect(await lookSource(looker).check(id, request(), never)).toEqual([
    { message: error.message, advice: error.advice, path: [] },
  ]);
});

test("a proxy's own page in place of a Look is not taken for Looker's word on it", async () => {
  const server = await tinyServer((incoming, response) => {
    if (!incoming.url.includes("/looks/")) return;
    response.writeHead(404, { "content-type": "text/html" }).end("<html><title>No route</title></html>");
  });
  expect(await failureOf(lookSource(openedLooker(server.url)).run(1, request(), contextFor()))).toMatchObject(
    {
      code: "config",
      message: expect.stringContaining("HTML page (No route)"),
    },
  );
});

test("links in cells lead to Looker's web side, wherever its API is", async () => {
  const server = await tinyServer((incoming, response) => {
    const { url } = incoming;
    const query = { id: "7", model: "m", view: "v", share_url: "https://web.example/bi/x/c" };
    if (url.includes("/looks/")) sendJson(response, { id: "1", query });
    else if (url.endsWith("/results")) {
      const cell = { value: 1, links: [{ label: "Board", url: "/dashboards/7" }] };
      sendJson(response, { data: [{ "v.a": cell }], fields: { dimensions: [{ name: "v.a" }] } });
    } else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "complete" });
  });
  const result = await lookSource(openedLooker(server.url)).run(1, request(), contextFor());
  expect(result.url).toBe("https://web.example/bi/looks/1");
  expect(result.table.rows[0]?.[0]?.href).toBe("https://web.example/dashboards/7");
});

test("a Look that comes without its query has it asked for; one that has none is named", async () => {
  let queryId: string | null = "7";
  const server = await tinyServer((incoming, response) => {
    const { url } = incoming;
    if (url.includes("/looks/")) sendJson(response, { id: "1", title: "Old", query_id: queryId });
    else if (url.includes("/queries/7")) sendJson(response, { id: 7, model: "m", view: "v" });
    else if (url.endsWith("/results")) sendJson(response, { data: [], fields: {} });
    else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "complete" });
  });
  const looker = openedLooker(server.url);
  expect((await lookSource(looker).run(1, request(), contextFor())).url).toBe(`${server.url}/looks/1`);
  queryId = null;
  // The Look is kept for a few seconds, for the other reports of the tick.
  await looker.clock.sleep(10_000);
  expect(await failureOf(lookSource(looker).run(1, request(), contextFor()))).toMatchObject({
    code: "not_found",
    message: 'Look 1 ("Old") has no query that can be run.',
  });
});

test("an empty result is a table with columns and no rows", async () => {
  const { looker } = await openHouse();
  const { table } = await lookSource(looker).run(82, request(), contextFor());
  expect(table).toMatchObject({ rowCount: 0, rows: [] });
  expect(table.columns).toHaveLength(2);
});

test("cells with markup and formulas come through as they are", async () => {
  const { looker } = await openHouse();
  const { table } = await lookSource(looker).run(81, request(), contextFor());
  expect(table.rows.flat().some(({ rendered }) => rendered.includes("<script"))).toBe(true);
});

test("a sound Look has no findings, and a check runs no query", async () => {
  const { looker, sandbox } = await openHouse();
  expect(
    await lookSource(looker).check(46, request({ filters: { "flights.origin": "DEN" } }), never),
  ).toEqual([]);
  expect(await lookSource(looker).check(49, request(), never)).toEqual([]);
  expect(sandbox.tasks()).toEqual([]);
});

test("a filter on a field that the explore does not know is found, with the nearest names", async () => {
  const { looker } = await openHouse();
  const findings = await lookSource(looker).check(
    42,
    request({ filters: { "flights.orign": "DEN" } }),
    never,
  );
  expect(findings).toEqual([
    {
      path: ["filters", "flights.orign"],
      message: expect.stringMatching(/"flights.orign" is not known.*"flights.origin"/),
      advice: expect.stringContaining("lookpost fields faa flights"),
    },
  ]);
  const error = await failureOf(
    lookSource(looker).run(42, request({ filters: { "flights.orign": "DEN" } }), contextFor()),
  );
  expect(error).toMatchObject({
    code: "invalid_query",
    message: expect.stringContaining('Did you mean "flights.origin"'),
  });
});

test("every part of the schema is described", () => {
  expect(z.toJSONSchema(lookOptions, { io: "input" }).description).toContain("saved Look");
});
