import type { Fence } from "../../core/model/entry.ts";
import { METRICS_MAX, POINTS_MAX, type Point, type RememberedPoints } from "../../core/model/memory.ts";
import { ms, text, toRun } from "../rows.ts";
import { all, type Dialect, json, one, run, type Steps } from "../steps.ts";

/** Dates are shorter, and what is longer would not fit the index. */
const ON_LENGTH_MAX = 64;

/** The points of a run, until something of it is sent. */
export function* keepPoints({ id, attempt }: Fence, { metric, points: told }: RememberedPoints): Steps<void> {
  yield* run(
    `INSERT INTO run_points (run_id, metric, attempt, points) VALUES (?, ?, ?, ?)
     ON CONFLICT (run_id, metric) DO UPDATE SET attempt = excluded.attempt, points = excluded.points`,
    id,
    metric,
    attempt,
    json(latestOf(told)),
  );
}

/** Something of the run was sent: its points count from now on. A second call finds none left. */
export function* tellPoints(dialect: Dialect, runId: string): Steps<void> {
  const rows = yield* all("DELETE FROM run_points WHERE run_id = ? RETURNING metric, points", runId);
  const teller = rows.length === 0 ? null : yield* one("SELECT * FROM runs WHERE id = ?", runId);
  if (teller === null) return;
  const { report, dueAt } = toRun(teller);
  for (const row of rows) {
    const told = JSON.parse(text(row.points)) as Point[];
    yield* addPoints(dialect, { report, metric: text(row.metric), points: told, dueAt });
  }
}

export function* noteImport(report: string, metric: string, at: Date): Steps<void> {
  yield* run(
    "INSERT INTO imports (report, metric, at) VALUES (?, ?, ?) ON CONFLICT (report, metric) DO NOTHING",
    report,
    metric,
    ms(at),
  );
}

export function* isImported(report: string, metric: string): Steps<boolean> {
  const row = yield* one("SELECT 1 AS found FROM imports WHERE report = ? AND metric = ?", report, metric);
  return row !== null;
}

interface Adding {
  readonly report: string;
  readonly metric: string;
  readonly points: readonly Point[];
  /** The tick of the run they come from; null: they are imported. */
  readonly dueAt: Date | null;
}

const POINT_COLUMNS = { point_on: "text", value: "real" } as const;

/** A run that is sent after a later one does not replace what that one wrote. */
export function* addPoints(dialect: Dialect, { report, metric, points: added, dueAt }: Adding): Steps<void> {
  const latest = latestOf(added);
  if (latest.length === 0) return;
  const known = yield* one(
    "SELECT 1 AS found FROM points WHERE report = ? AND metric = ? LIMIT 1",
    report,
    metric,
  );
  yield* run(
    `INSERT INTO points (report, metric, point_on, value, due_at)
     SELECT ?, ?, v.point_on, v.value, CAST(? AS BIGINT)
     FROM ${dialect.rows("v", POINT_COLUMNS)} WHERE true ORDER BY v.point_on
     ON CONFLICT (report, metric, point_on) DO UPDATE SET value = excluded.value, due_at = excluded.due_at
     WHERE points.due_at IS NULL OR points.due_at <= excluded.due_at`,
    report,
    metric,
    ms(dueAt),
    json(latest.map(({ on, value }) => ({ point_on: on, value }))),
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
  if (known === null) yield* forgetMetrics(report, metric);
}

/** More than any report has beyond METRICS_MAX: SQLite takes no OFFSET without a LIMIT. */
const METRICS_AT_ONCE = 1_000_000;

function* forgetMetrics(report: string, newest: string): Steps<void> {
  const outgrown = yield* all(
    `SELECT metric FROM points WHERE report = ? AND metric <> ? GROUP BY metric
     ORDER BY max(coalesce(due_at, 0)) DESC LIMIT ${METRICS_AT_ONCE} OFFSET ${METRICS_MAX - 1}`,
    report,
    newest,
  );
  for (const row of outgrown) {
    yield* run("DELETE FROM points WHERE report = ? AND metric = ?", report, text(row.metric));
    yield* run("DELETE FROM imports WHERE report = ? AND metric = ?", report, text(row.metric));
  }
}

/** Of each date the last that is given. */
function latestOf(given: readonly Point[]): readonly Point[] {
  const sound = given.filter(({ on, value }) => on.length <= ON_LENGTH_MAX && Number.isFinite(value));
  const byDate = new Map(sound.map((point) => [point.on, point]));
  return [...byDate.values()].sort((a, b) => (a.on < b.on ? -1 : 1)).slice(-POINTS_MAX);
}

export function* points(report: string, metric: string, limit: number): Steps<readonly Point[]> {
  const rows = yield* all(
    "SELECT point_on, value FROM points WHERE report = ? AND metric = ? ORDER BY point_on DESC LIMIT ?",
    report,
    metric,
    limit,
  );
  return rows.map((row) => ({ on: text(row.point_on), value: Number(row.value) })).reverse();
}

const REPORT_COLUMNS = { report: "text" } as const;

/** A report's figures go when nothing else is left of it: no run, no plan. */
export function* forgetPoints(dialect: Dialect, reports: readonly string[]): Steps<void> {
  if (reports.length === 0) return;
  for (const table of ["points", "imports"])
    yield* run(
      `DELETE FROM ${table} WHERE report IN (SELECT v.report FROM ${dialect.rows("v", REPORT_COLUMNS)})
         AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.report = ${table}.report)
         AND NOT EXISTS (SELECT 1 FROM plans WHERE plans.report = ${table}.report)`,
      json(reports.map((report) => ({ report }))),
    );
}
