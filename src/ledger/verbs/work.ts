import { countsAsTick, type Delivery, KINDS_THAT_COUNT, type Run } from "../../core/model/run.ts";
import type { Work } from "../../core/model/work.ts";
import type { OwnerRole } from "../../core/ports/owners.ts";
import { ms, text, time, toRun } from "../rows.ts";
import { all, announce, one, type Steps, type Value } from "../steps.ts";

/** A delivery `d` of the report whose first or next try is under way or at hand: how it ends is known soon. */
const IS_GOING_OUT = "d.purpose = 'report' AND d.state IN ('pending', 'sending')";

/** What `countsAsTick` says of a row of runs. */
export function countsAsTickSql(alias: string): string {
  return `${alias}.kind IN (${KINDS_THAT_COUNT.map((kind) => `'${kind}'`).join(", ")})`;
}

const OLDER = `SELECT 1 FROM runs AS older WHERE older.report = r.report AND older.due_at < r.due_at AND ${countsAsTickSql("older")}
  AND older.reserved_for IS NULL AND older.cancel_asked_at IS NULL`;

/**
 * The report has a tick before that of run `r`, which a worker has in hand or is to take first, or which is going out: what `r` shows is
 * compared with it. A run that is reserved for a command neither waits for others nor holds them up: either could last for ever, where no
 * service is there or the command has gone.
 */
export const IS_BEHIND_ANOTHER = `(${countsAsTickSql("r")} AND r.reserved_for IS NULL AND (
  EXISTS (${OLDER} AND older.state IN ('planned', 'running', 'waiting') AND older.state <> 'waiting')
  OR EXISTS (${OLDER} AND older.state = 'delivering'
    AND EXISTS (SELECT 1 FROM deliveries AS d WHERE d.run_id = older.id AND ${IS_GOING_OUT}))))`;

/** Longer than anything is made to wait. What is to wait longer was written before the clock was put back, and is due. */
const WAIT_MS_MAX = 8 * 24 * 3_600_000;

/** Whether what waits is due by now, as a condition with two values: see `dueValues`. */
export function isDue(alias: "r" | "d"): string {
  return `(${alias}.next_at <= ? OR ${alias}.next_at > ?)`;
}

export function dueValues(at: Date): readonly [number, number] {
  return [at.getTime(), at.getTime() + WAIT_MS_MAX];
}

/** A report's delivery `d` is made while its run is delivering; a notice of a run is made whatever became of the run. */
export const IS_TO_BE_MADE = `(d.purpose <> 'report' OR EXISTS (
  SELECT 1 FROM runs AS r WHERE r.id = d.run_id AND r.state = 'delivering' AND r.cancel_asked_at IS NULL))`;

const IS_FREE_RUN = "r.cancel_asked_at IS NULL AND coalesce(r.reserved_for, '') = ?";
const IS_FREE_DELIVERY = `coalesce(d.reserved_for, '') = ? AND ${IS_TO_BE_MADE}`;

/** The values of a branch, in their order. */
type Asked = "reserved for" | "at" | "latest" | "limit";

/**
 * Each branch has a partial index of just what is not done yet: a look costs the same whatever the history. What is planned
 * is due at once, even if the clock was put back since.
 */
