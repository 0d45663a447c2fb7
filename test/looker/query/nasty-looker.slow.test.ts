import { expect, test } from "vitest";
import { lookSource } from "../../../src/looker/look/source.ts";
import type { Fault } from "../../../src/sandbox/looker/index.ts";
import { contextFor, failureOf, openedLooker, openHouse, request, taskBook } from "../house.ts";

/** What each way of failing is told as: what passes is retryable, what is wrong is not. */
test.each<[Fault, object]>([
  [
    { kind: "login_refused", times: "always" },
    { code: "auth", retryable: false, advice: expect.stringContaining("looker.client_secret") },
  ],
  [
    { kind: "status", status: 503, on: "login", times: "always" },
    { code: "unavailable", retryable: true, status: null },
  ],
  [
    { kind: "hang", on: "login", times: "always" },
    { code: "unavailable", retryable: true },
  ],
  [
    { kind: "hang", times: "always" },
    { code: "unavailable", retryable: true, message: expect.stringContaining("did not answer") },
  ],
  [
    { kind: "drop", times: "always" },
    { code: "unavailable", retryable: true },
  ],
  [
    { kind: "status", status: 500, times: "always" },
    { code: "unavailable", retryable: true },
  ],
  [
    { kind: "status", status: 502, html: true, times: "always" },
    { code: "unavailable", retryable: true },
  ],
  [
    { kind: "status", status: 429, retryAfter: 120, on: "look", times: "always" },
    { code: "rate_limited", retryable: true, retryAfterMs: 120_000 },
  ],
  [
    { kind: "status", status: 429, retryAfter: 120, on: "login", times: "always" },
    { code: "rate_limited", retryable: true, retryAfterMs: 120_000 },
  ],
  [
    { kind: "status", status: 429, on: "create_query_task", times: "always" },
    { code: "rate_limited", retryable: true },
  ],
  [
    { kind: "status", status: 401, on: "look", times: "always" },
    { code: "auth", retryable: true },
  ],
  [
    { kind: "status", status: 403, on: "look", times: "always" },
    { code: "not_found", retryable: false },
  ],
  [
    { kind: "not_json", on: "look", times: "always" },
    { code: "config", retryable: false },
  ],
  [
    { kind: "forgotten", times: "always" },
    { code: "unavailable", retryable: true, message: expect.stringContaining("expire") },
  ],
  [
    { kind: "drop_mid_body", afterBytes: 100, on: "query_task_results", times: "always" },
    { code: "unavailable", retryable: true },
  ],
])("%j", async (fault, told) => {
  const { looker, sandbox } = await openHouse({}, { requestTimeoutMs: 2_000 });
  sandbox.faults.add(fault);
  expect(await failureOf(lookSource(looker).run(42, request(), contextFor()))).toMatchObject(told);
});

test("a Looker that is not there is out, and may come back", async () => {
  const looker = openedLooker("http://127.0.0.1:1");
  expect(await failureOf(lookSource(looker).run(42, request(), contextFor()))).toMatchObject({
    code: "unavailable",
    retryable: true,
    message: expect.stringContaining("ECONNREFUSED"),
  });
});

test("a Looker that lets every call hang is given up with the first that took a minute", async () => {
  const { looker, sandbox, clock, calls } = await openHouse({}, { requestTimeoutMs: 300 });
  sandbox.faults.add({ kind: "hang", on: "look", times: "always" });
  const running = failureOf(lookSource(looker).run(42, request(), contextFor()));
  await expect.poll(() => calls().length).toBe(1);
  await clock.sleep(70_000);
  expect(await running).toMatchObject({ code: "unavailable", retryable: true });
  expect(calls()).toEqual(["GET /looks/42"]);
});

test("a short Retry-After is kept to within the call", async () => {
  const { looker, sandbox, clock } = await openHouse();
  for (const on of ["look", "create_query_task", "query_task", "query_task_results"])
    sandbox.faults.add({ kind: "status", status: 429, retryAfter: 7, on });
  expect((await lookSource(looker).run(42, request(), contextFor())).table.rowCount).toBeGreaterThan(0);
  expect(clock.slept.filter((ms) => ms === 7_000)).toHaveLength(4);
});

test.each(["look", "create_query_task", "query_task", "query_task_results"])(
  "a token that is lost at %s costs one new login",
  async (on) => {
    const { looker, sandbox } = await openHouse();
    sandbox.faults.add({ kind: "token_expired", on });
    const context = contextFor();
    expect((await lookSource(looker).run(42, request(), context)).table.rowCount).toBeGreaterThan(0);
    expect(sandbox.requests.filter(({ path }) => path.endsWith("/login"))).toHaveLength(2);
    expect(context.tasks.made).toHaveLength(1);
  },
);

test("tasks that are forgotten under way are made once more", async () => {
  const { looker, sandbox } = await openHouse({ queryMs: 60_000 });
  sandbox.faults.add({ kind: "forgotten", polls: 2 });
  const context = contextFor();
  const running = lookSource(looker).run(42, request(), context);
  await expect.poll(() => context.tasks.made.length).toBe(2);
  await looker.call((sdk, options) => sdk.kill_query(context.tasks.made[1] ?? "", options));
  expect(await failureOf(running)).toMatchObject({ code: "database", retryable: false });
  expect(context.tasks.dropped[0]?.[1]).toBe(context.tasks.made[0]);
});

test("whatever one Looker does wrong now and then, tries that go on end with the result", async () => {
  const { looker, sandbox } = await openHouse({ queryMs: 5 }, { requestTimeoutMs: 2_000 });
  const nasty: Fault[] = [
    { kind: "status", status: 503, chance: 0.1 },
    { kind: "status", status: 429, retryAfter: 1, chance: 0.05 },
    { kind: "drop", chance: 0.1 },
    { kind: "hang", chance: 0.02 },
    { kind: "token_expired", chance: 0.05 },
    { kind: "drop_mid_body", afterBytes: 50, on: "query_task_results", chance: 0.2 },
    { kind: "false_expired", chance: 0.2 },
    { kind: "expired", chance: 0.1 },
    { kind: "forgotten", chance: 0.1 },
  ];
  const expected = (await lookSource(looker).run(42, request(), contextFor())).table;
  for (const [index, fault] of nasty.entries()) sandbox.faults.add({ ...fault, seed: index } as Fault);
  const results = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const tasks = taskBook();
      for (let tries = 1; ; tries += 1) {
        try {
          return (await lookSource(looker).run(42, request(), contextFor({ tasks }))).table;
        } catch (error) {
          if (tries === 20 || !(error as { retryable?: boolean }).retryable) throw error;
        }
      }
    }),
  );
  for (const table of results) expect(table.rows).toEqual(expected.rows);
});
