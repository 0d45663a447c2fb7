import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import type { Fence } from "../core/entry.ts";
import type { Memory } from "../core/ledger.ts";
import { POINTS_MAX, type Point, type Recalled, type Remembered } from "../core/memory.ts";
import type { Dialect } from "./dialect.ts";
import { ms, text, time } from "./rows.ts";
import { lockRunning } from "./run-end.ts";
import { all, json, one, run, type Steps, type VerbSteps } from "./steps.ts";

/** What runs leave for later ones. */
export function memoryVerbs(dialect: Dialect): Pick<VerbSteps, keyof Memory> {
  return {
    remember: (fence, kept) => remember(dialect, fence, kept),
    recall,
    addPoints: (report, metric, points) => addPoints(dialect, report, metric, points),
    points,
  };
}

/** The states of a run of which something was sent: what recipients may have before them. */
const SENT = "'delivered', 'partly_failed'";

function* remember(dialect: Dialect, fence: Fence, kept: readonly Remembered[]): Steps<boolean> {
  const running = yield* lockRunning(dialect, fence);
  if (running === null) return false;
  yield* run("DELETE FROM remembered WHERE run_id = ? AND attempt <> ?", fence.id, fence.attempt);
  // Nothing is ever compared with a trial, nor with a repetition beside the tick.
  if (running.burst !== "") return true;
  for (const { name, data } of kept) {
    yield* run(
      `INSERT INTO remembered (run_id, name, attempt, report, due_at, data) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run_id, name) DO UPDATE SET attempt = excluded.attempt, data = excluded.data`,
      fence.id,
      name,
      fence.attempt,
      running.report,
      ms(running.dueAt),
      packed(data),
    );
    yield* forgetOlder(running.report, name, fence.id);
  }
  return true;
}

/**
 * Rows compress to a fifth (10,000 of 12 columns: 4.5 MB to 1.0 MB) in about twice the time that JSON.stringify takes, at the
 * quickest level; slower ones gain little. A ledger of a thousand reports stays small enough to be copied.
 */
function packed(data: string): Uint8Array {
  return deflateRawSync(data, { level: constants.Z_BEST_SPEED });
}

/** So many of the latest runs of which something was sent are kept: the older one is what a tick caught up between them is compared with. */
const SENT_KEPT = 2;
/** And of those that failed: a person may send them yet. */
const UNSENT_KEPT = 2;

function* forgetOlder(report: string, name: string, runId: string): Steps<void> {
  const ended = yield* all(
    `SELECT m.run_id, r.state IN (${SENT}) AS was_sent FROM remembered AS m JOIN runs AS r ON r.id = m.run_id
     WHERE m.report = ? AND m.name = ? AND m.run_id <> ? AND r.ended_at IS NOT NULL ORDER BY m.due_at DESC`,
    report,
    name,
    runId,
  );
  // One database says true, the other 1.
  const sent = ended.filter((row) => Number(row.was_sent) === 1);
  const unsent = ended.filter((row) => Number(row.was_sent) !== 1);
  for (const row of [...sent.slice(SENT_KEPT), ...unsent.slice(UNSENT_KEPT)])
    yield* run("DELETE FROM remembered WHERE run_id = ? AND name = ?", text(row.run_id), name);
}

function* recall(report: string, name: string, dueBefore: Date): Steps<Recalled | null> {
  const row = yield* one(
    `SELECT m.run_id, m.due_at, m.data FROM remembered AS m JOIN runs AS r ON r.id = m.run_id
     WHERE m.report = ? AND m.name = ? AND m.due_at < ? AND r.state IN (${SENT}) ORDER BY m.due_at DESC LIMIT 1`,
    report,
    name,
    ms(dueBefore),
  );
  if (row === null || !(row.data instanceof Uint8Array)) return null;
  return {
    runId: text(row.run_id),
    dueAt: time(row.due_at),
    data: inflateRawSync(row.data).toString("utf8"),
  };
}

const POINT_COLUMNS = { point_on: "text", value: "real" } as const;

/** Dates are shorter, and what is longer would not fit the index. */
const ON_LENGTH_MAX = 64;

function* addPoints(dialect: Dialect, report: string, metric: string, points: readonly Point[]): Steps<void> {
  const sound = points.filter(({ on, value }) => on.length <= ON_LENGTH_MAX && Number.isFinite(value));
  const byDate = new Map(sound.map(({ on, value }) => [on, value]));
  const latest = [...byDate].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-POINTS_MAX);
  if (latest.length === 0) return;
  yield* run(
    `INSERT INTO points (report, metric, point_on, value)
     SELECT ?, ?, v.point_on, v.value FROM ${dialect.rows("v", POINT_COLUMNS)} WHERE true ORDER BY v.point_on
     ON CONFLICT (report, metric, point_on) DO UPDATE SET value = excluded.value`,
    report,
    metric,
    json(latest.map(([on, value]) => ({ point_on: on, value }))),
  );
  yield* run(
    `DELETE FROM points WHERE report = ? AND metric = ? AND point_on <
       (SELECT point_on FROM points WHERE report = ? AND metric = ? ORDER BY point_on DESC LIMIT 1 OFFSET ?)`,
    report,
    metric,
    report,
    metric,
    POINTS_MAX - 1,
  );
}

function* points(report: string, metric: string, limit: number): Steps<readonly Point[]> {
  const rows = yield* all(
    "SELECT point_on, value FROM points WHERE report = ? AND metric = ? ORDER BY point_on DESC LIMIT ?",
    report,
    metric,
    limit,
  );
  return rows.map((row) => ({ on: text(row.point_on), value: Number(row.value) })).reverse();
}

const REPORT_COLUMNS = { report: "text" } as const;

/** A report's figures go when nothing tells of it any more: no run, no plan. */
export function* forgetPoints(dialect: Dialect, reports: readonly string[]): Steps<void> {
  if (reports.length === 0) return;
  yield* run(
    `DELETE FROM points WHERE report IN (SELECT v.report FROM ${dialect.rows("v", REPORT_COLUMNS)})
       AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.report = points.report)
       AND NOT EXISTS (SELECT 1 FROM plans WHERE plans.report = points.report)`,
    json(reports.map((report) => ({ report }))),
  );
}
