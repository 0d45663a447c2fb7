import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, request, startWithClient } from "../client.ts";

const body = {
  model: "faa",
  view: "flights",
  fields: ["flights.origin", "flights.count"],
  filters: { "flights.origin": "SFO,LAX", "flights.date_date": "7 days" },
  sorts: ["flights.count desc"],
  limit: "10",
};

let client: Client;

beforeAll(async () => {
  client = await startWithClient();
});
afterAll(() => client.looker.close());

test("the same query has the same id and slug, in whatever order its filters are written", async () => {
  const first = await (await client.post("/queries", body)).json();
  const filters = { "flights.date_date": "7 days", "flights.origin": "SFO,LAX" };
  const readOnly = { id: "999", slug: "mine", can: {}, client_id: "mine", share_url: "x" };
  const second = await (
    await client.post("/queries", { ...body, filters, pivots: [], total: false, ...readOnly })
  ).json();
  expect(second).toEqual(first);
  const other = await (await client.post("/queries", { ...body, limit: 11 })).json();
  expect(other.id).not.toBe(first.id);
  expect(other.limit).toBe("11");
});

test("a query is found by its id, its slug and its client_id, and links to the web side", async () => {
  const query = await (await client.post("/queries", body)).json();
  expect(await client.getJson(`/queries/${query.id}`)).toEqual(query);
  expect(await client.getJson(`/queries/slug/${query.slug}`)).toEqual(query);
  expect(await client.getJson(`/queries/slug/${query.client_id}`)).toEqual(query);
  for (const link of [query.share_url, query.expanded_share_url]) {
    const page = await (await request(link)).text();
    expect(page).toContain("In a real Looker this link opens");
  }
});

test("a body with several mistakes has them all named", async () => {
  const answer = await client.post("/queries", {
    view: " ",
    fields: "flights.count",
    filters: { a: 1 },
    total: "yes",
  });
  expect(answer.status).toBe(422);
  const { message, errors } = await answer.json();
  expect(message).toBe("Validation Failed");
  expect(errors.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`).sort()).toEqual(
    ["fields invalid", "filters invalid", "model missing_field", "total invalid", "view invalid"],
  );
});

test.each(["abc", "-2", "5.5", 2.5, "1e3"])("a limit of %s is refused", async (limit) => {
  const answer = await client.post("/queries", { ...body, limit });
  expect([answer.status, (await answer.json()).errors]).toMatchObject([
    422,
    [{ field: "limit", code: "invalid" }],
  ]);
});

test("a limit of -1 is refused when it runs, where the query cannot be streamed", async () => {
  expect((await client.get("/looks/49/run/csv?limit=-1")).status).toBe(400);
  expect((await client.get("/looks/42/run/csv?limit=-1")).status).toBe(200);
  expect((await client.get("/looks/42/run/csv?limit=-2")).status).toBe(400);
});

test("an explore or model that is not there is not found", async () => {
  expect((await client.post("/queries", { ...body, view: "Flights" })).status).toBe(404);
  expect((await client.post("/queries", { ...body, model: "finance" })).status).toBe(404);
});

test("an unknown field is accepted in a query and found when it runs", async () => {
  const query = await (await client.post("/queries", { ...body, fields: ["flights.orign"] })).json();
  const answer = await client.get(`/queries/${query.id}/run/json`);
  expect(answer.status).toBe(400);
  expect((await answer.json()).message).toContain("flights.orign");
});

test("the synchronous forms answer as the task would", async () => {
  const query = await (await client.post("/queries", body)).json();
  const byId = await client.getJson(`/queries/${query.id}/run/json`);
  expect(byId).toHaveLength(2);
  expect(await (await client.post("/queries/run/json", body)).json()).toEqual(byId);
  const csv = await client.get(`/queries/${query.id}/run/csv?limit=1`);
  expect((await csv.text()).trim().split("\n")).toHaveLength(2);
});

test("a client that hangs up on a synchronous run ends the query", async () => {
  await using client = await startWithClient({ queryMs: 600_000 });
  const { query_id } = await client.getJson("/looks/42");
  const openDashboard = new AbortController();
  const headers = { authorization: `Bearer ${client.token}` };
  const run = request(`${client.api}/queries/${query_id}/run/csv`, { headers, signal: openDashboard.signal });
  await expect.poll(() => client.looker.tasks().map(({ state }) => state)).toEqual(["running"]);
  openDashboard.abort();
  await expect(run).rejects.toThrow();
  await expect.poll(() => client.looker.tasks().map(({ state }) => state)).toEqual(["killed"]);
});
