import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, request, startWithClient } from "../../client.ts";

const never = 600_000;

let client: Client;

beforeAll(async () => {
  client = await startWithClient();
});
afterAll(() => client.looker.close());

test("a task is added, runs, is complete, and then its results are there", async () => {
  let takesMs = never;
  await using client = await startWithClient({ queryMs: () => takesMs });
  const slow = await client.task("42", "csv");
  expect(slow).toMatch(/^[0-9a-f]{32}$/);
  expect(await client.getJson(`/query_tasks/${slow}`)).toMatchObject({ status: "running", runtime: null });
  const pending = await client.get(`/query_tasks/${slow}/results`);
  expect([pending.status, await pending.text()]).toEqual([202, ""]);
  takesMs = 1;
  const id = await client.task("42", "csv");
  expect((await client.statuses(id)).at(-1)).toBe("complete");
  const results = await client.get(`/query_tasks/${id}/results`);
  expect([results.status, results.headers.get("content-type")]).toEqual([200, "text/csv;charset=utf-8"]);
  const [header] = (await results.text()).split(/\r?\n/);
  expect(header).toBe(
    "Flights Origin,Origin Airport City,Flights Count,Flights Average Delay,Flights Delayed Rate",
  );
});

test("the answer to the creation says added, with the query and how it is run", async () => {
  const { query_id } = await client.getJson("/looks/42");
  const body = { query_id, result_format: "json", source: "lookpost", look_id: "42" };
  const made = await client.post("/query_tasks?cache=false&generate_drill_links=true&path_prefix=/p", body);
  expect(await made.json()).toMatchObject({
    query_id,
    query: { id: query_id, model: "faa", view: "flights" },
    status: "added",
    source: "lookpost",
    look_id: "42",
    result_format: "json",
    cache: false,
    generate_links: true,
    path_prefix: "/p",
  });
});

test.each([
  [{}, 422, ["query_id", "result_format"]],
  [{ query_id: "1001" }, 422, ["result_format"]],
  [{ query_id: "1001", result_format: "docx" }, 422, ["result_format"]],
  [{ query_id: "1001", result_format: "xlsx" }, 422, ["result_format"]],
  [{ query_id: "5", result_format: "csv" }, 404, undefined],
  ["query", 400, undefined],
])("a bad body %j answers %i and names %j", async (body, status, fields) => {
  const answer = await client.post("/query_tasks", body);
  const { errors } = await answer.json();
  expect([answer.status, errors?.map(({ field }: { field: string }) => field)]).toEqual([status, fields]);
});

test("text that is not JSON answers 400", async () => {
  const headers = { authorization: `token ${client.token}`, "content-type": "application/json" };
  const answer = await request(`${client.api}/query_tasks`, {
    method: "POST",
    headers,
    body: "{query_id: 1",
  });
  expect(answer.status).toBe(400);
  expect((await answer.json()).message).toMatch(/^Problems parsing JSON/);
});

test("a database error is 200 with errors[] in json_detail, and 400 in every other format", async () => {
  const detail = await client.task("83", "json_detail");
  expect((await client.statuses(detail)).at(-1)).toBe("error");
  const body = await client.getJson(`/query_tasks/${detail}/results`);
  expect(body.data).toEqual([]);
  expect(body.errors).toEqual([
    expect.objectContaining({ level: "error", message_details: expect.stringContaining("dropped_column") }),
  ]);
  for (const format of ["json", "csv", "html", "md", "txt"]) {
    const id = await client.task("83", format);
    await client.statuses(id);
    const answer = await client.get(`/query_tasks/${id}/results`);
    expect([answer.status, (await answer.json()).message]).toEqual([400, body.errors[0].message]);
  }
});

test("a running query can be killed; then it has no results, and killing again answers with a page", async () => {
  await using client = await startWithClient({ queryMs: never, isAdmin: true });
  const id = await client.task("42", "csv");
  const [running] = await client.getJson("/running_queries");
  expect(running).toMatchObject({
    query_task_id: id,
    status: "running",
    user: { display_name: "Report Robot" },
  });
  expect((await client.delete(`/running_queries/${id}`)).status).toBe(204);
  expect(await client.getJson("/running_queries")).toEqual([]);
  expect((await client.getJson(`/query_tasks/${id}`)).status).toBe("killed");
  const results = await client.get(`/query_tasks/${id}/results`);
  expect([results.status, (await results.json()).message]).toEqual([400, "Query was killed"]);
  const again = await client.delete(`/running_queries/${id}`);
  expect([again.status, again.headers.get("content-type")]).toEqual([404, "text/html;charset=utf-8"]);
});

test("beyond the limit of concurrency tasks queue as added, and start in their order as others end", async () => {
  await using client = await startWithClient({ queryMs: never, concurrencyMax: 2 });
  const ids: string[] = [];
  for (let made = 0; made < 4; made += 1) ids.push(await client.task("42", "json", "?cache=false"));
  const states = () => client.looker.tasks().map(({ state }) => state);
  expect(states()).toEqual(["running", "running", "added", "added"]);
  await client.delete(`/running_queries/${ids[1]}`);
  expect(states()).toEqual(["running", "killed", "running", "added"]);
  await client.delete(`/running_queries/${ids[3]}`);
  await client.delete(`/running_queries/${ids[0]}`);
  expect(states()).toEqual(["killed", "killed", "running", "killed"]);
});

