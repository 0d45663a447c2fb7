import { expect } from "vitest";
import { startSandboxLooker } from "../../src/sandbox/looker/index.ts";
import { DAILY, type Desk, ofType, overdueDesk, received } from "./desk.ts";
import { journey, until } from "./program.ts";

const report = (name: string, more = "") =>
  `  ${name}: { schedule: "${DAILY}", look: 42, ${more}deliver: [{ email: ${name}@example.com }] }
`;

async function firstRun(desk: Desk) {
  const [run] = ofType(await desk.history(), "run");
  return run;
}

journey(
  "a Looker that hangs for longer than the report's timeout: the run fails, says so, and the query is stopped",
  async () => {
    const desk = await overdueDesk({
      reports: report("weekly", "timeout: 2s, "),
      queryMs: 600_000,
    });
    const service = desk.start();
    const failed = await service.says("run failed");
    expect(failed).toMatchObject({
      reason: "Its queries did not finish within 2.0 s and were cancelled.",
      advice: expect.stringContaining("Give the report a longer `timeout:`"),
    });
    expect(desk.sandbox.looker.tasks().map(({ state }) => state)).toEqual(["killed"]);
    expect(await desk.words("--run", String((await firstRun(desk))?.run))).toContain(
      `lookpost retry ${failed.run}`,
    );
  },
);

journey("a call that Looker never answers is made again", async () => {
  const desk = await overdueDesk({ reports: report("weekly"), env: { LOOKERSDK_TIMEOUT: "1" } });
  desk.sandbox.looker.faults.add({ kind: "hang", on: "query_task_results", times: 1 });
  const service = desk.start();
  await service.says("run delivered");
  expect(desk.sandbox.looker.taskCounts()).toMatchObject({ created: 1 });
});

journey("forgotten tasks, false ends, dropped streams and 429 are got over within the run", async () => {
  const desk = await overdueDesk({ reports: report("weekly") });
  const { faults } = desk.sandbox.looker;
  faults.add({ kind: "forgotten", times: 1 });
  faults.add({ kind: "false_expired", times: 1 });
  faults.add({ kind: "status", status: 429, retryAfter: 1, on: "query_task", times: 1 });
  faults.add({ kind: "drop_mid_body", afterBytes: 200, on: "query_task_results", times: 1 });
  faults.add({ kind: "token_expired", on: "query_task_results", times: 1 });
  const service = desk.start();
  await service.says("run delivered");
  expect(await received(desk)).toEqual(["weekly@example.com"]);
  expect(await firstRun(desk)).toMatchObject({ attempts: 1 });
});

journey("a login answered with 404 fails the run at once, with what to check", async () => {
  const desk = await overdueDesk({
    reports: report("weekly", 'on_failure: { slack: "#data-ops" }, '),
  });
  desk.sandbox.looker.faults.add({ kind: "login_refused", times: "always" });
  const service = desk.start();
  const failed = await service.says("run failed");
  expect(failed).toMatchObject({ reason: "Looker refuses the login with this client id and secret." });
  expect(failed.advice).toContain("Check looker.client_id and looker.client_secret");
  await service.says("delivery sent", ({ destination }) => destination === "slack");
  expect(JSON.stringify(desk.sandbox.slack.posts("#data-ops"))).toContain(`lookpost retry ${failed.run}`);
  expect(await firstRun(desk)).toMatchObject({ status: "failed", attempts: 1 });
  expect(`${service.out()}${service.err()}`).not.toContain(desk.sandbox.looker.clientSecret);
});

journey("a Looker that is down at the tick and up again later gets asked then", async () => {
  const desk = await overdueDesk({ reports: report("weekly", "retry: { tries: 10, over: 10s }, ") });
  await desk.sandbox.looker.close();
  const service = desk.start();
  const waits = await service.says("run waits");
  expect(waits).toMatchObject({
    reason: expect.stringContaining("ECONNREFUSED"),
    tries: 1,
    nextAt: expect.any(String),
  });
  const port = Number(new URL(desk.sandbox.looker.url).port);
  const again = await startSandboxLooker({ port, queryMs: 5 });
  try {
    await service.says("run delivered");
  } finally {
    await again.close();
  }
  expect(await received(desk)).toEqual(["weekly@example.com"]);
  expect((await firstRun(desk))?.attempts).toBeGreaterThan(1);
});

journey("five reports while it is down: it is left alone for a while, and history says so", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const desk = await overdueDesk({ reports: names.map((name) => report(name)).join("") });
  await desk.sandbox.looker.close();
  const service = desk.start();
  await until(() => service.said("run waits").length >= names.length);
  const words = await desk.words();
  expect(words).toMatch(/^Looker has not answered since .* \(5 times\); it is asked again at .*ECONNREFUSED/);
  expect(words).toMatch(/a \w+ waiting – POST \/login: .*; next try \d\d:\d\d \(try 2 of 6\)/);
  expect(ofType(await desk.history(), "run").map(({ status }) => status)).toEqual(names.map(() => "waiting"));
  expect(ofType(await desk.history(), "circuit")).toMatchObject([{ name: "looker", failures: 5 }]);
});

journey("reports that ask for the same thing at the same tick share one query", async () => {
  const desk = await overdueDesk({ reports: report("ana") + report("ben") + report("eve") });
  const service = desk.start();
  await until(() => service.said("run delivered").length === 3);
  expect(await received(desk)).toEqual(["ana@example.com", "ben@example.com", "eve@example.com"]);
  expect(desk.sandbox.looker.taskCounts()).toMatchObject({ created: 1 });
});
