import type { Fence, RunEnd } from "../../core/model/entry.ts";
import {
  type Attempt,
  type Delivery,
  endedBadly,
  endState,
  lostInARow,
  NOTICES,
  type Purpose,
  type Run,
  type RunState,
  restAfterLosses,
} from "../../core/model/run.ts";
import { ms, storedState, textOrNull, time, timeOrNull, toDelivery, toRun } from "../rows.ts";
import { all, announce, type Dialect, one, type Row, run, type Steps } from "../steps.ts";
import { isSent, writeDelivery } from "./delivery-row.ts";
import { tellPoints } from "./points.ts";
import { isToBeToldRecovered } from "./streaks.ts";
import { announceNext } from "./work.ts";

/** A run whose row this transaction has locked. */
export interface LockedRun extends Run {
  /** The words of the person who asked to cancel it. */
  readonly cancelReason: string | null;
  /** It ended badly, and the notice of that is still to be planned. */
  readonly failedDueAt: Date | null;
  readonly lateToldAt: Date | null;
  /** It was missed, or delivered after its report had failed, and the notice of that is still to be planned. */
  readonly noticeDueAt: Date | null;
}

/**
 * Whatever changes a run or its deliveries locks the run's row first, then the rows of deliveries. Two deliveries that settle at
 * once would otherwise each find the other one open, and neither would end the run.
 */
export function* lockRun(dialect: Dialect, id: string): Steps<LockedRun | null> {
  return toLocked(yield* one(`SELECT * FROM runs WHERE id = ?${dialect.forUpdate}`, id));
}

/** The run, if the attempt is the one that has it in hand. */
export function* lockRunning(dialect: Dialect, fence: Fence): Steps<LockedRun | null> {
  const locked = yield* lockRun(dialect, fence.id);
  return locked?.state === "running" && locked.attempts === fence.attempt ? locked : null;
}

export function* lockRunOfDelivery(dialect: Dialect, deliveryId: string): Steps<LockedRun | null> {
  const runId = "(SELECT run_id FROM deliveries WHERE id = ?)";
  return toLocked(yield* one(`SELECT * FROM runs WHERE id = ${runId}${dialect.forUpdate}`, deliveryId));
}

function toLocked(row: Row | null): LockedRun | null {
  return row === null ? null : toLockedRun(row);
}

export function toLockedRun(row: Row): LockedRun {
  return {
    ...toRun(row),
    cancelReason: textOrNull(row.cancel_reason),
    failedDueAt: timeOrNull(row.failed_due_at),
    lateToldAt: timeOrNull(row.late_told_at),
    noticeDueAt: timeOrNull(row.notice_due_at),
  };
}

const REPORT: readonly Purpose[] = ["report"];
/** The notices are not wanted any longer either. */
const ALL: readonly Purpose[] = ["report", ...NOTICES];
const CANCELLED = "It was cancelled.";
const UNWANTED = {
  state: "skipped",
  reason: "All of its recipients have unsubscribed.",
  advice: "`lookpost recipients` lists them.",
} as const;

/** Ends a run that is delivering and has nothing left to do; of one that was asked to be cancelled, only what is in hand is left to do. */
export function* concludeRun(dialect: Dialect, locked: LockedRun, at: Date): Steps<Run | null> {
  if (locked.state !== "delivering") return null;
  const isCancelled = locked.cancelAskedAt !== null;
  const reason = locked.cancelReason ?? CANCELLED;
  if (isCancelled) yield* dropRest(dialect, locked.id, { reason, purposes: ALL }, at);
  const deliveries = yield* reportDeliveries(locked.id);
  if (deliveries.some(({ settledAt }) => settledAt === null)) return null;
  const state = endState(deliveries);
  if (state === "skipped") return yield* writeEnd(locked, UNWANTED, at);
  const isWhole = state === "delivered" || !isCancelled;
  return yield* writeEnd(locked, { state, reason: isWhole ? null : reason, advice: null }, at);
}

/** Ends a run that no worker has in hand, even one with deliveries that were planned before it was reopened. */
export function* endRunNow(dialect: Dialect, locked: LockedRun, end: RunEnd, at: Date): Steps<Run> {
  const isCancelled = end.state === "cancelled";
  const reason = isCancelled ? (locked.cancelReason ?? end.reason) : end.reason;
  const purposes = isCancelled || end.state === "interrupted" ? ALL : REPORT;
  yield* dropRest(dialect, locked.id, { reason, purposes }, at);
  const state = yield* stateInTheEnd(locked.id, end.state);
  return yield* writeEnd(locked, { state, reason, advice: end.advice }, at);
}

/** "failed", "cancelled" and "skipped" say that nothing was sent: of a run that was reopened, something may have been before. */
function* stateInTheEnd(runId: string, state: RunEnd["state"]): Steps<RunState> {
  if (state === "interrupted") return state;
  const deliveries = yield* reportDeliveries(runId);
  return deliveries.some((one) => one.state === "sent" || one.state === "unknown")
    ? endState(deliveries)
    : state;
}

