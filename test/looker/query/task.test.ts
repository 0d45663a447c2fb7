import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import { lookSource } from "../../../src/looker/look/source.ts";
import {
  type Context,
  contextFor,
  failureOf,
  openedLooker,
  openHouse,
  request,
  sendJson,
  taskBook,
  tinyServer,
} from "../house.ts";

test("a Look costs four calls after the login: the Look, the task, a poll, the result", async () => {
  const { looker, calls } = await openHouse();
  const context = contextFor({ expectedMs: 1_000 });
  const result = await lookSource(looker).run(42, request(), context);
  expect(calls()).toEqual([
    "GET /looks/42",
    "POST /query_tasks",
    "GET /query_tasks/ID",
    "GET /query_tasks/ID/results",
  ]);
  expect(result.table.rowCount).toBeGreaterThan(0);
});

test("the task is told of before the first poll, and a failure to keep it stops the run and the query", async () => {
  const { looker, sandbox, calls } = await openHouse({ queryMs: 60_000 });
  const tasks = taskBook();
  const created = async () => Promise.reject(new ReportError("disk full", { code: "local" }));
  const context = contextFor({ tasks: { ...tasks, created } });
  expect(await failureOf(lookSource(looker).run(42, request(), context))).toMatchObject({
    message: "disk full",
  });
  expect(calls()).toEqual(["GET /looks/42", "POST /query_tasks", "DELETE /running_queries/ID"]);
  expect(sandbox.tasks()[0]).toMatchObject({ state: "killed" });
  expect(tasks.dropped).toMatchObject([[expect.stringContaining("json_detail"), null]]);
});

test("progress tells Looker's own words, then the bytes", async () => {
  const { looker } = await openHouse();
  const context = contextFor();
  await lookSource(looker).run(42, request(), context);
  expect(
    context.told.map(({ status }) => status).filter((word, index, all) => word !== all[index - 1]),
  ).toEqual(["added", "complete", "fetching"]);
  expect(context.told.at(-1)?.bytes).toBeGreaterThan(1_000);
  expect(context.tasks.made).toHaveLength(1);
});

test("the first poll comes just after the time the query took last time, later ones ever more rarely", async () => {
  const { looker, clock } = await openHouse({ queryMs: 30 });
  await lookSource(looker).run(42, request(), contextFor({ expectedMs: 20_000 }));
  const [first = 0, ...later] = clock.slept;
  expect(first).toBeGreaterThan(20_000);
  expect(first).toBeLessThan(21_000);
  expect(later.every((ms, index) => ms >= (later[index - 1] ?? 0) && ms <= 15_000)).toBe(true);
});

test("a query that is not known is expected to take as long as others did lately", async () => {
  const { looker, clock, calls } = await openHouse({ queryMs: 1 });
  for (const tookMs of [2_000, 2_100, 1_900]) looker.recent.note(tookMs);
  await lookSource(looker).run(42, request(), contextFor());
  // What the calls themselves took on a busy machine has passed already.
  expect(clock.slept[0]).toBeGreaterThan(1_000);
  expect(clock.slept[0]).toBeLessThan(2_100);
  expect(calls().filter((call) => call === "GET /query_tasks/ID")).toHaveLength(1);
});

test("a first `expired` that is false is waited out", async () => {
  const { looker, sandbox, calls } = await openHouse();
  sandbox.faults.add({ kind: "false_expired" });
  const result = await lookSource(looker).run(42, request(), contextFor());
  expect(result.table.rowCount).toBeGreaterThan(0);
  expect(calls().filter((call) => call.startsWith("POST"))).toHaveLength(1);
});

test.each(["expired", "forgotten"] as const)("a task that stays %s is made once more", async (kind) => {
  const { looker, sandbox, calls, clock } = await openHouse();
  sandbox.faults.add({ kind });
  const context = contextFor();
  const result = await lookSource(looker).run(42, request(), context);
  expect(result.table.rowCount).toBeGreaterThan(0);
  expect(context.tasks.made).toHaveLength(2);
  expect(calls().filter((call) => call === "POST /query_tasks")).toHaveLength(2);
  expect(clock.slept.reduce((sum, ms) => sum + ms)).toBeGreaterThanOrEqual(5_000);
});

