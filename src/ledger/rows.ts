import type { Plan } from "../core/model/plan.ts";
import type {
  Attempt,
  AttemptEnd,
  Delivery,
  DeliveryState,
  Purpose,
  Run,
  RunKind,
  RunState,
  SectionRecord,
  Trigger,
} from "../core/model/run.ts";
import type { Circuit } from "../core/rules/circuit.ts";
import type { Row } from "./steps.ts";

export function toPlan(row: Row): Plan {
  return {
    report: text(row.report),
    cron: text(row.cron),
    timezone: text(row.timezone),
    nextAt: timeOrNull(row.next_at),
    pausedAt: timeOrNull(row.paused_at),
    pauseReason: textOrNull(row.pause_reason),
  };
}

export function toRun(row: Row): Run {
  return {
    id: text(row.id),
    report: text(row.report),
    dueAt: time(row.due_at),
    burst: text(row.burst),
    kind: text(row.kind) as RunKind,
    trigger: text(row.trigger) as Trigger,
    state: runState(row.state),
    owner: textOrNull(row.owner),
    reservedFor: textOrNull(row.reserved_for),
    attempts: Number(row.attempts),
    tries: Number(row.tries),
    triesSince: timeOrNull(row.tries_since),
    reopenings: Number(row.reopenings),
    nextAt: timeOrNull(row.next_at),
    wokenFrom: timeOrNull(row.woken_from),
    reason: textOrNull(row.reason),
    advice: textOrNull(row.advice),
    rows: numberOrNull(row.rows),
    expectAt: timeOrNull(row.expect_at),
    cancelAskedAt: timeOrNull(row.cancel_asked_at),
    claimedAt: time(row.claimed_at),
    startedAt: timeOrNull(row.started_at),
    endedAt: timeOrNull(row.ended_at),
  };
}

/** What the tables say for "interrupted": older workers of the same store know it by this word, and so do old rows. */
const STORED_INTERRUPTED = "cut_short";

function runState(value: unknown): RunState {
  const stored = text(value);
  return stored === STORED_INTERRUPTED ? "interrupted" : (stored as RunState);
}

export function storedState(state: RunState): string {
  return state === "interrupted" ? STORED_INTERRUPTED : state;
}

export function toSection(row: Row): SectionRecord {
  return {
    section: Number(row.section),
    title: text(row.title),
    taskId: textOrNull(row.task_id),
    rows: numberOrNull(row.rows),
    tookMs: numberOrNull(row.took_ms),
    warnings: JSON.parse(text(row.warnings)) as string[],
  };
}

export function toDelivery(row: Row): Delivery {
  const remaining = textOrNull(row.remaining);
  return {
    id: text(row.id),
    runId: text(row.run_id),
    purpose: text(row.purpose) as Purpose,
    kind: text(row.kind),
    target: text(row.target),
    recipients: text(row.recipients),
    identity: textOrNull(row.identity),
    entry: textOrNull(row.entry),
    state: text(row.state) as DeliveryState,
    owner: textOrNull(row.owner),
    attempts: Number(row.attempts),
    tries: Number(row.tries),
    triesSince: timeOrNull(row.tries_since),
    nextAt: timeOrNull(row.next_at),
    wokenFrom: timeOrNull(row.woken_from),
    isUncertain: Number(row.is_uncertain) === 1,
    uncertainSince: timeOrNull(row.uncertain_since),
    remaining: remaining === null ? null : (JSON.parse(remaining) as string[]),
    externalId: textOrNull(row.external_id),
    reason: textOrNull(row.reason),
    advice: textOrNull(row.advice),
    refused: JSON.parse(text(row.refused)) as Delivery["refused"],
    bytes: numberOrNull(row.bytes),
    plannedAt: time(row.planned_at),
    settledAt: timeOrNull(row.settled_at),
  };
}

export function toAttempt(row: Row): Attempt {
  return {
    attempt: Number(row.attempt),
    owner: text(row.owner),
    startedAt: time(row.started_at),
    committedAt: timeOrNull(row.committed_at),
    endedAt: timeOrNull(row.ended_at),
    end: textOrNull(row.ended_as) as AttemptEnd | null,
    reason: textOrNull(row.reason),
  };
}

export function toCircuit(row: Row): Circuit {
  return {
    name: text(row.name),
    failures: Number(row.failures),
    since: timeOrNull(row.since),
    openUntil: timeOrNull(row.open_until),
    reason: textOrNull(row.reason),
  };
}

export function text(value: unknown): string {
  return String(value ?? "");
}

export function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

export function time(value: unknown): Date {
  return new Date(Number(value));
}

export function timeOrNull(value: unknown): Date | null {
  return value === null || value === undefined ? null : time(value);
}

/** Milliseconds, as the tables keep times. */
export function ms(date: Date | null): number | null {
  return date === null ? null : date.getTime();
}
