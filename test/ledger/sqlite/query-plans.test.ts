import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openSqliteLedger, sqliteDialect } from "../../../src/ledger/sqlite/sqlite.ts";
import type { Steps } from "../../../src/ledger/steps.ts";
import { ledgerVerbs } from "../../../src/ledger/verbs/verbs.ts";
import { folder } from "./folders.ts";

/** Indexes that hold just what is not done yet, and the one that a list of all runs is read along. */
const SHORT = "runs_planned|deliveries_pending|runs_cancelled|runs_newest";
const WHOLE_HISTORY = new RegExp(
  `SCAN (r|d|runs|deliveries|sections|run_attempts|delivery_attempts|tasks|remembered|points|run_points|imports|links|notes)\\b(?! USING( COVERING)? INDEX (${SHORT}|tasks_in_hand)\\b)`,
);

test("no verb that is called all the time reads through the history", async () => {
  const directory = folder();
  const ledger = await openSqliteLedger(directory);
  const database = new DatabaseSync(join(directory, "ledger.sqlite"));
  const scans: string[] = [];
  let statements = 0;
  const explain = async <T>(begin: () => Steps<T>): Promise<T> => {
    const steps = begin();
    let step = steps.next([]);
    while (step.done !== true) {
      if (!("sql" in step.value)) {
        step = steps.next([]);
        continue;
      }
      const { sql, values } = step.value;
      statements += 1;
      for (const { detail } of database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values))
        if (WHOLE_HISTORY.test(String(detail))) scans.push(`${detail}: ${sql}`);
      step = steps.next(database.prepare(sql).all(...values));
    }
    return step.value;
  };
  const verbs = ledgerVerbs(sqliteDialect, { write: explain, read: explain });

  const at = new Date(1_000_000);
  const key = { report: "weekly", dueAt: at, burst: "" };
  const plan = { id: "d1", kind: "email", target: "x", recipients: "", identity: "x", entry: "x" };
  const claim = {
    ...key,
    id: "r1",
    trigger: "manual",
    reservedFor: null,
    kind: "by_hand",
    expectAt: at,
    at,
  } as const;
  await verbs.signIn("a", "service", at);
  await verbs.plan([{ report: "weekly", cron: "", timezone: "", nextAt: at }], at);
  await verbs.claimTicks([{ report: "weekly", promised: at, nextAt: at, runs: [] }], at);
  await verbs.claimRun(claim);
  await verbs.work("a", "service", at, 10);
  await verbs.closeCircuit("looker", at);
  await verbs.takeRun("r1", "a", at);
  const postponed = { nextAt: at, reason: "", advice: null, end: "again" } as const;
  await verbs.postponeRun({ id: "r1", attempt: 1 }, postponed, at);
  await verbs.takeRun("r1", "a", at);
  const points = [{ on: "2026-11-16", value: 1 }];
  await verbs.remember(
    { id: "r1", attempt: 2 },
    [
      { name: "rows", data: "[]", comparedWith: null },
      { metric: "count", points, isImport: true },
      { metric: "count", points, isImport: false },
    ],
    at,
  );
  await verbs.recall("weekly", "rows", at);
  await verbs.kept("r1", "rows");
  await verbs.isImported("weekly", "count");
  await verbs.points("weekly", "count", 90);
  const target = { kind: "embed", url: "https://looker.example.com/looks/42" } as const;
  await verbs.offerLink({ tokenHash: "hash", runId: "r1", expiresAt: at, target });
  await verbs.link("hash", at);
  for (const over of [0, 1, null]) await verbs.writeNote("slack", { name: "list", text: "" }, over, at);
  await verbs.notes("slack", ["list"], at);
  await verbs.planDeliveries({ id: "r1", attempt: 2 }, [plan], 1, at);
  await verbs.takeDelivery("d1", "a", at);
  await verbs.commitDelivery({ id: "d1", attempt: 1 }, at);
  await verbs.cancelRun("r1", "no", at);
  await verbs.cancelsAsked("a");
  await verbs.beat("a", at);
  await verbs.sweep({ silentMs: 1, onlyService: "b" }, at);
  await verbs.settleDelivery(
    { id: "d1", attempt: 1 },
    { state: "refused", reason: "", advice: null, bytes: null },
    at,
  );
  await verbs.hastenDelivery({ id: "d1", attempt: 1 }, at);
  await verbs.resendDelivery("d1", null, at);
  await verbs.takeDelivery("d1", "a", at);
  const settled = { state: "sent", externalId: "1", refused: [], reason: null, bytes: 1 } as const;
  await verbs.settleDelivery({ id: "d1", attempt: 2 }, settled, at);
  await verbs.planNotices("r1", "failed", [{ ...plan, id: "n1" }], at);
  await verbs.claimTask("key", "a", at);
  await verbs.runs({ limit: 10 });
  await verbs.runs({ report: "weekly", limit: 10 });
  await verbs.lastTookMs("weekly", 0);
  await verbs.prune(at, 10);

  expect(scans).toEqual([]);
  expect(statements).toBeGreaterThan(40);
  database.close();
  await ledger.close();
});
