import type { Attempt, Delivery, Run, SectionRecord } from "../../core/model/run.ts";
import { plainJson } from "../../core/rules/plain-text.ts";
import { runFailure } from "../../core/rules/run-failure.ts";
import type { SystemStatus } from "./system-status.ts";
import type { RunInFull } from "./time-line.ts";

/** Each value as one line of JSON. */
export function asJsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${plainJson(JSON.stringify(value))}\n`).join("");
}

/** One line for each delivery of the run, then one for the run: what a machine reads with --json. */
export function runLines(run: Run, deliveries: readonly Delivery[]): string {
  return asJsonLines([
    ...deliveries.map((delivery) => deliveryLine(run, delivery)),
    runLine(run, deliveries),
  ]);
}

/** The same, with each query and each attempt before what it belongs to. */
export function runLinesInFull({ run, deliveries, attempts, sections }: RunInFull): string {
  return asJsonLines([
    ...sections.map((section) => queryLine(run, section)),
    ...deliveries.flatMap((delivery) => [
      ...delivery.tried.map((attempt) => attemptLine(run, delivery.id, attempt)),
      deliveryLine(run, delivery),
    ]),
    ...attempts.map((attempt) => attemptLine(run, null, attempt)),
    runLine(run, deliveries),
  ]);
}

/** Which ledger was read: the file's path, or the server and the database; and why nothing can be changed there, where that is so. */
export function ledgerLine(name: string, readOnly: string | null = null): string {
  return asJsonLines([{ type: "ledger", ledger: name, ...(readOnly !== null && { readOnly }) }]);
}

/** One line for each server that is not asked for a while, and for each report that is paused. */
export function statusLines({ circuits, paused }: SystemStatus): string {
  return asJsonLines([
    ...circuits.map((circuit) => ({ type: "circuit", ...circuit })),
    ...paused.map(({ report, pausedAt, pauseReason }) => ({
      type: "pause",
      report,
      pausedAt,
      reason: pauseReason,
    })),
  ]);
}

export function deliveryLine(run: Run, delivery: Delivery) {
  return {
    type: "delivery",
    report: run.report,
    run: run.id,
    dueAt: run.dueAt.toISOString(),
    delivery: delivery.id,
    purpose: delivery.purpose,
    destination: delivery.kind,
    target: delivery.target,
    status: delivery.state,
    uncertain: delivery.isUncertain,
    attempts: delivery.attempts,
    nextAt: delivery.nextAt?.toISOString() ?? null,
    rows: run.rows,
    bytes: delivery.bytes,
    externalId: delivery.externalId,
    refused: delivery.refused,
    remaining: delivery.remaining,
    error: delivery.reason,
    advice: delivery.advice,
  };
}

function runLine(run: Run, deliveries: readonly Delivery[]) {
  const { reason, advice, failed } = runFailure(run, deliveries);
  return {
    type: "run",
    report: run.report,
    run: run.id,
    dueAt: run.dueAt.toISOString(),
    trigger: run.trigger,
    kind: run.kind,
    trial: run.kind === "trial",
    status: run.state,
    owner: run.owner,
    attempts: run.attempts,
    nextAt: run.nextAt?.toISOString() ?? null,
    rows: run.rows,
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    error: reason,
    advice,
    failed,
  };
}

function queryLine(run: Run, { section, title, taskId, rows, tookMs, warnings }: SectionRecord) {
  return { type: "query", run: run.id, query: section + 1, title, task: taskId, rows, tookMs, warnings };
}

/** `delivery` null: an attempt at the run itself. */
function attemptLine(run: Run, delivery: string | null, attempt: Attempt) {
  const { attempt: number, owner, startedAt, endedAt, end, reason } = attempt;
  return {
    type: "attempt",
    run: run.id,
    delivery,
    attempt: number,
    owner,
    startedAt,
    endedAt,
    end,
    error: reason,
  };
}
