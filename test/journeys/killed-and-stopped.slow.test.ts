import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "vitest";
import { openSqliteLedger } from "../../src/ledger/sqlite/sqlite.ts";
import type { CrashPoint } from "../../src/worker/process/crash-points.ts";
import { DAILY, type Desk, ofType, overdueDesk, received } from "./desk.ts";
import { journey, until, whenFinished } from "./program.ts";

const KILL_AT = pathToFileURL(join(import.meta.dirname, "../../chaos/kill-at.ts")).href;

/** A life of the service that ends with SIGKILL at this point of the pipeline. */
async function dieAt(desk: Desk, point: CrashPoint): Promise<void> {
  const env = { NODE_OPTIONS: `--import=${KILL_AT}`, LOOKPOST_KILL_AT: `${point}:1` };
  const { process, err } = desk.start({ env });
  await until(() => process.signalCode !== null || process.exitCode !== null).catch((cause) => {
    throw new Error(`The service did not come to the point ${point}.`, { cause });
  });
  expect({ err: err(), signal: process.signalCode }).toEqual({ err: "", signal: "SIGKILL" });
}

const to = (destination: string) =>
  `  weekly: { schedule: "${DAILY}", look: 42, deliver: [{ ${destination}, attach: csv }] }
`;

/** What brings its worker down more than three times in a row rests for a while: so each report dies three times at most. */
const DEATHS = [
  ["tick_claimed", "run_taken", "task_created"],
  ["results_in", "message_written", "deliveries_planned"],
  ["delivery_taken", "before_send", "committed"],
  ["after_send", "delivery_settled"],
] as const;

for (const points of DEATHS)
  journey(`killed at ${points.join(", ")}, a report asks Looker once and arrives once`, async () => {
    const desk = await overdueDesk({ reports: to("file: ./out") });
    for (const point of points) await dieAt(desk, point);
    desk.start();
    const ledger = await openSqliteLedger(join(desk.folder, "data"));
    whenFinished(() => ledger.close());
    await until(async () => (await ledger.runs({ limit: 1 }))[0]?.state === "delivered");
    expect(ofType(await desk.history(), "run")).toMatchObject([{ status: "delivered" }]);
    expect(readdirSync(join(desk.folder, "out/weekly"))).toHaveLength(1);
    expect(desk.sandbox.looker.taskCounts()).toMatchObject({ created: 1 });
  });

journey(
  "an email of a worker killed before the final dot is sent once; killed after it, it is unknown and said so",
  async () => {
    const desk = await overdueDesk({ reports: to("email: ana@example.com") });
    await dieAt(desk, "before_send");
    await dieAt(desk, "committed");
    const service = desk.start();
    const unknown = await service.says("delivery unknown");
    await service.says("run partly_failed");
    expect(await received(desk)).toEqual([]);
    const words = await desk.words("--run", String(unknown.run));
    expect(words).toMatch(/attempt 1 .*: lost: the worker died, or was suspended for too long/);
    expect(words).toMatch(/attempt 2 .*: lost: the worker died, or was suspended for too long/);
    expect(words).toContain(`lookpost resend ${unknown.delivery}`);
    expect((await desk.lookpost("resend", String(unknown.delivery))).code).toBe(0);
    expect(await received(desk)).toEqual(["ana@example.com"]);
    expect(desk.sandbox.looker.taskCounts()).toMatchObject({ created: 1 });
  },
);

journey("of two deliveries the one that was finished before the kill is left alone", async () => {
  const reports = to("email: ana@example.com").replace(" }]", ' }, { slack: "#flight-ops" }]');
  const desk = await overdueDesk({ reports });
  desk.sandbox.slack.faults.add({ method: "chat.postMessage", delayMs: 60_000, times: 1 });
  const first = desk.start();
  await first.says("delivery sent");
  await until(() => desk.sandbox.slack.requests.some(({ method }) => method === "chat.postMessage"));
  first.kill("SIGKILL");
  await first.ended;
  const second = desk.start();
  await second.says("delivery waits");
  // Before it is looked up, however long a command takes here.
  second.kill("SIGTERM");
  await second.ended;
  expect(second.said("query done")).toEqual([]);
  expect(await received(desk)).toEqual(["ana@example.com"]);
  expect(ofType(await desk.history(), "delivery")).toMatchObject([
    { destination: "email", status: "sent", attempts: 1 },
    { destination: "slack", status: "waiting", uncertain: true },
  ]);
});

journey(
  "SIGTERM: what is under way may end within the grace; what follows is for the next start",
  async () => {
    const desk = await overdueDesk({ reports: to("email: ana@example.com"), queryMs: 1_500 });
    const first = desk.start();
    await until(() => desk.sandbox.looker.tasks().length > 0);
    first.kill("SIGTERM");
    expect(await first.ended).toMatchObject({ code: 0, err: "" });
    expect(first.said("query done")).toHaveLength(1);
    expect(ofType(await desk.history(), "delivery")).toMatchObject([{ status: "pending", attempts: 0 }]);
    const second = desk.start();
    await second.says("run delivered");
    expect(second.said("query done")).toEqual([]);
    expect(await received(desk)).toEqual(["ana@example.com"]);
  },
);

journey(
  "SIGTERM past the grace hands the run back: nothing is failed, and the next start polls the same query",
  async () => {
    const desk = await overdueDesk({
      reports: to("email: ana@example.com").replace(
        "deliver:",
        'on_failure: { slack: "#data-ops" }, deliver:',
      ),
      queryMs: 5_000,
    });
    const first = desk.start("--grace-seconds", "0");
    await until(() => desk.sandbox.looker.tasks().length > 0);
    first.kill("SIGTERM");
    expect(await first.ended).toMatchObject({ code: 0, err: "" });
    expect(first.said("run handed back")).toHaveLength(1);
    expect(ofType(await desk.history(), "run")).toMatchObject([
      { status: "planned", attempts: 1, owner: null },
    ]);
    expect(await desk.words()).toContain(
      "No service is running on this store. Unfinished runs wait until one is started: `lookpost start`.",
    );
    const second = desk.start();
    await second.says("run delivered");
    expect(desk.sandbox.looker.tasks().map(({ state }) => state)).toEqual(["complete"]);
    expect(desk.sandbox.slack.posts("#data-ops")).toEqual([]);
    expect(await received(desk)).toEqual(["ana@example.com"]);
    const [run] = ofType(await desk.history(), "run");
    expect(await desk.words("--run", String(run?.run))).toMatch(
      /attempt 1 .*: handed back: the worker was shut down .*attempt 2 .*: done/,
    );
  },
);