test("but not a third time", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "expired", times: "always" });
  const context = contextFor();
  expect(await failureOf(lookSource(looker).run(42, request(), context))).toMatchObject({
    code: "unavailable",
    retryable: true,
    message: expect.stringContaining("expire"),
  });
  expect(context.tasks.made).toHaveLength(2);
});

test.each([
  ["killed", "database", "killed at Looker"],
  ["failure", "unavailable", '"failure"'],
  ["missing", "unavailable", '"missing"'],
])("a task that is %s ends the run as %s", async (word, code, words) => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "status_word", word });
  const error = await failureOf(lookSource(looker).run(42, request(), contextFor()));
  expect(error).toMatchObject({ code, message: expect.stringContaining(words) });
});

test("a status word no one knows is polled past, and its result asked for", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "status_word", word: "warming_up", polls: 3 });
  const result = await lookSource(looker).run(42, request(), contextFor());
  expect(result.table.rowCount).toBeGreaterThan(0);
});

test("a status word no one knows that never changes ends at the report's own timeout, and the query is killed", async () => {
  const { looker, sandbox, calls } = await openHouse({ queryMs: 60_000 });
  sandbox.faults.add({ kind: "status_word", word: "warming_up" });
  const controller = new AbortController();
  const reason = new ReportError("No result within 30 min.", { code: "timeout" });
  let polls = 0;
  const context = contextFor({
    signal: controller.signal,
    progress: () => {
      polls += 1;
      if (polls === 8) controller.abort(reason);
    },
  });
  expect(await failureOf(lookSource(looker).run(42, request(), context))).toBe(reason);
  expect(calls().at(-1)).toBe("DELETE /running_queries/ID");
});

test.each([202, 204])("a result that is not ready yet (%i) is not an empty result", async (notReady) => {
  let fetches = 0;
  const server = await tinyServer(({ url }, response) => {
    if (url.includes("/looks/")) sendJson(response, { id: "1", query: { id: "7", model: "m", view: "v" } });
    else if (url.endsWith("/results")) {
      fetches += 1;
      if (fetches === 1) response.writeHead(notReady).end();
      else sendJson(response, { data: [{ "v.a": { value: 1 } }], fields: { dimensions: [{ name: "v.a" }] } });
    } else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "complete" });
  });
  const context = contextFor();
  const result = await lookSource(openedLooker(server.url)).run(1, request(), context);
  expect(result.table.rowCount).toBe(1);
  expect(fetches).toBe(2);
  expect(context.tasks.made).toEqual(["t"]);
});

test("the task itself in place of its data is not a result: a new task brings it", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "task_as_data" });
  const context = contextFor();
  expect((await lookSource(looker).run(42, request(), context)).table.rowCount).toBeGreaterThan(0);
  expect(context.tasks.made).toHaveLength(2);
});

test.each(["json_detail", "csv"])("the row that holds looker_error is an error, in %s", async (format) => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "looker_error", message: "Out of memory", format });
  const limit = format === "csv" ? 6_000 : null;
  expect(await failureOf(lookSource(looker).run(42, request({ limit }), contextFor()))).toMatchObject({
    code: "database",
    message: "Out of memory",
  });
});

test.each(["json_detail", "csv"])(
  "a database error, in %s, is told in the database's words",
  async (format) => {
    const { looker, sandbox } = await openHouse();
    sandbox.faults.add({ kind: "database_error", message: "Warehouse is suspended", format });
    const limit = format === "csv" ? 6_000 : null;
    const error = await failureOf(lookSource(looker).run(42, request({ limit }), contextFor()));
    expect(error).toMatchObject({
      code: "database",
      retryable: false,
      message: expect.stringContaining("Warehouse is suspended"),
    });
  },
);

