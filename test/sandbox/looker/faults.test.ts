import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Fault, Faults } from "../../../src/sandbox/looker/index.ts";
import { type Client, login, request, signIn, startWithClient } from "./client.ts";

async function run(client: Client, format: string, lookId = "42") {
  const id = await client.task(lookId, format);
  const statuses = await client.statuses(id);
  return { id, statuses, answer: await client.get(`/query_tasks/${id}/results`) };
}

let client: Client;

beforeAll(async () => {
  client = await startWithClient();
});
beforeEach(() => client.looker.faults.clear());
afterAll(() => client.looker.close());

test("a fault strikes as often as it is told to, at the operation or path it is aimed at", async () => {
  const { faults } = client.looker;
  const statuses = async (...paths: string[]) => {
    const said: number[] = [];
    for (const path of paths) said.push((await client.get(path)).status);
    return said;
  };
  faults.add({ kind: "status", status: 500, on: "look", times: 2 });
  expect(await statuses("/user", "/looks/42", "/looks/42", "/looks/42")).toEqual([200, 500, 500, 200]);
  faults.add({ kind: "status", status: 503, on: "GET /looks/*" });
  expect(await statuses("/looks", "/looks/42", "/looks/42")).toEqual([200, 503, 200]);
  faults.add({ kind: "status", status: 502, times: "always" });
  expect(await statuses("/user", "/looks", "/no/such")).toEqual([502, 502, 502]);
  faults.clear();
  expect(await statuses("/user")).toEqual([200]);
});

test("several faults on one operation make a sequence", async () => {
  for (const status of [500, 429, 503]) client.looker.faults.add({ kind: "status", status, on: "me" });
  const said: number[] = [];
  for (let call = 0; call < 4; call += 1) said.push((await client.get("/user")).status);
  expect(said).toEqual([500, 429, 503, 200]);
});

test("a rate limit comes with Retry-After where it is given, and without it where not", async () => {
  client.looker.faults.add({ kind: "status", status: 429, retryAfter: 7 });
  client.looker.faults.add({ kind: "status", status: 429 });
  const answers = [await client.get("/user"), await client.get("/user")];
  expect(answers.map(({ status, headers }) => [status, headers.get("retry-after")])).toEqual([
    [429, "7"],
    [429, null],
  ]);
  expect((await answers[0]!.json()).message).toMatch(/rate limit/);
});

test("an error is JSON, or a page where it is told to be", async () => {
  client.looker.faults.add({ kind: "status", status: 500 });
  client.looker.faults.add({ kind: "status", status: 503, html: true });
  const [json, page] = [await client.get("/user"), await client.get("/user")];
  expect([json.status, await json.json()]).toMatchObject([500, { message: "An error has occurred." }]);
  expect([page.status, page.headers.get("content-type")]).toEqual([503, "text/html;charset=utf-8"]);
  expect(await page.text()).toContain("<h1>Service Unavailable</h1>");
});

test("a slow answer comes, later than others asked after it", async () => {
  client.looker.faults.add({ kind: "slow", ms: 500, on: "session" });
  const order: string[] = [];
  const slow = client.get("/session").then(({ status }) => order.push(`slow ${status}`));
  await client.get("/user").then(({ status }) => order.push(`quick ${status}`));
  await slow;
  expect(order).toEqual(["quick 200", "slow 200"]);
});

test("a hanging request is never answered, and closing the server ends it", async () => {
  const client = await startWithClient();
  client.looker.faults.add({ kind: "hang", on: "me" });
  const hanging = expect(client.get("/user")).rejects.toThrow("fetch failed");
  await expect.poll(() => client.looker.requests.at(-1)?.path).toBe("/api/4.0/user");
  expect((await client.get("/session")).status).toBe(200);
  await client.looker.close();
  await hanging;
  expect(client.looker.requests.find(({ path }) => path.endsWith("/user"))?.status).toBe(0);
});

test("a connection is dropped before the answer", async () => {
  client.looker.faults.add({ kind: "drop", on: "me" });
  await expect(client.get("/user")).rejects.toThrow("fetch failed");
  expect((await client.get("/user")).status).toBe(200);
});