function* reportDeliveries(runId: string): Steps<readonly Delivery[]> {
  const rows = yield* all("SELECT * FROM deliveries WHERE run_id = ? AND purpose = 'report'", runId);
  return rows.map(toDelivery);
}

const BY_DELIVERIES: ReadonlySet<RunState> = new Set(["partly_failed", "failed", "cancelled"]);

/** What becomes known late about a delivery changes the state of a run that has ended. */
export function* correctEnd(locked: LockedRun, at: Date): Steps<void> {
  const { id, state, reason, advice, failedDueAt, reservedFor } = locked;
  if (!BY_DELIVERIES.has(state)) return;
  const corrected = endState(yield* reportDeliveries(id));
  const isWhole = corrected === "delivered";
  yield* run(
    "UPDATE runs SET state = ?, reason = ?, advice = ?, failed_due_at = ? WHERE id = ?",
    corrected,
    isWhole ? null : reason,
    isWhole ? null : advice,
    endedBadly(corrected) ? ms(failedDueAt) : null,
    id,
  );
  if (!isWhole || !(yield* isToBeToldRecovered(locked))) return;
  yield* run("UPDATE runs SET notice_due_at = ? WHERE id = ?", ms(at), id);
  yield* announce([{ kind: "recovered", id, at }], reservedFor);
}

interface Ended {
  readonly state: RunState;
  readonly reason: string | null;
  readonly advice: string | null;
}

function* writeEnd(locked: LockedRun, { state, reason, advice }: Ended, at: Date): Steps<Run> {
  const isBad = endedBadly(state);
  const isRecovery = state === "delivered" && (yield* isToBeToldRecovered(locked));
  const row = yield* one(
    `UPDATE runs SET state = ?, reason = ?, advice = ?, ended_at = ?, owner = NULL, next_at = NULL, failed_due_at = ?,
       notice_due_at = ? WHERE id = ? RETURNING *`,
    storedState(state),
    reason,
    advice,
    ms(at),
    isBad ? ms(at) : null,
    isRecovery ? ms(at) : null,
    locked.id,
  );
  if (isBad) yield* announce([{ kind: "failed", id: locked.id, at }], locked.reservedFor);
  if (isRecovery) yield* announce([{ kind: "recovered", id: locked.id, at }], locked.reservedFor);
  if (locked.state !== "waiting") yield* announceNext(locked, at);
  return toRun(row ?? {});
}

interface Dropping {
  readonly reason: string;
  readonly purposes: readonly Purpose[];
}

/** Settles the deliveries that no worker has in hand. */
export function* dropRest(
  dialect: Dialect,
  runId: string,
  { reason, purposes }: Dropping,
  at: Date,
): Steps<void> {
  const rows = yield* all(
    `SELECT * FROM deliveries WHERE run_id = ? AND state IN ('pending', 'waiting') ORDER BY id${dialect.forUpdate}`,
    runId,
  );
  for (const delivery of rows.map(toDelivery)) {
    if (!purposes.includes(delivery.purpose)) continue;
    const gone = dropped(delivery, reason);
    yield* writeDelivery({ ...gone, nextAt: null, settledAt: at });
    if (delivery.purpose === "report" && isSent(gone)) yield* tellPoints(dialect, runId);
  }
}

/** What may have arrived is not said to be cancelled, nor what some of the recipients have. */
function dropped(delivery: Delivery, reason: string): Delivery {
  const { isUncertain, remaining, refused } = delivery;
  if (isUncertain) {
    const words = delivery.reason ?? "It may have been delivered.";
    return { ...delivery, state: "unknown", reason: `${words} ${reason}` };
  }
  if (remaining === null) return { ...delivery, state: "cancelled", reason };
  const missed = remaining.map((recipient) => ({ recipient, reason, permanent: false }));
  return { ...delivery, state: "sent", reason: null, remaining: null, refused: [...refused, ...missed] };
}

export function* closeRunAttempt(
  locked: Run,
  end: { readonly as: string; readonly reason: string | null },
  at: Date,
): Steps<Date> {
  const row = yield* one(
    `UPDATE run_attempts SET ended_at = ?, ended_as = ?, reason = ? WHERE run_id = ? AND attempt = ? RETURNING started_at`,
    ms(at),
    end.as,
    end.reason,
    locked.id,
    locked.attempts,
  );
  return row === null ? at : time(row.started_at);
}

/** How long work is left alone that may be what its workers died of. */
interface Rest {
  readonly until: Date;
  readonly reason: string;
}

/** `attempts` are all of them, the one lost now included. Null: it is taken again at once. */
export function restOf(attempts: readonly Attempt[], at: Date): Rest | null {
  const losses = lostInARow(attempts);
  const restMs = restAfterLosses(losses);
  if (restMs === 0) return null;
  return {
    until: new Date(at.getTime() + restMs),
    reason: `The worker that had it died, ${losses} times in a row: it rests for a while.`,
  };
}
