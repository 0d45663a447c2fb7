import type { DeliveryPlan, Fence, Postponed, RunClaim, RunEnd } from "../../core/model/entry.ts";
import type { AttemptEnd, Delivery, Run, SectionRecord } from "../../core/model/run.ts";
import type { Runs } from "../../core/ports/ledger.ts";
import { ms, toDelivery, toRun } from "../rows.ts";
import { all, announce, type Dialect, json, one, run, type Steps, type VerbSteps } from "../steps.ts";
import { cancelRun, cancelsAsked } from "./cancel.ts";
import { insertDeliveries, planAgain } from "./delivery-plan.ts";
import { runAttempts } from "./reads.ts";
import { reopenRun } from "./reopen.ts";
import { closeRunAttempt, concludeRun, endRunNow, type LockedRun, lockRunning, restOf } from "./run-end.ts";
import {
  announceNext,
  announceNextOnceOut,
  dueValues,
  IS_BEHIND_ANOTHER,
  isDue,
  workOfDelivery,
  workOfNewRun,
  workOfRun,
} from "./work.ts";

/** The life of a run, from its claim to its end. */
export function runVerbs(dialect: Dialect): Pick<VerbSteps, keyof Runs> {
  return {
    claimRun,
    takeRun,
    recordTask,
    recordSection,
    planDeliveries: (fence, plans, rows, at) => planDeliveries(dialect, { fence, plans, rows, at }),
    postponeRun: (fence, postponed, at) => postponeRun(dialect, fence, postponed, at),
    handBackRun: (fence, at) => handBackRun(dialect, fence, at),
    endRun: (fence, end, at) => endRun(dialect, fence, end, at),
    cancelRun: (id, reason, at) => cancelRun(dialect, id, reason, at),
    cancelsAsked,
    reopenRun: (id, how, reservedFor, at) => reopenRun(dialect, { id, how, reservedFor }, at),
  };
}

function* claimRun(claim: RunClaim): Steps<Run | null> {
  const row = yield* one(
    `INSERT INTO runs (id, report, due_at, burst, kind, trigger, state, reserved_for, is_trial, expect_at, claimed_at)
     VALUES (?, ?, ?, ?, ?, ?, 'planned', ?, ?, ?, ?) ON CONFLICT (report, due_at, burst) DO NOTHING RETURNING *`,
    claim.id,
    claim.report,
    ms(claim.dueAt),
    claim.burst,
    claim.kind,
    claim.trigger,
    claim.reservedFor,
    // Older workers of the same store read this.
    claim.kind === "trial" ? 1 : 0,
    ms(claim.expectAt),
    ms(claim.at),
  );
  if (row === null) return null;
  const claimed = toRun(row);
  yield* announce(workOfNewRun(claimed), claim.reservedFor);
  return claimed;
}

function* takeRun(id: string, owner: string, at: Date): Steps<Run | null> {
  const row = yield* one(
    `UPDATE runs AS r SET state = 'running', owner = ?, attempts = attempts + 1, next_at = NULL, waits_for = NULL, reason = NULL, advice = NULL,
       started_at = coalesce(started_at, ?)
     WHERE r.id = ? AND (r.state = 'planned' OR (r.state = 'waiting' AND ${isDue("r")})) AND r.cancel_asked_at IS NULL
       AND (r.reserved_for IS NULL OR r.reserved_for = ?) AND NOT ${IS_BEHIND_ANOTHER} RETURNING *`,
    owner,
    ms(at),
    id,
    ...dueValues(at),
    owner,
  );
  if (row === null) return null;
  const taken = toRun(row);
  yield* run(
    "INSERT INTO run_attempts (run_id, attempt, owner, started_at) VALUES (?, ?, ?, ?)",
    id,
    taken.attempts,
    owner,
    ms(at),
  );
  return taken;
}

function* recordTask(runId: string, section: number, title: string, taskId: string): Steps<void> {
  yield* run(
    `INSERT INTO sections (run_id, section, title, task_id) VALUES (?, ?, ?, ?)
     ON CONFLICT (run_id, section) DO UPDATE SET task_id = excluded.task_id`,
    runId,
    section,
    title,
    taskId,
  );
}

function* recordSection(runId: string, record: SectionRecord): Steps<void> {
  yield* run(
    `INSERT INTO sections (run_id, section, title, task_id, rows, took_ms, warnings) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id, section) DO UPDATE SET title = excluded.title, task_id = coalesce(excluded.task_id, sections.task_id),
       rows = excluded.rows, took_ms = excluded.took_ms, warnings = excluded.warnings`,
    runId,
    record.section,
    record.title,
    record.taskId,
    record.rows,
    record.tookMs,
    json(record.warnings),
  );
}