test("multi_results inlines what is complete, and only names the state of the rest", async () => {
  let takesMs = 1;
  await using client = await startWithClient({ queryMs: () => takesMs });
  const detail = await client.task("42", "json_detail");
  const text = await client.task("42", "csv", "?limit=2");
  const failed = await client.task("83", "json_detail");
  for (const id of [detail, text, failed]) await client.statuses(id);
  takesMs = never;
  const pending = await client.task("44", "json");
  const ids = [detail, text, failed, pending, "0".repeat(32)].join(",");
  const all = await client.getJson(`/query_tasks/multi_results?query_task_ids=${ids}`);
  expect(all[detail]).toEqual({
    status: "complete",
    result_source: "query",
    data: await client.getJson(`/query_tasks/${detail}/results`),
  });
  expect(all[text].data).toBe(await (await client.get(`/query_tasks/${text}/results`)).text());
  expect(all[failed]).toMatchObject({ status: "error", data: { data: [], errors: [{ level: "error" }] } });
  expect(all[pending]).toEqual({ status: "running" });
  expect(all["0".repeat(32)]).toEqual({ status: "missing" });
});

test("the same query comes from cache, unless cache=false; cache_only alone fails where there is nothing", async () => {
  await using client = await startWithClient();
  const run = async (lookId: string, parameters: string) => {
    const id = await client.task(lookId, "json_detail", parameters);
    await client.statuses(id);
    return client.getJson(`/query_tasks/${id}/results`);
  };
  expect((await run("42", "?cache_only=true")).errors[0].message).toBe("Query results not found in cache");
  expect((await run("42", "")).from_cache).toBe(false);
  expect((await run("42", "")).from_cache).toBe(true);
  expect((await run("42", "?cache_only=true")).from_cache).toBe(true);
  expect((await run("42", "?cache=false")).from_cache).toBe(false);
  expect((await run("43", "")).from_cache).toBe(false);
});

test("a result is kept for its time; then the task is expired and its results are not found", async () => {
  await using client = await startWithClient({ queryMs: 1, resultTtlMs: 30 });
  const id = await client.task("42", "json");
  await client.statuses(id);
  await expect.poll(async () => (await client.getJson(`/query_tasks/${id}`)).status).toBe("expired");
  expect((await client.get(`/query_tasks/${id}/results`)).status).toBe(404);
  expect(await client.getJson(`/query_tasks/multi_results?query_task_ids=${id}`)).toEqual({
    [id]: { status: "expired" },
  });
});

test("limit and apply_formatting of the task change the result", async () => {
  const rows = async (parameters: string) => {
    const id = await client.task("47", "json", parameters);
    await client.statuses(id);
    return client.getJson(`/query_tasks/${id}/results`);
  };
  const raw = await rows("?limit=3");
  const formatted = await rows("?limit=3&apply_formatting=true");
  expect(raw).toHaveLength(3);
  expect(raw[0]["flights.fuel_cost"]).toBeTypeOf("number");
  expect(formatted[0]["flights.fuel_cost"]).toMatch(/^\$[\d,]+\.\d\d$/);
});

test("one query takes as long as it is told to", async () => {
  const seen: string[] = [];
  await using client = await startWithClient({
    queryMs: ({ view }) => {
      seen.push(view);
      return view === "empty" ? 1 : never;
    },
  });
  const slow = await client.task("42", "json");
  const quick = await client.task("82", "json");
  expect((await client.statuses(quick)).at(-1)).toBe("complete");
  expect((await client.getJson(`/query_tasks/${slow}`)).status).toBe("running");
  expect(seen).toEqual(["flights", "empty"]);
});

test("tasks are counted, by what became of them and by query, and so is how many ever ran at once", async () => {
  let takesMs = never;
  await using client = await startWithClient({ queryMs: () => takesMs, concurrencyMax: 2 });
  const counts = async () => (await request(`${client.looker.url}/sandbox/tasks/counts`)).json();
  const [first, second, third] = [
    await client.task("42", "csv"),
    await client.task("43", "csv"),
    await client.task("43", "json"),
  ];
  expect(await counts()).toMatchObject({ created: 3, running: 2, queued: 1, runningMax: 2 });
  await client.delete(`/running_queries/${third}`);
  await client.delete(`/running_queries/${second}`);
  takesMs = 1;
  await client.delete(`/running_queries/${first}`);
  await client.statuses(await client.task("42", "csv"));
  client.looker.faults.add({ kind: "database_error" });
  await client.statuses(await client.task("44", "csv"));
  const { query_id: query42 } = await client.getJson("/looks/42");
  const { query_id: query43 } = await client.getJson("/looks/43");
  expect(await counts()).toMatchObject({
    created: 5,
    running: 0,
    queued: 0,
    runningMax: 2,
    complete: 1,
    failed: 1,
    killed: 3,
    byQuery: { [query42]: 2, [query43]: 2 },
  });
});
