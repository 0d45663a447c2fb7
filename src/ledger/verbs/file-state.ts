import { FILE_RUNS, type Run } from "../../core/model/run.ts";
import type { BrokenFile } from "../../core/ports/notices.ts";
import { ms, toRun } from "../rows.ts";
import { announce, type Dialect, one, type Steps } from "../steps.ts";
import { isReached } from "./streaks.ts";

/*
 * What reports.yaml is like, as far as people are told of it, is a run of its own kind: so its notices are deliveries like any other. It
 * leaves `failed_due_at` alone, since an older worker would take such a run for one of a report that was removed.
 */

export function* fileBroken(
  dialect: Dialect,
  { id, reason, quietMs }: BrokenFile,
  at: Date,
): Steps<Run | null> {
  const latest = yield* latestOf(dialect);
  if (latest?.state === "failed") return null;
  const wholeSince = latest?.endedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
  if (latest?.reason === reason && at.getTime() - wholeSince < quietMs) return null;
  const row = yield* one(
    `INSERT INTO runs (id, report, due_at, burst, kind, trigger, state, reason, claimed_at, ended_at, notice_due_at)
     VALUES (?, ?, ?, '', 'file', 'schedule', 'failed', ?, ?, ?, ?)
     ON CONFLICT (report, due_at, burst) DO NOTHING RETURNING *`,
    id,
    FILE_RUNS,
    ms(at),
    reason,
    ms(at),
    ms(at),
    ms(at),
  );
  if (row !== null) yield* announce([{ kind: "failed", id, at }], null);
  return row === null ? null : toRun(row);
}

export function* fileWhole(dialect: Dialect, at: Date): Steps<Run | null> {
  const latest = yield* latestOf(dialect);
  if (latest?.state !== "failed") return null;
  const isTold = yield* isReached(latest.id, "failed");
  const row = yield* one(
    "UPDATE runs SET state = 'delivered', ended_at = ?, notice_due_at = ? WHERE id = ? RETURNING *",
    ms(at),
    isTold ? ms(at) : null,
    latest.id,
  );
  if (isTold) yield* announce([{ kind: "recovered", id: latest.id, at }], null);
  return row === null ? null : toRun(row);
}

function* latestOf(dialect: Dialect): Steps<Run | null> {
  yield* dialect.lock("notices");
  const row = yield* one(
    `SELECT * FROM runs WHERE report = ? ORDER BY due_at DESC LIMIT 1${dialect.forUpdate}`,
    FILE_RUNS,
  );
  return row === null ? null : toRun(row);
}