test.each(["csv", "json_detail"])("a connection is dropped in the middle of a %s body", async (format) => {
  client.looker.faults.add({ kind: "drop_mid_body", afterBytes: 1000, on: "query_task_results" });
  const { id, answer } = await run(client, format);
  expect(answer.status).toBe(200);
  const received: Uint8Array[] = [];
  const read = async () => {
    for await (const chunk of answer.body!) received.push(chunk);
  };
  await expect(read()).rejects.toThrow("terminated");
  expect(Buffer.concat(received).length).toBe(1000);
  expect((await (await client.get(`/query_tasks/${id}/results`)).text()).length).toBeGreaterThan(1000);
});

test("a body cut at its very end is still seen to be cut", async () => {
  client.looker.faults.add({ kind: "drop_mid_body", afterBytes: 100_000_000, on: "look" });
  await expect(client.get("/looks/42").then((answer) => answer.text())).rejects.toThrow("terminated");
});

test("a token that expires answers 401 until the next login", async () => {
  await using client = await startWithClient();
  client.looker.faults.add({ kind: "token_expired" });
  const statuses = [await client.get("/user"), await client.get("/user")].map(({ status }) => status);
  expect(statuses).toEqual([401, 401]);
  expect((await (await signIn(client.looker)).get("/user")).status).toBe(200);
});

test("a login is refused, as 404 or otherwise, or is answered by a page", async () => {
  const { faults } = client.looker;
  faults.add({ kind: "login_refused" });
  faults.add({ kind: "login_refused", status: 403 });
  faults.add({ kind: "not_json", on: "login" });
  expect((await client.get("/user")).status).toBe(200);
  expect((await login(client.looker)).status).toBe(404);
  expect((await login(client.looker)).status).toBe(403);
  const page = await login(client.looker);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html;charset=utf-8"]);
  expect((await login(client.looker)).status).toBe(200);
});

test("a false expired is said once, and then the truth", async () => {
  await using client = await startWithClient({ queryMs: 0 });
  client.looker.faults.add({ kind: "false_expired" });
  const id = await client.task("42", "csv");
  const said: string[] = [];
  for (let poll = 0; poll < 4; poll += 1) said.push((await client.getJson(`/query_tasks/${id}`)).status);
  expect(said).toEqual(["added", "added", "expired", "complete"]);
  expect((await client.get(`/query_tasks/${id}/results`)).status).toBe(200);
});

test("multi_results is a poll too, and says a false expired as well", async () => {
  await using client = await startWithClient({ queryMs: 0 });
  client.looker.faults.add({ kind: "false_expired" });
  const id = await client.task("42", "json");
  const said: unknown[] = [];
  for (let poll = 0; poll < 4; poll += 1) {
    const all = await client.getJson(`/query_tasks/multi_results?query_task_ids=${id}`);
    said.push([all[id].status, "data" in all[id]]);
  }
  expect(said).toEqual([
    ["added", false],
    ["added", false],
    ["expired", false],
    ["complete", true],
  ]);
});

test("an expired that stays has no results; the next task is sound", async () => {
  client.looker.faults.add({ kind: "expired" });
  const lost = await run(client, "csv");
  expect([lost.statuses, lost.answer.status]).toEqual([["expired"], 404]);
  const sound = await run(client, "csv");
  expect([sound.statuses.at(-1), sound.answer.status]).toEqual(["complete", 200]);
});

test("an unknown status word is said for some polls, or always with pending results", async () => {
  await using client = await startWithClient({ queryMs: 0 });
  client.looker.faults.add({ kind: "status_word", word: "pondering", polls: 2 });
  client.looker.faults.add({ kind: "status_word", word: "pondering" });
  const [passing, lasting] = [await client.task("42", "csv"), await client.task("42", "csv")];
  const poll = async (id: string) => (await client.getJson(`/query_tasks/${id}`)).status;
  expect([await poll(passing), await poll(passing), await poll(passing)]).toEqual([
    "pondering",
    "pondering",
    "complete",
  ]);
  for (let again = 0; again < 5; again += 1) expect(await poll(lasting)).toBe("pondering");
  expect((await client.get(`/query_tasks/${lasting}/results`)).status).toBe(202);
});