interface Planning {
  readonly fence: Fence;
  readonly plans: readonly DeliveryPlan[];
  readonly rows: number;
  readonly at: Date;
}

function* planDeliveries(
  dialect: Dialect,
  { fence, plans, rows, at }: Planning,
): Steps<readonly Delivery[] | null> {
  const running = yield* lockRunning(dialect, fence);
  if (running === null) return null;
  yield* closeRunAttempt(running, { as: "done", reason: null }, at);
  yield* run("UPDATE runs SET state = 'delivering', rows = ?, owner = NULL WHERE id = ?", rows, running.id);
  if (running.reopenings > 0) yield* planAgain(dialect, running.id, plans, at);
  yield* insertDeliveries(dialect, running, { purpose: "report", plans }, at);
  // It may have been cancelled meanwhile, or have nothing left to send.
  const ended = yield* concludeRun(dialect, { ...running, state: "delivering" }, at);
  const open = yield* all(
    "SELECT * FROM deliveries WHERE run_id = ? AND purpose = 'report' AND settled_at IS NULL ORDER BY position",
    running.id,
  );
  const deliveries = open.map(toDelivery);
  yield* announce(deliveries.map(workOfDelivery), running.reservedFor);
  if (ended === null) yield* announceNextOnceOut(running, at);
  return deliveries;
}

function* postponeRun(dialect: Dialect, fence: Fence, postponed: Postponed, at: Date): Steps<Run | null> {
  const running = yield* lockRunning(dialect, fence);
  if (running === null) return null;
  const { nextAt, reason, advice, end } = postponed;
  const startedAt = yield* closeRunAttempt(running, { as: end, reason }, at);
  if (running.cancelAskedAt !== null) return yield* endRunNow(dialect, running, AS_ASKED, at);
  const isTry = end === "again";
  const tries = running.tries + (isTry ? 1 : 0);
  const triesSince = running.triesSince ?? (isTry ? startedAt : null);
  const waitsFor = postponed.waitsFor ?? null;
  yield* run("UPDATE runs SET waits_for = ?, woken_from = NULL WHERE id = ?", waitsFor, running.id);
  return yield* putOff({ ...running, tries, triesSince, nextAt, reason, advice }, at);
}

/** running -> waiting. */
function* putOff(running: Run, at: Date): Steps<Run> {
  const row = yield* one(
    `UPDATE runs SET state = 'waiting', owner = NULL, next_at = ?, reason = ?, advice = ?, tries = ?, tries_since = ?
     WHERE id = ? RETURNING *`,
    ms(running.nextAt),
    running.reason,
    running.advice,
    running.tries,
    ms(running.triesSince),
    running.id,
  );
  const waiting = yield* announced(toRun(row ?? {}));
  yield* announceNext(waiting, at);
  return waiting;
}

function* handBackRun(dialect: Dialect, fence: Fence, at: Date): Steps<Run | null> {
  const running = yield* lockRunning(dialect, fence);
  if (running === null) return null;
  return yield* freeRunning(dialect, running, "handed_back", at);
}

/** running -> planned, so that another worker goes on with it; or waiting, where it brought down one worker after the other. */
export function* freeRunning(
  dialect: Dialect,
  running: LockedRun,
  end: "handed_back" | "lost",
  at: Date,
): Steps<Run> {
  yield* closeRunAttempt(running, { as: end, reason: null }, at);
  if (running.cancelAskedAt !== null) return yield* endRunNow(dialect, running, AS_ASKED, at);
  const rest = end === "lost" ? restOf(yield* runAttempts(running.id), at) : null;
  if (rest !== null) {
    const { until, reason } = rest;
    return yield* putOff({ ...running, nextAt: until, reason, advice: null }, at);
  }
  const row = yield* one(
    "UPDATE runs SET state = 'planned', owner = NULL WHERE id = ? RETURNING *",
    running.id,
  );
  return yield* announced(toRun(row ?? {}));
}

const AS_ASKED: RunEnd = { state: "cancelled", reason: "It was cancelled.", advice: null };

const ATTEMPT_ENDS: Readonly<Record<RunEnd["state"], AttemptEnd>> = {
  skipped: "done",
  failed: "refused",
  cancelled: "cancelled",
  interrupted: "cancelled",
};

function* endRun(dialect: Dialect, fence: Fence, end: RunEnd, at: Date): Steps<Run | null> {
  const running = yield* lockRunning(dialect, fence);
  if (running === null) return null;
  yield* closeRunAttempt(running, { as: ATTEMPT_ENDS[end.state], reason: end.reason }, at);
  return yield* endRunNow(dialect, running, end, at);
}

function* announced(freed: Run): Steps<Run> {
  yield* announce([workOfRun(freed)], freed.reservedFor);
  return freed;
}
