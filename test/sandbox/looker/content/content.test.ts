import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, request, startWithClient } from "../client.ts";

let client: Client;

beforeAll(async () => {
  client = await startWithClient();
});
afterAll(() => client.looker.close());

test("Looks are searched by LIKE without regard to case, page by page", async () => {
  const ids = async (search: string) =>
    (await client.getJson(`/looks/search?${search}&fields=id`)).map(({ id }: { id: string }) => id);
  expect(await ids("title=%25DELAY%25")).toEqual(["42", "43", "44", "49"]);
  expect(await ids("title=delay by day")).toEqual(["44"]);
  expect(await ids("title=delay")).toEqual([]);
  expect(await ids("title=%25delay%25&limit=2&offset=1")).toEqual(["43", "44"]);
  expect(await ids("title=%25delay%25&per_page=3&page=2")).toEqual(["49"]);
  expect(await ids("title=%25delay%25&sorts=id desc&limit=1")).toEqual(["49"]);
  expect(await ids("id=42,77")).toEqual(["42", "77"]);
  expect(await ids("id=42&title=%25cost%25")).toEqual([]);
  expect(await ids("id=42&title=%25cost%25&filter_or=true")).toEqual(["42", "47"]);
  expect(await ids("title=%25old%25&deleted=true")).toEqual(["91"]);
});

test("a Look comes with its query; one that is not for this user is forbidden, an unknown one not found", async () => {
  expect(await client.getJson("/looks/42?fields=title,query_id,deleted,query(id,model,view)")).toEqual({
    title: "Weekly delays by origin airport",
    query_id: expect.any(String),
    deleted: false,
    query: { id: expect.any(String), model: "faa", view: "flights" },
  });
  const statuses = await Promise.all(
    ["90", "1", "fourty-two"].map(async (id) => (await client.get(`/looks/${id}`)).status),
  );
  expect(statuses).toEqual([403, 404, 404]);
  expect(await client.getJson("/looks/91?fields=id,deleted")).toEqual({ id: "91", deleted: true });
});

test("the list of Looks has neither what is forbidden nor what is in the trash", async () => {
  const looks: { id: string; query?: unknown }[] = await client.getJson("/looks");
  const ids = looks.map(({ id }) => id);
  expect(ids).toContain("42");
  expect(ids).not.toContain("90");
  expect(ids).not.toContain("91");
  expect(looks.every(({ query }) => query === undefined)).toBe(true);
});

test("every Look but the broken one runs, and each is odd in its own way", async () => {
  await using client = await startWithClient({ queryMs: 0 });
  const detail = (id: string) => client.getJson(`/looks/${id}/run/json_detail`);
  for (const id of ["42", "43", "44", "45", "77"]) {
    const { data, errors } = await detail(id);
    expect([id, errors]).toEqual([id, undefined]);
    expect(data.length).toBeGreaterThan(4);
  }
  expect((await detail("46")).pivots.length).toBeGreaterThan(3);
  expect((await detail("47")).totals_data["flights.count"].value).toBeGreaterThan(100);
  const { dimensions } = (await detail("48")).fields;
  expect(dimensions.map(({ label }: { label: string }) => label)).toEqual([
    "Flights Route",
    "Airport Country",
    "Airport Country",
  ]);
  expect((await detail("49")).fields.table_calculations).toHaveLength(1);
  expect((await detail("80")).data).toHaveLength(20_000);
  expect(JSON.stringify((await detail("81")).data)).toContain("<script>");
  expect((await detail("82")).data).toEqual([]);
});

test("models and explores are listed, with suggestions for a field", async () => {
  const models = await client.getJson("/lookml_models?fields=name,explores(name)");
  expect(models).toContainEqual({ name: "faa", explores: expect.arrayContaining([{ name: "flights" }]) });
  const path = "/models/faa/views/flights/fields/flights.origin/suggestions";
  expect((await client.getJson(path)).hit_limit).toBe(true);
  expect((await client.getJson(`${path}?term=SFO`)).suggestions).toEqual(["SFO"]);
});

test("what is none of the API's is a JSON error below its root, and a page elsewhere", async () => {
  const inside = await client.get("/boards");
  expect([inside.status, (await inside.json()).message]).toEqual([404, "Not found"]);
  const outside = await request(`${client.looker.url}/api/3.1/looks`);
  expect([outside.status, outside.headers.get("content-type")]).toEqual([404, "text/html;charset=utf-8"]);
  expect((await client.get("/looks/%E0%A4%A")).status).toBe(404);
});

test("links of a digest lead to a page that shows the data, and says what a real Looker would", async () => {
  const page = async (path: string) => {
    const answer = await request(`${client.looker.url}${path}`);
    return [answer.status, await answer.text()] as const;
  };
  const drawn = {
    "/looks/42": "Average Delay",
    "/dashboards/7?Origin=SFO": "Origin airport is SFO",
    "/dashboards/faa::punctuality": "Delayed by weekday",
    "/explore/faa/flights?fields=flights.count": ">20,000<",
    "/explore/faa/flights?fields=flights.nothing": "flights.nothing",
    [(await client.getJson("/looks/44")).query.share_url.replace(client.looker.url, "")]: "<polyline",
  };
  for (const [path, words] of Object.entries(drawn)) {
    const [status, text] = await page(path);
    expect([path, status]).toEqual([path, 200]);
    expect(text).toMatch(new RegExp(words));
    expect(text).toContain("In a real Looker this link opens");
  }
  for (const path of ["/looks/90", "/looks/1", "/dashboards/1", "/x/none", "/explore/faa/none"])
    expect((await page(path))[0]).toBe(404);
  const [, hostile] = await page("/looks/81");
  expect(hostile).toContain("Hostile &lt;cells&gt;");
  expect(hostile).not.toMatch(/<script|<img/);
  expect((await page("/"))[1]).toContain("/looks/42");
});