test.each([
  ["failure", 400],
  ["missing", 404],
])("a task whose status is %s answers %i to its results", async (word, status) => {
  client.looker.faults.add({ kind: "status_word", word });
  const { statuses, answer } = await run(client, "csv");
  expect([statuses, answer.status]).toEqual([[word], status]);
});

test("a forgotten task is not found anywhere", async () => {
  client.looker.faults.add({ kind: "forgotten" });
  const id = await client.task("42", "csv");
  expect((await client.get(`/query_tasks/${id}`)).status).toBe(404);
  expect((await client.get(`/query_tasks/${id}/results`)).status).toBe(404);
  expect(await client.getJson(`/query_tasks/multi_results?query_task_ids=${id}`)).toEqual({
    [id]: { status: "missing" },
  });
});

test("a database error strikes a sound query, in the format it is aimed at", async () => {
  client.looker.faults.add({ kind: "database_error", message: "disk full", format: "csv" });
  client.looker.faults.add({ kind: "database_error", format: "json_detail" });
  expect((await run(client, "json")).answer.status).toBe(200);
  const csv = await run(client, "csv");
  expect([csv.statuses.at(-1), csv.answer.status]).toEqual(["error", 400]);
  expect((await csv.answer.json()).message).toBe("disk full");
  const detail = await run(client, "json_detail");
  expect([detail.statuses.at(-1), detail.answer.status]).toEqual(["error", 200]);
  expect(await detail.answer.json()).toMatchObject({ data: [], errors: [{ level: "error", fatal: true }] });
});

test("a fault aimed at one query leaves the others alone", async () => {
  const { query_id } = await client.getJson("/looks/43");
  client.looker.faults.add({ kind: "database_error", queryId: query_id, times: "always" });
  expect((await run(client, "csv", "42")).answer.status).toBe(200);
  expect((await run(client, "csv", "43")).answer.status).toBe(400);
  expect((await client.get("/looks/43/run/csv")).status).toBe(400);
});

test("a looker_error is a row of a sound-looking answer", async () => {
  client.looker.faults.add({ kind: "looker_error", message: "View does not exist" });
  const { statuses, answer } = await run(client, "json");
  expect([statuses.at(-1), answer.status]).toEqual(["complete", 200]);
  expect(await answer.json()).toEqual([{ looker_error: "View does not exist" }]);
});

test("the task itself comes in place of its data", async () => {
  client.looker.faults.add({ kind: "task_as_data" });
  const { id, answer } = await run(client, "json_detail");
  expect([answer.status, await answer.json()]).toMatchObject([
    200,
    { id, status: "complete", result_format: "json_detail" },
  ]);
});

test("warnings are in errors[] with sound data", async () => {
  const { answer: before } = await run(client, "json_detail");
  client.looker.faults.add({ kind: "warnings", message: "You are in development mode" });
  const { answer: after } = await run(client, "json_detail");
  const body = await after.json();
  expect(body.data).toEqual((await before.json()).data);
  expect(body.errors).toEqual([
    expect.objectContaining({ message: "You are in development mode", level: "warning" }),
  ]);
});

test("older servers say 204 where newer ones say 202", async () => {
  await using client = await startWithClient({ queryMs: 600_000 });
  client.looker.faults.add({ kind: "pending_as_204" });
  const id = await client.task("42", "csv");
  const pending = await client.get(`/query_tasks/${id}/results`);
  expect([pending.status, await pending.text()]).toEqual([204, ""]);
});

test("the limit of concurrency can be lowered while the server runs", async () => {
  await using client = await startWithClient({ queryMs: 600_000 });
  client.looker.faults.add({ kind: "concurrency", max: 1 });
  const first = await client.task("42", "csv");
  const second = await client.task("43", "csv");
  const status = async (id: string) => (await client.getJson(`/query_tasks/${id}`)).status;
  expect([await status(first), await status(second)]).toEqual(["running", "added"]);
  await client.delete(`/running_queries/${first}`);
  expect(await status(second)).toBe("running");
});