const BRANCHES: readonly { readonly sql: string; readonly values: readonly Asked[] }[] = [
  {
    sql: `SELECT 'run' AS kind, r.id AS id, r.due_at AS due FROM runs AS r
          WHERE r.state = 'planned' AND ${IS_FREE_RUN} AND NOT ${IS_BEHIND_ANOTHER} ORDER BY r.due_at LIMIT ?`,
    values: ["reserved for", "limit"],
  },
  {
    sql: `SELECT 'run' AS kind, r.id AS id, r.next_at AS due FROM runs AS r
          WHERE r.state = 'waiting' AND ${IS_FREE_RUN} AND r.next_at <= ? AND NOT ${IS_BEHIND_ANOTHER} ORDER BY r.next_at LIMIT ?`,
    values: ["reserved for", "at", "limit"],
  },
  {
    sql: `SELECT 'run' AS kind, r.id AS id, r.due_at AS due FROM runs AS r
          WHERE r.state = 'waiting' AND ${IS_FREE_RUN} AND r.next_at > ? AND NOT ${IS_BEHIND_ANOTHER} ORDER BY r.next_at LIMIT ?`,
    values: ["reserved for", "latest", "limit"],
  },
  {
    sql: `SELECT 'delivery' AS kind, d.id AS id, d.planned_at AS due FROM deliveries AS d
          WHERE d.state = 'pending' AND ${IS_FREE_DELIVERY} ORDER BY d.planned_at, d.position LIMIT ?`,
    values: ["reserved for", "limit"],
  },
  {
    sql: `SELECT 'delivery' AS kind, d.id AS id, d.next_at AS due FROM deliveries AS d
          WHERE d.state = 'waiting' AND ${IS_FREE_DELIVERY} AND d.next_at <= ? ORDER BY d.next_at LIMIT ?`,
    values: ["reserved for", "at", "limit"],
  },
  {
    sql: `SELECT 'delivery' AS kind, d.id AS id, d.planned_at AS due FROM deliveries AS d
          WHERE d.state = 'waiting' AND ${IS_FREE_DELIVERY} AND d.next_at > ? ORDER BY d.next_at LIMIT ?`,
    values: ["reserved for", "latest", "limit"],
  },
  {
    sql: `SELECT 'failed' AS kind, r.id AS id, r.failed_due_at AS due FROM runs AS r
          WHERE r.failed_due_at IS NOT NULL AND coalesce(r.reserved_for, '') = ? ORDER BY r.failed_due_at LIMIT ?`,
    values: ["reserved for", "limit"],
  },
  {
    sql: `SELECT CASE r.state WHEN 'missed' THEN 'missed' WHEN 'failed' THEN 'failed' ELSE 'recovered' END AS kind, r.id AS id, r.notice_due_at AS due FROM runs AS r
          WHERE r.notice_due_at IS NOT NULL AND coalesce(r.reserved_for, '') = ? ORDER BY r.notice_due_at LIMIT ?`,
    values: ["reserved for", "limit"],
  },
  {
    sql: `SELECT 'late' AS kind, r.id AS id, r.expect_at AS due FROM runs AS r
          WHERE r.expect_at IS NOT NULL AND r.ended_at IS NULL AND r.late_told_at IS NULL
          AND coalesce(r.reserved_for, '') = ? AND r.expect_at <= ? ORDER BY r.expect_at LIMIT ?`,
    values: ["reserved for", "at", "limit"],
  },
];

const ALL_BRANCHES = BRANCHES.map(({ sql }, index) => `SELECT * FROM (${sql}) AS b${index}`).join(
  " UNION ALL ",
);

/** Several looks in one statement; together they are put in order here, each being in order by its index. */
export function* work(owner: string, role: OwnerRole, at: Date, limit: number): Steps<readonly Work[]> {
  const [now, latest] = dueValues(at);
  const asked: Readonly<Record<Asked, Value>> = {
    "reserved for": role === "command" ? owner : "",
    at: now,
    latest,
    limit,
  };
  const values = BRANCHES.flatMap((branch) => branch.values.map((name) => asked[name]));
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

/**
 * Announces the run that waited behind `left`, which no longer holds it up. It was announced when it was made, and its worker found that
 * it was not its turn: nothing else would announce it again. One that is still behind another is announced all the same: the other may
 * be leaving at this very moment, in a transaction that cannot see this one.
 */
export function* announceNext(left: Run, at: Date): Steps<void> {
  // Such a run holds up no other.
  if (!countsAsTick(left) || left.reservedFor !== null) return;
  const row = yield* one(
    `SELECT * FROM runs AS r WHERE r.report = ? AND r.due_at > ? AND ${countsAsTickSql("r")} AND r.state IN ('planned', 'running', 'waiting')
       AND (r.state = 'planned' OR (r.state = 'waiting' AND ${isDue("r")}))
       AND r.reserved_for IS NULL AND r.cancel_asked_at IS NULL ORDER BY r.due_at LIMIT 1`,
    left.report,
    ms(left.dueAt),
    ...dueValues(at),
  );
  if (row !== null) yield* announce([workOfRun(toRun(row))], null);
}

/** The same for a run that is, or was, delivering: it holds up others until each of its deliveries was tried. */
export function* announceNextOnceOut(left: Run, at: Date): Steps<void> {
  if (!countsAsTick(left) || left.reservedFor !== null) return;
  const open = yield* one(
    `SELECT 1 AS found FROM deliveries AS d WHERE d.run_id = ? AND ${IS_GOING_OUT} LIMIT 1`,
    left.id,
  );
  if (open === null) yield* announceNext(left, at);
}
