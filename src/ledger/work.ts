import type { OwnerRole } from "../core/ledger.ts";
import type { Delivery, Run } from "../core/run.ts";
import type { Work } from "../core/work.ts";
import { ms, text, time } from "./rows.ts";
import { all, type Steps, type Value } from "./steps.ts";

/** The report has a tick before that of run `r`, which a worker has in hand or is to take first. */
export const IS_BEHIND_ANOTHER = `(r.burst = '' AND EXISTS (
  SELECT 1 FROM runs AS older WHERE older.report = r.report AND older.due_at < r.due_at AND older.burst = ''
  AND older.state IN ('planned', 'running') AND older.cancel_asked_at IS NULL))`;

/** A report's delivery `d` is made while its run is delivering; what tells of a run is made whatever became of it. */
export const IS_TO_BE_MADE = `(d.purpose <> 'report' OR EXISTS (
  SELECT 1 FROM runs AS r WHERE r.id = d.run_id AND r.state = 'delivering' AND r.cancel_asked_at IS NULL))`;

const IS_FREE_RUN = "r.cancel_asked_at IS NULL AND coalesce(r.reserved_for, '') = ?";
const IS_FREE_DELIVERY = `coalesce(d.reserved_for, '') = ? AND ${IS_TO_BE_MADE}`;

/**
 * Each branch has a partial index of just what is not done yet: a look costs the same whatever the history. What is planned
 * is due at once, even if the clock was put back since.
 */
const BRANCHES: readonly { readonly sql: string; readonly isTimed: boolean }[] = [
  {
    sql: `SELECT 'run' AS kind, r.id AS id, r.due_at AS due FROM runs AS r
          WHERE r.state = 'planned' AND ${IS_FREE_RUN} AND NOT ${IS_BEHIND_ANOTHER} ORDER BY r.due_at LIMIT ?`,
    isTimed: false,
  },
  {
    sql: `SELECT 'run' AS kind, r.id AS id, r.next_at AS due FROM runs AS r
          WHERE r.state = 'waiting' AND ${IS_FREE_RUN} AND r.next_at <= ? AND NOT ${IS_BEHIND_ANOTHER} ORDER BY r.next_at LIMIT ?`,
    isTimed: true,
  },
  {
    sql: `SELECT 'delivery' AS kind, d.id AS id, d.planned_at AS due FROM deliveries AS d
          WHERE d.state = 'pending' AND ${IS_FREE_DELIVERY} ORDER BY d.planned_at, d.position LIMIT ?`,
    isTimed: false,
  },
  {
    sql: `SELECT 'delivery' AS kind, d.id AS id, d.next_at AS due FROM deliveries AS d
          WHERE d.state = 'waiting' AND ${IS_FREE_DELIVERY} AND d.next_at <= ? ORDER BY d.next_at LIMIT ?`,
    isTimed: true,
  },
  {
    sql: `SELECT 'failed' AS kind, r.id AS id, r.failed_due_at AS due FROM runs AS r
          WHERE r.failed_due_at IS NOT NULL AND coalesce(r.reserved_for, '') = ? ORDER BY r.failed_due_at LIMIT ?`,
    isTimed: false,
  },
  {
    sql: `SELECT 'late' AS kind, r.id AS id, r.expect_at AS due FROM runs AS r
          WHERE r.expect_at IS NOT NULL AND r.ended_at IS NULL AND r.late_told_at IS NULL
          AND coalesce(r.reserved_for, '') = ? AND r.expect_at <= ? ORDER BY r.expect_at LIMIT ?`,
    isTimed: true,
  },
];

const ALL_BRANCHES = BRANCHES.map(({ sql }, index) => `SELECT * FROM (${sql}) AS b${index}`).join(
  " UNION ALL ",
);

/** Six looks in one statement; together they are put in order here, each being in order by its index. */
export function* work(owner: string, role: OwnerRole, at: Date, limit: number): Steps<readonly Work[]> {
  const reservedFor = role === "command" ? owner : "";
  const values = BRANCHES.flatMap(({ isTimed }): Value[] =>
    isTimed ? [reservedFor, ms(at), limit] : [reservedFor, limit],
  );
  const found = (yield* all(ALL_BRANCHES, ...values)).map(toWork);
  return found.sort((a, b) => a.at.getTime() - b.at.getTime()).slice(0, limit);
}

function toWork(row: { readonly [column: string]: unknown }): Work {
  return { kind: text(row.kind) as Work["kind"], id: text(row.id), at: time(row.due) };
}

/** A run that is planned or waits. */
export function workOfRun({ id, dueAt, claimedAt, nextAt }: Run): Work {
  const plannedAt = dueAt < claimedAt ? dueAt : claimedAt;
  return { kind: "run", id, at: nextAt ?? plannedAt };
}

/** What a new run makes: itself, and that it may be late. */
export function workOfNewRun(run: Run): readonly Work[] {
  const late: Work[] = run.expectAt === null ? [] : [{ kind: "late", id: run.id, at: run.expectAt }];
  return [workOfRun(run), ...late];
}

/** A delivery that is pending or waits. */
export function workOfDelivery({ id, plannedAt, nextAt }: Delivery): Work {
  return { kind: "delivery", id, at: nextAt ?? plannedAt };
}
