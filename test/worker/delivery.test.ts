import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Destination } from "../../src/core/adapter.ts";
import type { Clock } from "../../src/core/clock.ts";
import type { Event } from "../../src/core/event.ts";
import type { Message } from "../../src/core/message.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Report } from "../../src/core/report.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite.ts";
import { fitArtifacts } from "../../src/render/index.ts";
import { writeMessage } from "../../src/worker/message-file.ts";
import { createPipeline } from "../../src/worker/pipeline.ts";
import { spoolFolder } from "../../src/worker/spool-folder.ts";

const NOW = new Date("2026-11-16T13:00:05Z");
const clock: Clock = { now: () => NOW, sleep: () => Promise.reject(new Error("nothing here waits")) };
const NEVER = new AbortController().signal;
const SENT: Outcome = { kind: "sent", externalId: "1", refused: [] };

/** A destination of the test's own: it does what the test says, and keeps what it was given. */
function pigeon(fly: (message: Message) => Promise<Outcome> = async () => SENT) {
  const carried: Message[] = [];
  const destination: Destination<{ to: string }> = {
    kind: "pigeon",
    attachmentBytesMax: 1_000,
    describe: ({ to }) => to,
    async deliver(message) {
      carried.push(message);
      return fly(message);
    },
  };
  return { destination: destination as Destination<unknown>, carried };
}

const REPORT: Report = {
  name: "weekly",
  title: "Weekly",
  owner: null,
  schedule: { cron: "0 8 * * mon", timezone: "America/New_York" },
  timeoutMs: 60_000,
  sendIf: "always",
  sections: [],
  deliver: [
    { destination: { kind: "pigeon", options: { to: "Ana" } }, attach: [] },
    { destination: { kind: "pigeon", options: { to: "Ana" } }, attach: [] },
  ],
};

/** A run whose two deliveries are planned, its message in the spool, as a restart would find it. */
async function plannedRun(destination: Destination<unknown>, report: Report | null = REPORT) {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-delivery-"));
  const ledger = await openSqliteLedger(folder);
  onTestFinished(async () => {
    await ledger.close().catch(() => "a test has closed it");
    rmSync(folder, { recursive: true, force: true });
  });
  const spools = spoolFolder(join(folder, "spool"));
  const spool = await spools.open("run1");
  const file = join(folder, "data.csv");
  writeFileSync(file, "x".repeat(5_000));
  const artifact = {
    filename: "data.csv",
    contentType: "text/csv",
    file: { path: file, bytes: 5_000 },
    rows: 9,
  };
  const label = {
    id: "run1",
    report: "weekly",
    title: "Weekly",
    owner: null,
    dueAt: NOW.toISOString(),
    timezone: "UTC",
  };
  const message = { run: label, subject: "Weekly", intro: null, sections: [], notices: [] };
  await writeMessage(spool, { message, attached: [[], [artifact]] });
  await ledger.claimRun({
    id: "run1",
    report: "weekly",
    dueAt: NOW,
    burst: "",
    trigger: "schedule",
    owner: "a",
    at: NOW,
  });
  await ledger.startRun("run1", "a", NOW);
  const plan = (id: string, target: string) => ({ id, kind: "pigeon", target, recipients: "" });
  await ledger.planDeliveries("run1", [plan("first", "Ana"), plan("second", "Ana (2)")], 9, NOW);
  const events: Event[] = [];
  const troubles: unknown[] = [];
  const pipeline = createPipeline({
    ledger,
    adapters: { source: missing, format: missing, destination: () => destination, fit: fitArtifacts },
    spools,
    report: () => report,
    owner: "a",
    role: "service",
    clock,
    newId: () => "unused",
    listener: (event) => events.push(event),
    redact: (text) => text.replaceAll("hunter2", "[hidden]"),
    trouble: (thrown) => troubles.push(thrown),
    dryRun: false,
  });
  return { ledger, pipeline, events, troubles, folder };
}

function missing(): never {
  throw new Error("not needed here");
}