test("a real database error brings its details and the SQL", async () => {
  const { looker } = await openHouse();
  const error = await failureOf(lookSource(looker).run(83, request(), contextFor()));
  expect(error).toMatchObject({
    code: "database",
    message: expect.stringMatching(/no such column.*line \d+/),
    advice: expect.stringContaining("SQL: SELECT"),
  });
});

test("notices of development mode are warnings next to sound data", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "warnings" });
  const result = await lookSource(looker).run(42, request(), contextFor());
  expect(result.table.rowCount).toBeGreaterThan(0);
  expect(result.warnings).not.toEqual([]);
});

test.each([
  [{ kind: "status", status: 429, retryAfter: 3, times: 2 }, 3_000],
  [{ kind: "status", status: 503, html: true, times: 3 }, 500],
  [{ kind: "status", status: 500, times: 2 }, 500],
  [{ kind: "drop", times: 2 }, 500],
] as const)("polls that fail in passing do not fail the run: %j", async (fault, waitMs) => {
  const { looker, sandbox, clock } = await openHouse();
  sandbox.faults.add({ ...fault, on: "query_task" });
  const context = contextFor();
  expect((await lookSource(looker).run(42, request(), context)).table.rowCount).toBeGreaterThan(0);
  expect(context.tasks.made).toHaveLength(1);
  expect(clock.slept).toContain(waitMs);
});

test("polls that go on failing end the run after a while; the query goes on, for the next try to find", async () => {
  const { looker, sandbox, calls } = await openHouse({ queryMs: 60_000 });
  sandbox.faults.add({ kind: "status", status: 503, on: "query_task", times: "always" });
  const context = contextFor();
  expect(await failureOf(lookSource(looker).run(42, request(), context))).toMatchObject({
    status: 503,
    retryable: true,
  });
  expect(calls().filter((call) => call === "GET /query_tasks/ID")).toHaveLength(5);
  expect(sandbox.tasks()).toMatchObject([{ state: "running" }]);
  expect(context.tasks.standing.size).toBe(1);
});

test.each([11, 900])("a Retry-After of %i s is handed on instead of waited for", async (retryAfter) => {
  const { looker, sandbox, calls } = await openHouse({ queryMs: 60_000 });
  sandbox.faults.add({ kind: "status", status: 429, retryAfter, on: "query_task" });
  expect(await failureOf(lookSource(looker).run(42, request(), contextFor()))).toMatchObject({
    code: "rate_limited",
    retryable: true,
    retryAfterMs: retryAfter * 1_000,
  });
  expect(calls().filter((call) => call === "GET /query_tasks/ID")).toHaveLength(1);
});

test.each([[{ kind: "drop" }], [{ kind: "status", status: 502 }]] as const)(
  "a task whose creation lost its answer is made once more, since the next try would do so too: %j",
  async (fault) => {
    const { looker, sandbox, calls } = await openHouse();
    sandbox.faults.add({ ...fault, on: "create_query_task" });
    expect((await lookSource(looker).run(42, request(), contextFor())).table.rowCount).toBeGreaterThan(0);
    expect(calls().filter((call) => call === "POST /query_tasks")).toHaveLength(2);
  },
);

test("but not again and again, since each may be running", async () => {
  const { looker, sandbox, calls } = await openHouse();
  sandbox.faults.add({ kind: "drop", on: "create_query_task", times: "always" });
  const context = contextFor();
  expect(await failureOf(lookSource(looker).run(42, request(), context))).toMatchObject({
    code: "unavailable",
    retryable: true,
  });
  expect(calls().filter((call) => call === "POST /query_tasks")).toHaveLength(2);
  expect(context.tasks.dropped).toMatchObject([[expect.any(String), null]]);
});

test("a task is made later when Looker has no time for it", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "status", status: 429, retryAfter: 1, on: "create_query_task" });
  expect((await lookSource(looker).run(42, request(), contextFor())).table.rowCount).toBeGreaterThan(0);
});

