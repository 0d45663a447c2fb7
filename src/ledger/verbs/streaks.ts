import type { Delivery, NoticePurpose, Run } from "../../core/model/run.ts";
import type { Streak } from "../../core/ports/ledger-reads.ts";
import { isIncomplete } from "../../core/rules/run-failure.ts";
import { ms, timeOrNull, toDelivery, toRun } from "../rows.ts";
import { all, one, type Row, type Steps, type Value } from "../steps.ts";

/*
 * How long a report has been failing, or late, is in its runs: those of its schedule since the last that was delivered (in time). Runs that
 * a person asked for neither begin a streak nor end one.
 */

/** Ticks that are a day apart tell each: in spring a day has no more hours than this. */
const QUIET_MS = 23 * 3_600_000;

/** The report's runs that its schedule asked for. */
const OF_SCHEDULE = "r.report = ? AND r.kind = 'tick'";
const WAS_LATE = "r.late_told_at IS NOT NULL AND r.expect_at IS NOT NULL";
/** Someone was told by it, or will be. */
const REACHED = "d.state NOT IN ('refused', 'gave_up', 'cancelled')";

/** What ends a streak, as a condition on a run. */
const ENDS = {
  failed: "r.state = 'delivered'",
  late: "r.state = 'delivered' AND (r.expect_at IS NULL OR r.ended_at <= r.expect_at)",
} as const;

const BELONGS = { failed: "r.state IN ('failed', 'partly_failed')", late: WAS_LATE } as const;

/** The last run before this one that went well; the beginning of time where there is none. */
function* lastGood({ report, dueAt }: Pick<Run, "report" | "dueAt">, kind: "failed" | "late"): Steps<number> {
  const row = yield* one(
    `SELECT r.due_at AS due FROM runs AS r WHERE ${OF_SCHEDULE} AND r.due_at < ? AND ${ENDS[kind]} ORDER BY r.due_at DESC LIMIT 1`,
    report,
    ms(dueAt),
  );
  return row === null ? Number.MIN_SAFE_INTEGER : Number(row.due);
}

/** The run's streak, itself included. */
export function* streak(run: Pick<Run, "report" | "dueAt">, kind: "failed" | "late"): Steps<Streak> {
  const row = yield* one(
    `SELECT count(*) AS runs, min(r.due_at) AS since FROM runs AS r
     WHERE ${OF_SCHEDULE} AND r.due_at > ? AND r.due_at <= ? AND ${BELONGS[kind]}`,
    run.report,
    yield* lastGood(run, kind),
    ms(run.dueAt),
  );
  return { runs: Number(row?.runs ?? 0), since: timeOrNull(row?.since) };
}

/**
 * Whether people know already: another run of the same streak was told of within a day, and nothing fails that did not fail then. A run
 * that is told of again, since a person reopened it, does not count against itself.
 */
export function* isKnown(run: Run, kind: "failed" | "late"): Steps<boolean> {
  if (run.kind !== "tick") return false;
  const rows = yield* all(
    `SELECT r.* FROM runs AS r WHERE ${OF_SCHEDULE} AND r.due_at > ? AND r.due_at > ? AND r.id <> ?
       AND EXISTS (SELECT 1 FROM deliveries AS d WHERE d.run_id = r.id AND d.purpose = ? AND ${REACHED})`,
    run.report,
    yield* lastGood(run, kind),
    run.dueAt.getTime() - QUIET_MS,
    run.id,
    kind,
  );
  if (rows.length === 0 || kind === "late") return rows.length > 0;
  const known = new Set<string>();
  for (const told of rows.map(toRun)) for (const what of yield* whatFailed(told)) known.add(what);
  return (yield* whatFailed(run)).every((what) => known.has(what));
}

/** The run itself, before its deliveries, or each of these that failed. */
function* whatFailed({ id, reason }: Run): Steps<readonly string[]> {
  const rows = yield* all("SELECT * FROM deliveries WHERE run_id = ? AND purpose = 'report'", id);
  const failed = rows.map(toDelivery).filter(isIncomplete);
  return [...(reason === null ? [] : ["run"]), ...failed.map(nameOf)];
}

function nameOf({ kind, target }: Delivery): string {
  return `${kind} ${target}`;
}

/** Whether someone was told that the report fails, or is late, and not yet that it works again. `run` has just been delivered. */
export function* isToBeToldRecovered(run: Run): Steps<boolean> {
  if (run.kind !== "tick") return false;
  const since = yield* lastGood(run, "failed");
  const told = yield* latestNotice(
    run,
    "d.purpose IN ('failed', 'late') AND r.due_at <= ?",
    since,
    ms(run.dueAt),
  );
  if (told === null) return false;
  const recovered = yield* latestNotice(run, "d.purpose = 'recovered'", since);
  return recovered === null || recovered < told;
}

function* latestNotice(
  { report }: Run,
  condition: string,
  since: number,
  ...values: readonly Value[]
): Steps<number | null> {
  const row: Row | null = yield* one(
    `SELECT max(d.planned_at) AS at FROM runs AS r JOIN deliveries AS d ON d.run_id = r.id
     WHERE ${OF_SCHEDULE} AND r.due_at > ? AND ${REACHED} AND ${condition}`,
    report,
    since,
    ...values,
  );
  return row?.at === null || row?.at === undefined ? null : Number(row.at);
}

/** Whether someone was told, or will be, by a notice of this run. */
export function* isReached(runId: string, purpose: NoticePurpose): Steps<boolean> {
  const row = yield* one(
    `SELECT 1 AS found FROM deliveries AS d WHERE d.run_id = ? AND d.purpose = ? AND ${REACHED} LIMIT 1`,
    runId,
    purpose,
  );
  return row !== null;
}

/** The ticks that were found missed at the same time as this one, oldest first. */
export function* missedWith({ report, claimedAt }: Pick<Run, "report" | "claimedAt">): Steps<readonly Run[]> {
  const rows = yield* all(
    "SELECT * FROM runs WHERE report = ? AND state = 'missed' AND claimed_at = ? ORDER BY due_at",
    report,
    ms(claimedAt),
  );
  return rows.map(toRun);
}
