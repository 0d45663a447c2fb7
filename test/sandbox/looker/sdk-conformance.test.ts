import type { Looker40SDK } from "@looker/sdk";
import { LookerNodeSDK, NodeSettings } from "@looker/sdk-node";
import { DefaultSettings } from "@looker/sdk-rtl";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type SandboxLooker, startSandboxLooker } from "../../../src/sandbox/looker/index.ts";

/*
 * What Looker's SDKs are expected to work with, asked of the sandbox by Looker's own SDK. Of their functional tests the package has none;
 * the calls are those of them that only read and run (users, content and themes are not made here), in words of our own.
 */

let looker: SandboxLooker;
let sdk: Looker40SDK;

const QUERY = {
  model: "faa",
  view: "flights",
  fields: ["flights.origin", "flights.count"],
  filters: { "flights.date_date": "28 days ago for 28 days" },
  sorts: ["flights.count desc"],
  limit: "3",
};
const never = "no-such-query-anywhere";
const empty = { ...QUERY, filter_expression: "1=2" };
const made = async (body: object = QUERY) => sdk.ok(sdk.create_query(body));
const threeRows = Array(3).fill({ "flights.count": { value: expect.any(Number) } });
/** The formats are an enum of the SDK, whose file Node does not load as it is. */
const as = (format: string) => format as never;

beforeAll(async () => {
  // At each request the SDK complains on the console about a timeout that it does not set.
  vi.spyOn(console, "debug").mockImplementation(() => {});
  looker = await startSandboxLooker({ queryMs: 1, renderMs: 1 });
  const settings = new NodeSettings("", { ...DefaultSettings(), base_url: looker.url });
  settings.readConfig = () => ({ client_id: looker.clientId, client_secret: looker.clientSecret });
  sdk = LookerNodeSDK.init40(settings);
});

afterAll(() => looker.close());

async function answerOf(path: string): Promise<Response> {
  const token = await sdk.authSession.authenticate({ method: "GET", path: "", headers: {} } as never);
  return fetch(`${looker.url}/api/4.0${path}`, { headers: token.headers as Record<string, string> });
}

describe("sessions and users", () => {
  test("a call logs in by itself, and fields are those asked for", async () => {
    expect(await sdk.ok(sdk.me("id,display_name"))).toEqual({ id: "7", display_name: "Report Robot" });
    expect(Object.keys(await sdk.ok(sdk.me()))).toEqual(
      expect.arrayContaining(["email", "role_ids", "is_disabled"]),
    );
  });

  test("the session says its workspace, and changes it", async () => {
    expect(await sdk.ok(sdk.session())).toMatchObject({ workspace_id: "production" });
    expect(await sdk.ok(sdk.update_session({ workspace_id: "dev" }))).toMatchObject({ workspace_id: "dev" });
    expect(await sdk.ok(sdk.session())).toMatchObject({ workspace_id: "dev" });
    await sdk.ok(sdk.update_session({ workspace_id: "production" }));
  });

  test("users are searched by patterns and lists of ids", async () => {
    expect(await sdk.ok(sdk.search_users({ first_name: "Rep%" }))).toHaveLength(1);
    expect(await sdk.ok(sdk.search_users({ first_name: "Bad", last_name: "News" }))).toEqual([]);
    expect(await sdk.ok(sdk.search_users({ id: "7,8" }))).toHaveLength(1);
  });
});