test("faults are added, listed and cleared over HTTP, without a login", async () => {
  await using client = await startWithClient();
  const control = `${client.looker.url}/sandbox/faults`;
  const post = (body: unknown) => request(control, { method: "POST", body: JSON.stringify(body) });
  await post({ kind: "drop", on: "me" });
  const two = await post([{ kind: "pending_as_204" }, { kind: "expired", times: 3 }]);
  expect(await two.json()).toEqual([
    { id: "2", fault: { kind: "pending_as_204" }, left: "always" },
    { id: "3", fault: { kind: "expired", times: 3 }, left: 3 },
  ]);
  expect(await (await request(control)).json()).toHaveLength(3);
  await request(`${control}/1`, { method: "DELETE" });
  expect(client.looker.faults.list().map(({ id }) => id)).toEqual(["2", "3"]);
  await request(control, { method: "DELETE" });
  expect(client.looker.faults.list()).toEqual([]);
  const wrong = await post({ kind: "slow", ms: "long" });
  expect([wrong.status, (await wrong.json()).message]).toEqual([
    400,
    expect.stringMatching(/^Not a fault: .*number/s),
  ]);
  const requests = await (await request(`${client.looker.url}/sandbox/requests`)).json();
  expect(requests[0]).toMatchObject({ method: "POST", path: "/api/4.0/login", status: 200 });
  expect(await (await request(`${client.looker.url}/sandbox/tasks`)).json()).toEqual([]);
});

test("a fault with a chance strikes now and then, the same times for the same seed, until it is cleared", () => {
  const struck = (chance: number, seed: number) => {
    const faults = new Faults();
    faults.add({ kind: "drop", chance, seed });
    return Array.from({ length: 1_000 }, () => faults.takeForRequest("me", "GET", "/user") !== null);
  };
  const hits = struck(0.3, 7).filter(Boolean).length;
  expect(hits).toBeGreaterThan(250);
  expect(hits).toBeLessThan(350);
  expect(struck(0.3, 7)).toEqual(struck(0.3, 7));
  expect(struck(0.3, 8)).not.toEqual(struck(0.3, 7));
  expect(struck(0, 7)).not.toContain(true);
  expect(struck(1, 7)).not.toContain(false);
});

test("a fault with a chance and a number of times strikes so often, and lets those after it strike otherwise", () => {
  const faults = new Faults();
  faults.add({ kind: "drop", chance: 0.5, times: 3 });
  faults.add({ kind: "hang", times: "always" });
  const kinds = Array.from({ length: 100 }, () => faults.takeForRequest("me", "GET", "/user")?.kind);
  expect(kinds.filter((kind) => kind === "drop")).toHaveLength(3);
  expect(kinds.filter((kind) => kind === "hang")).toHaveLength(97);
  expect(faults.list()).toMatchObject([{ fault: { kind: "hang" }, left: "always" }]);
});

test("a task is forgotten after some polls", async () => {
  client.looker.faults.add({ kind: "forgotten", polls: 2 });
  const id = await client.task("42", "csv");
  const said: number[] = [];
  for (let poll = 0; poll < 3; poll += 1) said.push((await client.get(`/query_tasks/${id}`)).status);
  expect(said).toEqual([200, 200, 404]);
  expect((await client.get(`/query_tasks/${id}/results`)).status).toBe(404);
});

test("a fault that is none is refused with what is wrong", () => {
  const faults = new Faults();
  expect(() => faults.add({ kind: "slow" } as Fault)).toThrow(/Not a fault: .*ms/s);
  expect(() => faults.add({ kind: "earthquake" } as unknown as Fault)).toThrow(/Not a fault/);
  expect(() => faults.add({ kind: "drop", chance: 2 })).toThrow(/chance/);
  expect(() => faults.add({ kind: "drop", queryId: "1" } as unknown as Fault)).toThrow(/queryId/);
});