test.each([
  ["json_detail", null],
  ["csv", 6_000],
])("a %s result that drops midway is fetched again, whole", async (_format, limit) => {
  const { looker, sandbox } = await openHouse();
  const whole = await lookSource(looker).run(42, request({ limit }), contextFor());
  sandbox.faults.add({ kind: "drop_mid_body", afterBytes: 200, on: "query_task_results", times: 2 });
  const context = contextFor();
  const again = await lookSource(looker).run(42, request({ limit }), context);
  expect(again.table.rows).toEqual(whole.table.rows);
  expect(again.table.rowCount).toBe(whole.table.rowCount);
  expect(context.tasks.made).toHaveLength(1);
});

test("a result that drops again and again is asked for in a new task, and then given up", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "drop_mid_body", afterBytes: 200, on: "query_task_results", times: "always" });
  const context = contextFor();
  expect(await failureOf(lookSource(looker).run(42, request(), context))).toMatchObject({
    code: "unavailable",
    retryable: true,
  });
  expect(context.tasks.made).toHaveLength(2);
});

const unwanted = () => new ReportError("Nobody wants it any more.", { code: "cancelled", retryable: false });

/** Aborts as soon as the task stands. */
function abortedContext(reason: ReportError): Context {
  const controller = new AbortController();
  const tasks = taskBook();
  const created = async (query: string, id: string) => {
    await tasks.created(query, id);
    controller.abort(reason);
  };
  return contextFor({ signal: controller.signal, tasks: { ...tasks, created } });
}

test.each([unwanted(), new ReportError("No result within 30 min.", { code: "timeout" })])(
  "what no one wants any more is killed and forgotten, and the run ends with the signal's reason: $code",
  async (reason) => {
    const { looker, sandbox } = await openHouse({ queryMs: 60_000 });
    const context = abortedContext(reason);
    expect(await failureOf(lookSource(looker).run(42, request(), context))).toBe(reason);
    expect(sandbox.tasks()[0]).toMatchObject({ state: "killed" });
    expect(context.tasks.standing.size).toBe(0);
  },
);

test("at a shutdown the query goes on at Looker, for another worker to take over", async () => {
  const { looker, sandbox } = await openHouse({ queryMs: 60_000 });
  const reason = new ReportError("The worker is stopping.", { code: "cancelled", retryable: true });
  const context = abortedContext(reason);
  expect(await failureOf(lookSource(looker).run(42, request(), context))).toBe(reason);
  expect(sandbox.tasks()[0]).toMatchObject({ state: "running" });
  expect([...context.tasks.standing.values()]).toMatchObject([{ taskId: sandbox.tasks()[0]?.id }]);
});

test.each([
  [unwanted(), "killed", 0],
  [new ReportError("The worker is stopping.", { code: "cancelled", retryable: true }), "running", 1],
])(
  "an abort while the task is being made waits for its id, so that it can be killed or kept",
  async (reason, state, kept) => {
    const { looker, sandbox } = await openHouse({ queryMs: 60_000 });
    sandbox.faults.add({ kind: "slow", ms: 100, on: "create_query_task" });
    const controller = new AbortController();
    const context = contextFor({ signal: controller.signal });
    const running = failureOf(lookSource(looker).run(42, request(), context));
    while (!sandbox.requests.some(({ path }) => path.endsWith("/query_tasks")))
      await new Promise(setImmediate);
    controller.abort(reason);
    expect(await running).toBe(reason);
    expect(sandbox.tasks().map((task) => task.state)).toEqual([state]);
    expect(context.tasks.standing.size).toBe(kept);
  },
);

test("a query that cannot be killed changes nothing", async () => {
  const { looker, sandbox } = await openHouse({ queryMs: 60_000 });
  sandbox.faults.add({ kind: "status", status: 404, html: true, on: "kill_query" });
  const reason = unwanted();
  expect(await failureOf(lookSource(looker).run(42, request(), abortedContext(reason)))).toBe(reason);
});

