import { expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import { createSlots } from "../../../src/core/rules/slots.ts";
import { lookSource } from "../../../src/looker/look/source.ts";
import { type Context, contextFor, failureOf, openedLooker, openHouse, request, taskBook } from "../house.ts";

const unwanted = new ReportError("It was cancelled.", { code: "cancelled", retryable: false });
const stopping = () => new ReportError("The worker is stopping.", { code: "cancelled", retryable: true });

/** A run that ends as its task stands, as if its process had died. */
async function leftBehind(
  looker: Parameters<typeof lookSource>[0],
  tasks: Context["tasks"],
  look = 42,
): Promise<void> {
  const controller = new AbortController();
  const created: typeof tasks.created = async (query, id) => {
    await tasks.created(query, id);
    controller.abort(stopping());
  };
  const context = contextFor({ signal: controller.signal, tasks: { ...tasks, created } });
  await failureOf(lookSource(looker).run(look, request(), context));
}

const posts = (calls: readonly string[]) => calls.filter((call) => call === "POST /query_tasks").length;

test("a task that another worker left is polled on, and no second one is made", async () => {
  const { looker, sandbox, calls } = await openHouse({ queryMs: 300 });
  const tasks = taskBook();
  await leftBehind(looker, tasks);
  const context = contextFor({ tasks });
  const result = await lookSource(looker).run(42, request(), context);
  expect(result.table.rowCount).toBeGreaterThan(0);
  expect(posts(calls())).toBe(1);
  expect(sandbox.tasks()).toMatchObject([{ state: "complete" }]);
});

test("one that is complete long since is polled at once, and its times are Looker's, not those of the take-over", async () => {
  const { looker, sandbox, clock } = await openHouse({ queryMs: 50 });
  const tasks = taskBook(clock);
  await leftBehind(looker, tasks);
  await expect.poll(() => sandbox.tasks()[0]?.state).toBe("complete");
  const since = [...tasks.standing.values()][0]?.since;
  await clock.sleep(600_000);
  clock.slept.length = 0;
  const result = await lookSource(looker).run(42, request(), contextFor({ tasks, expectedMs: 50 }));
  expect(clock.slept).toEqual([]);
  expect(sandbox.tasks()).toHaveLength(1);
  expect(result.tookMs).toBeLessThan(600_000);
  expect(result.ranAt.getTime()).toBeLessThan((since?.getTime() ?? 0) + 600_000);
});

test("sections that ask for the same thing share one task, and each has its own result", async () => {
  const { looker, sandbox } = await openHouse({ queryMs: 50 });
  const tasks = taskBook();
  const results = await Promise.all(
    Array.from({ length: 5 }, () => lookSource(looker).run(42, request(), contextFor({ tasks }))),
  );
  expect(sandbox.taskCounts()).toMatchObject({ created: 1 });
  for (const { table } of results) expect(table).toEqual(results[0]?.table);
});

test("what differs in format, rows or filters is not shared", async () => {
  const { looker, sandbox } = await openHouse();
  const tasks = taskBook();
  for (const changes of [{}, { limit: 6_000 }, { limit: 6_000, csv: "raw" }, { limit: 3 }] as const)
    await lookSource(looker).run(42, request(changes), contextFor({ tasks }));
  expect(sandbox.taskCounts().created).toBe(4);
  expect(tasks.standing.size).toBe(4);
});

test("who only shares a task does not stop it for the others, even where no one wants its own result", async () => {
  const { looker, sandbox } = await openHouse({ queryMs: 60_000 });
  const tasks = taskBook();
  await leftBehind(looker, tasks);
  const controller = new AbortController();
  const context = contextFor({
    tasks,
    signal: controller.signal,
    progress: () => controller.abort(unwanted),
  });
  expect(await failureOf(lookSource(looker).run(42, request(), context))).toBe(unwanted);
  expect(sandbox.taskCounts()).toMatchObject({ created: 1, killed: 0, running: 1 });
  expect(tasks.standing.size).toBe(1);
});

test("where the one who made it kills it, another is made for those who share it", async () => {
  let queryMs = 60_000;
  const { looker, sandbox } = await openHouse({ queryMs: () => queryMs });
  const tasks = taskBook();
  const controller = new AbortController();
  const { signal } = controller;
  const maker = failureOf(lookSource(looker).run(42, request(), contextFor({ tasks, signal })));
  await expect.poll(() => tasks.made.length).toBe(1);
  const progress = () => {
    queryMs = 1;
    controller.abort(unwanted);
  };
  const sharer = lookSource(looker).run(42, request(), contextFor({ tasks, progress }));
  expect(await maker).toBe(unwanted);
  expect((await sharer).table.rowCount).toBeGreaterThan(0);
  expect(sandbox.taskCounts()).toMatchObject({ created: 2, killed: 1 });
});

test.each(["killed", "failure", "missing", "expired"])(
  "a task that was found and is %s is dropped, and another is made",
  async (word) => {
    const { looker, sandbox } = await openHouse();
    sandbox.faults.add({ kind: "status_word", word });
    const tasks = taskBook();
    await leftBehind(looker, tasks);
    const [lost] = tasks.made;
    const result = await lookSource(looker).run(42, request(), contextFor({ tasks }));
    expect(result.table.rowCount).toBeGreaterThan(0);
    expect(tasks.dropped.map(([, taskId]) => taskId)).toEqual([lost]);
    expect(tasks.made).toHaveLength(2);
  },
);

test("a task that was found and that Looker has forgotten is made again", async () => {
  const { looker } = await openHouse();
  const tasks = taskBook();
  await leftBehind(looker, tasks);
  const [[query = ""] = []] = [...tasks.standing];
  tasks.standing.set(query, { taskId: "0".repeat(32), since: new Date(0) });
  expect((await lookSource(looker).run(42, request(), contextFor({ tasks }))).table.rowCount).toBeGreaterThan(
    0,
  );
});

test("a ledger that always names lost tasks is not believed for ever", async () => {
  const { looker } = await openHouse();
  const tasks = taskBook();
  const find = async () => ({ taskId: "0".repeat(32), since: new Date() });
  const context = contextFor({ tasks: { ...tasks, find } });
  expect(await failureOf(lookSource(looker).run(42, request(), context))).toMatchObject({
    code: "unavailable",
    retryable: true,
  });
  expect(tasks.dropped).toHaveLength(4);
});

test("a query that fails is dropped, so that the next try asks again", async () => {
  const { looker, sandbox } = await openHouse();
  sandbox.faults.add({ kind: "database_error" });
  const tasks = taskBook();
  expect(await failureOf(lookSource(looker).run(42, request(), contextFor({ tasks })))).toMatchObject({
    code: "database",
  });
  expect(tasks.standing.size).toBe(0);
  expect((await lookSource(looker).run(42, request(), contextFor({ tasks }))).table.rowCount).toBeGreaterThan(
    0,
  );
});

test("a result that cannot be written here stays at Looker for the next try", async () => {
  const { looker, sandbox } = await openHouse();
  const tasks = taskBook();
  const spool = {
    directory: "/no/such",
    path: (name: string) => `/no/such/${name}`,
    ensureRoom: async () => undefined,
  };
  await expect(lookSource(looker).run(42, request(), contextFor({ tasks, spool }))).rejects.toThrow();
  expect((await lookSource(looker).run(42, request(), contextFor({ tasks }))).table.rowCount).toBeGreaterThan(
    0,
  );
  expect(sandbox.taskCounts().created).toBe(1);
});

test("places that others lend are taken before a task is made, and given back when it has ended", async () => {
  const { sandbox } = await openHouse();
  const places = createSlots(1);
  let taken = 0;
  const slots = {
    get waiting() {
      return places.waiting;
    },
    take: async (signal: AbortSignal) => {
      const giveBack = await places.take(signal);
      taken += 1;
      return giveBack;
    },
  };
  const lookers = [openedLooker(sandbox.url, {}, { slots }), openedLooker(sandbox.url, {}, { slots })];
  await Promise.all(
    [42, 43, 44, 45].map((id, index) => lookSource(lookers[index % 2]!).run(id, request(), contextFor())),
  );
  expect(taken).toBe(4);
  expect(sandbox.taskCounts()).toMatchObject({ created: 4, runningMax: 1 });
});

test("a place is free again while the result of its query still streams in", async () => {
  const { looker, sandbox } = await openHouse({}, { maxConcurrentQueries: 1 });
  sandbox.faults.add({ kind: "slow", ms: 400, on: "query_task_results" });
  const order: string[] = [];
  const slow = lookSource(looker)
    .run(42, request(), contextFor())
    .then(() => order.push("slow"));
  await expect.poll(() => sandbox.requests.some(({ path }) => path.endsWith("/results"))).toBe(true);
  await lookSource(looker)
    .run(43, request(), contextFor())
    .then(() => order.push("quick"));
  await slow;
  expect(order).toEqual(["quick", "slow"]);
});

test("a task has one place in a process, however many share it", async () => {
  const { looker, sandbox } = await openHouse({ queryMs: 60_000 }, { maxConcurrentQueries: 2 });
  const tasks = taskBook();
  const controller = new AbortController();
  const { signal } = controller;
  const shared = Array.from({ length: 3 }, () =>
    failureOf(lookSource(looker).run(42, request(), contextFor({ tasks, signal }))),
  );
  await expect.poll(() => tasks.made.length).toBe(1);
  const other = failureOf(lookSource(looker).run(43, request(), contextFor({ signal })));
  await expect.poll(() => sandbox.taskCounts().running).toBe(2);
  controller.abort(unwanted);
  await Promise.all([...shared, other]);
});

test("identical Looks of one tick are read once", async () => {
  const { looker, calls } = await openHouse();
  const controller = new AbortController();
  const gone = failureOf(lookSource(looker).run(42, request(), contextFor({ signal: controller.signal })));
  const others = Array.from({ length: 4 }, () => lookSource(looker).run(42, request(), contextFor()));
  controller.abort(stopping());
  await gone;
  await Promise.all(others);
  expect(calls().filter((call) => call === "GET /looks/42")).toHaveLength(1);
});