describe("queries", () => {
  test("a query has a slug for an id, the same for the same query, and runs in every format", async () => {
    const query = await made();
    expect(query).toMatchObject({ fields: QUERY.fields, limit: "3" });
    expect(query.id).toMatch(/^\w{22}$/);
    expect((await made()).id).toBe(query.id);
    const run = async (format: string): Promise<unknown> =>
      sdk.ok(sdk.run_query({ query_id: query.id ?? "", result_format: format }));
    const rows = (await run("json")) as Record<string, unknown>[];
    expect(rows).toHaveLength(3);
    expect(Object.keys(rows[0] ?? {})).toEqual(QUERY.fields);
    expect(
      String(await run("csv"))
        .trim()
        .split(/\r?\n/),
    ).toHaveLength(4);
    expect(await run("json_detail")).toMatchObject({ data: threeRows });
    expect(await run("json_bi")).toMatchObject({
      metadata: { has_totals: false },
      rows: Array(3).fill({ "flights.count": { value: expect.any(Number) } }),
    });
    expect(String(await run("sql"))).toMatch(/^SELECT/);
    const sql = await answerOf(`/queries/${query.id}/run/sql`);
    expect(sql.headers.get("content-type")).toMatch(/^application\/sql/);
  });

  test("numeric ids of queries are gone, and what does not exist is not found", async () => {
    for (const id of ["1", "1001", never]) await expect(sdk.ok(sdk.query(id))).rejects.toThrow("Not found");
    await expect(sdk.ok(sdk.look("999999"))).rejects.toThrow("Not found");
    await expect(sdk.ok(sdk.dashboard("999999"))).rejects.toThrow("Not found");
  });

  test("a query is found by its slug, and made without filters by an empty list of them", async () => {
    const { slug, id } = await made({ ...QUERY, filters: [], limit: 3 });
    const found = await sdk.ok(sdk.query_for_slug(slug ?? ""));
    expect(found.id).toBe(id);
    expect(Object.keys(found.filters ?? {})).toEqual([]);
  });

  test("a query that is run as it is given", async () => {
    const rows: unknown = await sdk.ok(
      sdk.run_inline_query({ result_format: "json", body: QUERY, limit: 2 }),
    );
    expect(rows).toHaveLength(2);
    const formatted: unknown = await sdk.ok(
      sdk.run_inline_query({ result_format: "json", body: QUERY, apply_formatting: true }),
    );
    expect(formatted).toEqual(
      expect.arrayContaining([{ "flights.origin": expect.any(String), "flights.count": expect.any(String) }]),
    );
  });

  test("the columns alone, by an expression that is never true", async () => {
    expect(await sdk.ok(sdk.run_inline_query({ result_format: "json", body: empty }))).toEqual([]);
    const detail: unknown = await sdk.ok(
      sdk.run_inline_query({ result_format: "json_detail", body: { ...empty, limit: "0" } }),
    );
    expect(detail).toMatchObject({ data: [], fields: { dimensions: [{ name: "flights.origin" }] } });
    expect(
      await sdk.ok(
        sdk.run_inline_query({ result_format: "json", body: { ...QUERY, filter_expression: "1=1" } }),
      ),
    ).toHaveLength(3);
  });

  test("pivots come with labels and metadata, totals without what they look like", async () => {
    const body = {
      ...QUERY,
      fields: [...QUERY.fields, "flights.is_delayed"],
      pivots: ["flights.is_delayed"],
      total: true,
    };
    const detail: unknown = await sdk.ok(sdk.run_inline_query({ result_format: "json_detail", body }));
    const { pivots, totals_data: totals } = detail as Record<string, Record<string, Record<string, object>>>;
    expect(pivots?.[0]).toMatchObject({
      labels: { "flights.is_delayed": expect.any(String) },
      metadata: { "flights.is_delayed": { value: expect.any(String) } },
    });
    for (const cell of Object.values(totals?.["flights.count"] ?? {}))
      expect(cell).not.toHaveProperty("rendered");
  });
});

describe("query tasks", () => {
  test("created, polled, and fetched, alone and together", async () => {
    const { id } = await made();
    const task = await sdk.ok(
      sdk.create_query_task({ body: { query_id: id ?? "", result_format: as("json_detail") } }),
    );
    expect(task.status).toBe("added");
    const taskId = task.id ?? "";
    await expect.poll(async () => (await sdk.ok(sdk.query_task(taskId))).status).toBe("complete");
    expect(await sdk.ok(sdk.query_task_results(taskId))).toMatchObject({ data: threeRows });
    const together = await answerOf(`/query_tasks/multi_results?query_task_ids=${taskId},${never}`);
    expect(await together.json()).toMatchObject({
      [taskId]: { status: "complete", data: { data: threeRows } },
      [never]: { status: "missing" },
    });
  });

  test("a format that does not exist is refused by the name of its property", async () => {
    const { id } = await made();
    const answer = sdk.ok(
      sdk.create_query_task({ body: { query_id: id ?? "", result_format: as("tarot") } }),
    );
    await expect(answer).rejects.toMatchObject({ message: expect.stringContaining("Validation Failed") });
  });

  test("the running queries of all are for admins; one that has ended cannot be killed", async () => {
    await expect(sdk.ok(sdk.all_running_queries())).rejects.toThrow();
    expect((await fetch(`${looker.url}/api/4.0/running_queries`)).status).toBe(401);
    await expect(sdk.ok(sdk.kill_query(never))).rejects.toThrow();
  });
});