test("queries beyond the cap wait for a place, say so, and can be called off while they wait", async () => {
  const { looker, sandbox } = await openHouse({}, { maxConcurrentQueries: 2 });
  const allWait = Promise.withResolvers<void>();
  const contexts = Array.from({ length: 5 }, () => {
    const tasks = { ...taskBook(), created: () => allWait.promise };
    return contextFor({ tasks });
  });
  const waiting = () => contexts.filter(({ told }) => told.some(({ status }) => status === "waiting"));
  const runs = contexts.map((context) => lookSource(looker).run(42, request({ filters: {} }), context));
  const controller = new AbortController();
  const reason = new ReportError("The worker is stopping.", { code: "cancelled" });
  const late = contextFor({
    signal: controller.signal,
    progress: ({ status }) => (status === "waiting" ? controller.abort(reason) : undefined),
  });
  while (waiting().length < 3) await new Promise(setImmediate);
  expect(await failureOf(lookSource(looker).run(43, request(), late))).toBe(reason);
  allWait.resolve();
  await Promise.all(runs);
  expect(late.tasks.made).toEqual([]);
  expect(waiting()).toHaveLength(3);
  expect(sandbox.tasks()).toHaveLength(5);
});

test("a place is given back after a failure", async () => {
  const { looker, sandbox } = await openHouse({}, { maxConcurrentQueries: 1 });
  sandbox.faults.add({ kind: "database_error" });
  await failureOf(lookSource(looker).run(42, request(), contextFor()));
  expect((await lookSource(looker).run(42, request(), contextFor())).table.rowCount).toBeGreaterThan(0);
});

test("ids may be numbers, as in API 3.1", async () => {
  const server = await tinyServer((incoming, response) => {
    const { url } = incoming;
    if (url.includes("/looks/"))
      sendJson(response, {
        id: 42,
        title: "Old",
        query_id: 7,
        query: { id: 7, model: "m", view: "v", fields: ["v.a"], limit: 10 },
      });
    else if (url.endsWith("/results"))
      sendJson(response, {
        data: [{ "v.a": { value: 1 } }],
        fields: { dimensions: [{ name: "v.a", label: "A" }] },
      });
    else if (url.includes("/query_tasks")) sendJson(response, { id: 99, status: "complete" });
  });
  const context = contextFor();
  const result = await lookSource(openedLooker(server.url)).run(42, request(), context);
  expect(result.table.rows).toEqual([[{ value: 1, rendered: "1" }]]);
  expect(context.tasks.made).toEqual(["99"]);
  // The answer to its creation said "complete" already: no poll.
  expect(server.seen.filter((call) => call.startsWith("GET /api/4.0/query_tasks"))).toEqual([
    "GET /api/4.0/query_tasks/99/results",
  ]);
});

test("an error without any reason is still an error", async () => {
  const server = await tinyServer((incoming, response) => {
    const { url } = incoming;
    if (url.includes("/looks/")) sendJson(response, { id: "1", query: { id: "7", model: "m", view: "v" } });
    else if (url.endsWith("/results")) sendJson(response, { data: [], fields: { dimensions: [] } });
    else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "error" });
  });
  expect(await failureOf(lookSource(openedLooker(server.url)).run(1, request(), contextFor()))).toMatchObject(
    { code: "database", message: expect.stringContaining("gave no reason") },
  );
});

test("a task that failed for a mere notice has its data taken, with the notice", async () => {
  const note = "Note: This query contains derived tables with Development Mode filters.";
  const server = await tinyServer((incoming, response) => {
    const { url } = incoming;
    if (url.includes("/looks/")) sendJson(response, { id: "1", query: { id: "7", model: "m", view: "v" } });
    else if (url.endsWith("/results"))
      sendJson(response, {
        data: [{ "v.a": { value: 1 } }],
        fields: { dimensions: [{ name: "v.a", label: "A" }] },
        errors: [{ message: note, level: "error" }],
      });
    else if (url.includes("/query_tasks")) sendJson(response, { id: "t", status: "error" });
  });
  const result = await lookSource(openedLooker(server.url)).run(1, request(), contextFor());
  expect(result).toMatchObject({ warnings: [note], table: { rowCount: 1 } });
});