test("a run that is entered again hands out what is left of its deliveries, and does nothing twice", async () => {
  const { destination, carried } = pigeon();
  const { pipeline, ledger, events } = await plannedRun(destination);
  expect(await pipeline.run("run1", NEVER)).toEqual(["first", "second"]);
  await pipeline.deliver("first", NEVER);
  expect(await pipeline.run("run1", NEVER)).toEqual(["second"]);
  await Promise.all([pipeline.deliver("second", NEVER), pipeline.deliver("second", NEVER)]);
  expect(carried).toHaveLength(2);
  expect(await ledger.run("run1")).toMatchObject({ state: "delivered" });
  expect(events.map((event) => event.kind)).toEqual(["delivery_settled", "delivery_settled", "run_ended"]);
});

test("two messages to the same people are two deliveries, each with its own files and key", async () => {
  const { destination, carried } = pigeon();
  const { pipeline } = await plannedRun(destination);
  await pipeline.deliver("first", NEVER);
  await pipeline.deliver("second", NEVER);
  expect(carried.map((message) => message.artifacts.map(({ filename }) => filename))).toEqual([
    [],
    ["data.csv.gz"],
  ]);
  expect(carried[1]?.notices).toEqual([expect.stringContaining("data.csv.gz")]);
  expect(new Set(carried.map((message) => message.key)).size).toBe(2);
});

test("the key is the same for the same tick and destination, whatever run and day it is made on", async () => {
  const first = pigeon();
  const second = pigeon();
  await (await plannedRun(first.destination)).pipeline.deliver("first", NEVER);
  await (await plannedRun(second.destination)).pipeline.deliver("first", NEVER);
  expect(first.carried[0]?.key).toMatch(/^[0-9a-f]{32}$/);
  expect(second.carried[0]?.key).toBe(first.carried[0]?.key);
});

test("a destination that fails in a way nobody foresaw may have delivered: unknown, with secrets taken out", async () => {
  const { destination } = pigeon(() => Promise.reject(new TypeError("cannot read hunter2 of undefined")));
  const { pipeline, ledger } = await plannedRun(destination);
  await pipeline.deliver("first", NEVER);
  expect(await ledger.delivery("first")).toMatchObject({
    state: "unknown",
    reason: expect.stringMatching(/cannot read \[hidden\]/),
  });
});

test("a destination that is not in reports.yaml any more, or a spool that was emptied, is refused with what to do", async () => {
  const { destination, carried } = pigeon();
  const removed = await plannedRun(destination, null);
  await removed.pipeline.deliver("first", NEVER);
  expect(await removed.ledger.delivery("first")).toMatchObject({
    state: "refused",
    advice: expect.any(String),
  });
  const emptied = await plannedRun(destination);
  rmSync(join(emptied.folder, "spool"), { recursive: true });
  await emptied.pipeline.deliver("first", NEVER);
  expect(await emptied.ledger.delivery("first")).toMatchObject({
    state: "refused",
    reason: expect.stringContaining("spool"),
  });
  expect(carried).toEqual([]);
});

test("what was surely not delivered when the worker stops is cut short; what may have been is unknown", async () => {
  const stop = new AbortController();
  const fall = (outcome: Outcome) => async () => {
    stop.abort(new Error("stopping"));
    return outcome;
  };
  const surely = await plannedRun(pigeon(fall({ kind: "again", reason: "connection closed" })).destination);
  await surely.pipeline.deliver("first", stop.signal);
  expect(await surely.ledger.delivery("first")).toMatchObject({ state: "cut_short" });
  const maybe = await plannedRun(
    pigeon(fall({ kind: "unknown", reason: "lost after the last byte" })).destination,
  );
  await maybe.pipeline.deliver("first", NEVER);
  expect(await maybe.ledger.delivery("first")).toMatchObject({ state: "unknown" });
});

test("a ledger that cannot be written stops nothing else: it is told, and nothing rejects", async () => {
  const { destination, carried } = pigeon();
  const { pipeline, ledger, troubles } = await plannedRun(destination);
  await ledger.close();
  expect(await pipeline.run("run1", NEVER)).toEqual([]);
  await pipeline.deliver("first", NEVER);
  expect(troubles).toEqual([
    expect.objectContaining({ code: "local" }),
    expect.objectContaining({ code: "local" }),
  ]);
  expect(carried).toEqual([]);
});