describe("content", () => {
  test("Looks are listed, searched by title, and run", async () => {
    const all = await sdk.ok(sdk.all_looks("id,title"));
    expect(all.length).toBeGreaterThan(3);
    const found = await sdk.ok(sdk.search_looks({ title: "Weekly%", fields: "id,title" }));
    expect(found.map(({ title }) => title)).toEqual(["Weekly delays by origin airport"]);
    expect(Object.keys(found[0] ?? {})).toEqual(["id", "title"]);
    const rows: unknown = await sdk.ok(
      sdk.run_look({ look_id: found[0]?.id ?? "", result_format: "json", limit: 2 }),
    );
    expect(rows).toHaveLength(2);
  });

  test("lists that are limited say where their other parts are, and how many there are", async () => {
    const first = await answerOf("/looks/search?limit=2&fields=id");
    const total = Number(first.headers.get("x-total-count"));
    expect(total).toBeGreaterThan(2);
    expect(await first.json()).toHaveLength(2);
    const links = first.headers.get("link") ?? "";
    expect(links).toMatch(/rel="first".*rel="next".*rel="last"/);
    const seen: unknown[] = [];
    for (
      let url: string | undefined = `${looker.url}/api/4.0/looks/search?limit=2&fields=id`;
      url !== undefined;
    ) {
      const answer: Response = await answerOf(url.slice(url.indexOf("/api/4.0") + "/api/4.0".length));
      seen.push(...((await answer.json()) as unknown[]));
      url = /<([^>]*)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1];
    }
    expect(seen).toHaveLength(total);
    expect((await answerOf("/looks/search")).headers.get("link")).toBeNull();
  });

  test("a dashboard has elements of every kind, a Look alone among them, and typed filters", async () => {
    const boards = await sdk.ok(sdk.search_dashboards({ title: "%", fields: "id" }));
    const all = await Promise.all(boards.map(({ id }) => sdk.ok(sdk.dashboard(id ?? ""))));
    const elements = all.flatMap(({ dashboard_elements: some }) => some ?? []);
    expect(
      elements.some((one) => one.look_id && one.look && !one.query && !one.query_id && !one.result_maker),
    ).toBe(true);
    expect(elements.some((one) => one.type === "text")).toBe(true);
    expect(elements.some((one) => one.merge_result_id)).toBe(true);
    const types = all.flatMap(({ dashboard_filters: some }) => (some ?? []).map(({ type }) => type));
    expect(types).toEqual(expect.arrayContaining(["date_filter", "field_filter"]));
  });

  test("models, explores and their fields", async () => {
    const models = await sdk.ok(sdk.all_lookml_models({ fields: "name,explores(name)" }));
    expect(models.map(({ name }) => name)).toContain("faa");
    const explore = await sdk.ok(
      sdk.lookml_model_explore({ lookml_model_name: "faa", explore_name: "flights" }),
    );
    expect(explore.fields?.measures?.map(({ name }) => name)).toContain("flights.count");
  });

  test("schedules and datagroups", async () => {
    const own = await sdk.ok(sdk.all_scheduled_plans({}));
    const all = await sdk.ok(sdk.all_scheduled_plans({ all_users: true }));
    expect(all.length).toBeGreaterThan(own.length);
    expect(await sdk.ok(sdk.all_datagroups())).toHaveLength(3);
  });
});

test("logged out, the token is worth nothing", async () => {
  const before = await answerOf("/user");
  expect(before.status).toBe(200);
  await sdk.authSession.logout();
  expect(looker.requests.at(-1)).toMatchObject({ method: "DELETE", path: "/api/4.0/logout", status: 204 });
});
