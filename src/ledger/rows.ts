import type { SQLOutputValue } from "node:sqlite";
import type { Delivery, DeliveryState, Run, RunState, SectionRecord, Trigger } from "../core/run.ts";

/** What the database returns for one row of a table. */
export type Row = Record<string, SQLOutputValue>;

export function toRun(row: Row): Run {
  return {
    id: text(row.id),
    report: text(row.report),
    dueAt: time(row.due_at),
    burst: text(row.burst),
    trigger: text(row.trigger) as Trigger,
    state: text(row.state) as RunState,
    reason: textOrNull(row.reason),
    advice: textOrNull(row.advice),
    rows: numberOrNull(row.rows),
    claimedAt: time(row.claimed_at),
    startedAt: timeOrNull(row.started_at),
    endedAt: timeOrNull(row.ended_at),
  };
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
  return {
    id: text(row.id),
    runId: text(row.run_id),
    kind: text(row.kind),
    target: text(row.target),
    recipients: text(row.recipients),
    state: text(row.state) as DeliveryState,
    attempts: Number(row.attempts),
    externalId: textOrNull(row.external_id),
    reason: textOrNull(row.reason),
    advice: textOrNull(row.advice),
    refused: JSON.parse(text(row.refused)) as Delivery["refused"],
    bytes: numberOrNull(row.bytes),
    plannedAt: time(row.planned_at),
    settledAt: timeOrNull(row.settled_at),
  };
}

function text(value: SQLOutputValue | undefined): string {
  return String(value ?? "");
}

function textOrNull(value: SQLOutputValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function numberOrNull(value: SQLOutputValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function time(value: SQLOutputValue | undefined): Date {
  return new Date(Number(value));
}

function timeOrNull(value: SQLOutputValue | undefined): Date | null {
  return value === null || value === undefined ? null : time(value);
}
