import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, test } from "vitest";
import type { Ledger } from "../../../src/core/ports/ledger.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { folder } from "./folders.ts";

const VERSION_1 = readFileSync(new URL("versions/sqlite-1.sql", import.meta.url), "utf8");

/** What lookpost 0.1 wrote: times in seconds, to keep it readable. */
function writeVersion1(directory: string): void {
  const database = new DatabaseSync(join(directory, "ledger.sqlite"));
  database.exec(VERSION_1);
  const run = database.prepare(
    `INSERT INTO runs (id, report, due_at, burst, trigger, state, owner, reason, advice, rows, claimed_at, started_at, ended_at)
     VALUES (?, ?, 1000, ?, 'schedule', ?, 'host:1:a', ?, ?, ?, 2000, ?, ?)`,
  );
  const runs = [
    ["planned", "", "planned", null, null, null, null, null],
    ["running", "", "running", null, null, null, 3000, null],
    ["delivering", "", "delivering", null, null, 7, 3000, null],
    ["delivered", "", "delivered", null, null, 7, 3000, 9000],
    ["skipped", "", "skipped", "no rows", null, null, 3000, 9000],
    ["partly", "", "partly_failed", null, null, 7, 3000, 9000],
    ["failed", "", "failed", "404", "Look.", null, 3000, 9000],
    ["cut", "", "cut_short", "died", "Look.", 7, 3000, 9000],
    ["trial", "to-1", "delivering", null, null, 7, 3000, null],
    ["untried", "dry-1", "planned", null, null, null, null, null],
  ] as const;
  for (const [id, ...values] of runs) run.run(id, id, ...values);
  const delivery = database.prepare(
    `INSERT INTO deliveries (id, run_id, kind, target, recipients, state, attempts, external_id, reason, advice, refused, bytes,
       planned_at, settled_at) VALUES (?, ?, 'email', ?, '', ?, ?, ?, ?, NULL, ?, 10, 4000, ?)`,
  );
  const refused = JSON.stringify([{ recipient: "b@x", reason: "550", permanent: true }]);
  const deliveries = [
    ["d-pending", "delivering", "pending", 0, null, null, "[]", null],
    ["d-sending", "delivering", "sending", 1, null, null, "[]", null],
    ["d-sent", "delivered", "sent", 1, "<1@x>", null, refused, 8000],
    ["p-refused", "partly", "refused", 1, null, "550", "[]", 8000],
    ["p-again", "partly", "again", 1, null, "451", "[]", 8000],
    ["p-unknown", "partly", "unknown", 1, null, "lost", "[]", 8000],
    ["c-cut", "cut", "cut_short", 0, null, "died", "[]", 8000],
    ["t-pending", "trial", "pending", 0, null, null, "[]", null],
    ["t-sending", "trial", "sending", 1, null, null, "[]", null],
  ] as const;
  for (const [id, runId, ...values] of deliveries) delivery.run(id, runId, id, ...values);
  const attempt = database.prepare("INSERT INTO attempts VALUES (?, 1, 5000, ?, ?, ?)");
  attempt.run("d-sending", null, null, null);
  attempt.run("d-sent", 8000, "sent", null);
  attempt.run("p-refused", 8000, "refused", "550");
  attempt.run("p-again", 8000, "again", "451");
  attempt.run("p-unknown", 8000, "unknown", "lost");
  attempt.run("t-sending", null, null, null);
  database.exec(`INSERT INTO sections VALUES ('delivered', 0, 'Delays', 'a1b2', 7, 1234, '["cut"]')`);
  database.exec("INSERT INTO owners VALUES ('host:1:a', 'service', 9000)");
  database.close();
}

describe("a ledger that lookpost 0.1 wrote", () => {
  let ledger: Ledger;
  let directory: string;
  beforeEach(async () => {
    directory = folder();
    writeVersion1(directory);
    ledger = await openSqliteLedger(directory);
    return () => ledger.close();
  });

  test("has its runs as they ended, and those under way free to be taken", async () => {
    const runs = await ledger.runs({ limit: 100 });
    expect(Object.fromEntries(runs.map(({ id, state }) => [id, state]))).toEqual({
      planned: "planned",
      running: "planned",
      delivering: "delivering",
      delivered: "delivered",
      skipped: "skipped",
      partly: "partly_failed",
      failed: "failed",
      cut: "interrupted",
      trial: "interrupted",
      untried: "interrupted",
    });
    for (const run of runs) {
      expect(run).toMatchObject({ owner: null, reservedFor: null, tries: 0, nextAt: null, expectAt: null });
      expect(run.endedAt === null).toBe(["planned", "running", "delivering"].includes(run.id));
    }
    expect(await ledger.run("failed")).toMatchObject({
      reason: "404",
      advice: "Look.",
      attempts: 1,
      dueAt: new Date(1000),
      claimedAt: new Date(2000),
      startedAt: new Date(3000),
      endedAt: new Date(9000),
    });
  });

  test("has its deliveries, their outcomes and attempts", async () => {
    const states: Record<string, string> = {};
    for (const id of ["delivering", "delivered", "partly", "cut", "trial"])
      for (const delivery of await ledger.deliveries(id)) states[delivery.id] = delivery.state;
    expect(states).toEqual({
      "d-pending": "pending",
      "d-sending": "waiting",
      "d-sent": "sent",
      "p-refused": "refused",
      "p-again": "gave_up",
      "p-unknown": "unknown",
      "c-cut": "cancelled",
      "t-pending": "cancelled",
      "t-sending": "unknown",
    });
    expect(await ledger.delivery("d-sent")).toMatchObject({
      purpose: "report",
      externalId: "<1@x>",
      refused: [{ recipient: "b@x", reason: "550", permanent: true }],
      bytes: 10,
      attempts: 1,
      settledAt: new Date(8000),
    });
    expect(await ledger.delivery("d-sending")).toMatchObject({
      isUncertain: true,
      uncertainSince: new Date(5000),
    });
    expect(await ledger.deliveryAttempts("d-sending")).toMatchObject([{ end: "lost", owner: "host:1:a" }]);
    expect(await ledger.deliveryAttempts("p-again")).toMatchObject([{ end: "again", reason: "451" }]);
    expect(await ledger.deliveryAttempts("d-sent")).toMatchObject([
      { end: "sent", startedAt: new Date(5000) },
    ]);
    expect((await ledger.deliveries("partly")).map(({ id }) => id)).toEqual([
      "p-refused",
      "p-again",
      "p-unknown",
    ]);
  });

  test("has its attempts at runs, and its sections", async () => {
    const ends: Record<string, unknown> = {};
    for (const id of ["planned", "running", "delivering", "delivered", "skipped", "failed", "cut"])
      ends[id] = (await ledger.runAttempts(id)).map(({ end }) => end)[0];
    expect(ends).toEqual({
      planned: undefined,
      running: "lost",
      delivering: "done",
      delivered: "done",
      skipped: "done",
      failed: "refused",
      cut: "done",
    });
    expect(await ledger.sections("delivered")).toEqual([
      { section: 0, title: "Delays", taskId: "a1b2", rows: 7, tookMs: 1234, warnings: ["cut"] },
    ]);
    expect(await ledger.lastTookMs("delivered", 0)).toBe(1234);
  });

  test("is gone on with: what was under way is done, and no one is notified of old failures", async () => {
    const at = new Date(10_000);
    const work = await ledger.work("b", "service", at, 100);
    expect(work.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual([
      "delivery d-pending",
      "delivery d-sending",
      "run planned",
      "run running",
    ]);
    expect(await ledger.takeRun("running", "b", at)).toMatchObject({ attempts: 2 });
    for (const id of ["d-pending", "d-sending"]) {
      const taken = await ledger.takeDelivery(id, "b", at);
      await ledger.settleDelivery(
        { id, attempt: taken!.attempts },
        { state: "sent", externalId: "<2@x>", refused: [], reason: null, bytes: 1 },
        at,
      );
    }
    expect(await ledger.run("delivering")).toMatchObject({ state: "delivered" });
  });

  test("has lost nothing and broken no reference on the way", async () => {
    const database = new DatabaseSync(join(directory, "ledger.sqlite"));
    expect(database.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
    expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    const tables = database.prepare(
      "SELECT name FROM sqlite_schema WHERE name LIKE '%#_1' ESCAPE '#' AND type = 'table'",
    );
    expect(tables.all()).toEqual([]);
    database.close();
    await ledger.prune(new Date(9_999), 100);
    await ledger.compact();
    expect(await ledger.runs({ limit: 100 })).toHaveLength(3);
  });
});

test("a ledger without a memory has one from now on, and what is in it is as it was", async () => {
  const directory = folder();
  const database = new DatabaseSync(join(directory, "ledger.sqlite"));
  database.exec(readFileSync(new URL("versions/sqlite-2.sql", import.meta.url), "utf8"));
  database.exec(
    `INSERT INTO runs (id, report, due_at, burst, trigger, state, claimed_at)
     VALUES ('old', 'weekly', 1000, '', 'schedule', 'planned', 2000)`,
  );
  database.close();
  const ledger = await openSqliteLedger(directory);
  const at = new Date(10_000);
  expect(await ledger.takeRun("old", "a", at)).toMatchObject({ attempts: 1, dueAt: new Date(1000) });
  const kept = [{ name: "rows", data: "[]", comparedWith: null }];
  expect(await ledger.remember({ id: "old", attempt: 1 }, kept, at)).toBe(true);
  expect(await ledger.kept("old", "rows")).toMatchObject({ data: "[]" });
  await ledger.close();
});

test("a ledger whose runs had no kind gives each the kind that it is, also to those under way", async () => {
  const directory = folder();
  const file = join(directory, "ledger.sqlite");
  const before = new DatabaseSync(file);
  before.exec(readFileSync(new URL("versions/sqlite-3.sql", import.meta.url), "utf8"));
  before.exec(withoutKind("before"));
  const ledger = await openSqliteLedger(directory);
  // This connection was there before, as that of an older lookpost that has not been replaced yet.
  before.exec(withoutKind("after"));
  const rows = before.prepare("SELECT id, kind FROM runs ORDER BY id").all();
  expect(rows.map(({ id, kind }) => `${id}: ${kind}`)).toEqual([
    ...["after", "before"].flatMap((when) => [
      `${when} again: repeat`,
      `${when} caught up: tick`,
      `${when} due: tick`,
      `${when} manual: by_hand`,
      `${when} to: trial`,
    ]),
  ]);
  before.close();
  await ledger.close();
});

test("runs under way when the kinds came go on: ticks in their line, a repeat next to it, a trial with its command", async () => {
  const directory = folder();
  const before = new DatabaseSync(join(directory, "ledger.sqlite"));
  before.exec(readFileSync(new URL("versions/sqlite-3.sql", import.meta.url), "utf8"));
  before.exec(`
    INSERT INTO runs (id, report, due_at, burst, trigger, state, owner, reserved_for, is_trial, attempts, next_at, claimed_at) VALUES
      ('running', 'weekly', 1000, '', 'schedule', 'running', 'dead', NULL, 0, 1, NULL, 1000),
      ('behind', 'weekly', 2000, '', 'schedule', 'planned', NULL, NULL, 0, 0, NULL, 2000),
      ('repeat', 'weekly', 3000, 'manual 1', 'manual', 'waiting', NULL, NULL, 0, 1, 4000, 3000),
      ('delivering', 'daily', 1000, '', 'catch_up', 'delivering', NULL, NULL, 0, 1, NULL, 1000),
      ('trial', 'daily', 1000, 'manual 2', 'manual', 'running', 'dead', 'dead', 1, 1, NULL, 1000);
    INSERT INTO run_attempts (run_id, attempt, owner, started_at) VALUES ('running', 1, 'dead', 1500), ('trial', 1, 'dead', 1500);
    INSERT INTO deliveries (id, run_id, purpose, kind, target, recipients, position, state, planned_at)
      VALUES ('mail', 'delivering', 'report', 'email', 'ops@example.com', '', 1, 'pending', 1500);`);
  before.close();
  const ledger = await openSqliteLedger(directory);
  const at = new Date(10_000);
  const due = async () => (await ledger.work("b", "service", at, 10)).map(({ id }) => id).sort();
  expect(await due()).toEqual(["mail", "repeat"]);
  await ledger.sweep({ silentMs: 15_000, onlyService: null }, at);
  expect(await ledger.run("trial")).toMatchObject({ kind: "trial", state: "interrupted" });
  expect(await due()).toEqual(["mail", "repeat", "running"]);
  expect(await ledger.takeRun("running", "b", at)).toMatchObject({ kind: "tick", attempts: 2 });
  await ledger.endRun({ id: "running", attempt: 2 }, { state: "skipped", reason: "", advice: null }, at);
  expect(await due()).toEqual(["behind", "mail", "repeat"]);
  await ledger.close();
});

test("an interrupted trial is in the table by the word that older versions know", async () => {
  const directory = folder();
  const ledger = await openSqliteLedger(directory);
  const claim = { id: "t1", report: "weekly", dueAt: new Date(1), burst: "manual", kind: "trial" } as const;
  const at = new Date(2);
  await ledger.signIn("cli", "command", at);
  await ledger.claimRun({ ...claim, trigger: "manual", reservedFor: "cli", expectAt: null, at });
  await ledger.signOff("cli", at);
  expect(await ledger.run("t1")).toMatchObject({ state: "interrupted" });
  const database = new DatabaseSync(join(directory, "ledger.sqlite"));
  expect(database.prepare("SELECT state, is_trial FROM runs").get()).toEqual({
    state: "cut_short",
    is_trial: 1,
  });
  database.close();
  await ledger.close();
});

/** Runs as lookpost 0.1 writes them once they have an `is_trial`. */
function withoutKind(when: string): string {
  const run = (id: string, burst: string, trigger: string, isTrial: number) =>
    `INSERT INTO runs (id, report, due_at, burst, trigger, state, is_trial, claimed_at)
     VALUES ('${when} ${id}', '${when} ${id}', 1000, '${burst}', '${trigger}', 'planned', ${isTrial}, 2000);`;
  return [
    run("due", "", "schedule", 0),
    run("caught up", "", "catch_up", 0),
    run("manual", "", "manual", 0),
    run("to", "manual 2026-11-16T13:00:00.000Z", "manual", 1),
    run("again", "manual 2026-11-16T13:00:00.000Z", "manual", 0),
  ].join("\n");
}

test("deliveries that were planned before entries were kept are planned again by their words, and stay what they were", async () => {
  const directory = folder();
  const before = new DatabaseSync(join(directory, "ledger.sqlite"));
  before.exec(readFileSync(new URL("versions/sqlite-3.sql", import.meta.url), "utf8"));
  before.exec(`
    INSERT INTO runs (id, report, due_at, burst, trigger, state, owner, attempts, reopenings, claimed_at, started_at)
    VALUES ('r', 'weekly', 1000, '', 'schedule', 'running', 'a', 1, 1, 2000, 3000);
    INSERT INTO run_attempts (run_id, attempt, owner, started_at) VALUES ('r', 1, 'a', 3000);
    INSERT INTO deliveries (id, run_id, purpose, kind, target, recipients, position, state, planned_at, settled_at) VALUES
      ('first', 'r', 'report', 'email', 'ana@x', '', 1, 'sent', 3000, 3500),
      ('second', 'r', 'report', 'email', 'ana@x (2)', '', 2, 'pending', 3000, NULL);
    INSERT INTO circuits VALUES ('email', 5, 3000, 9000, '503'), ('looker', 5, 3000, 9000, '503')`);
  before.close();
  const ledger = await openSqliteLedger(directory);
  const plan = (id: string, entry: string) => ({
    ...{ id, kind: "email", target: "ana@x", recipients: "", identity: "ana", entry },
  });
  const plans = [plan("new1", "one"), plan("new2", "two")];
  const open = await ledger.planDeliveries({ id: "r", attempt: 1 }, plans, 1, new Date(4000));
  expect(open).toMatchObject([{ id: "second", target: "ana@x (2)", identity: "ana", entry: "two" }]);
  expect((await ledger.deliveries("r")).map(({ id, state }) => `${id} ${state}`)).toEqual([
    "first sent",
    "second pending",
  ]);
  // Those of whole kinds of destination would be shown for ever.
  expect((await ledger.circuits()).map(({ name }) => name)).toEqual(["looker"]);
  await ledger.close();
});
