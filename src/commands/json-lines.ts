import type { Delivery, Run } from "../core/run.ts";

/** One line for each delivery of the run, then one for the run: what a machine reads with --json. */
export function jsonLines(run: Run, deliveries: readonly Delivery[]): string {
  return [...deliveries.map((delivery) => deliveryLine(run, delivery)), runLine(run)]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
}

function deliveryLine(run: Run, delivery: Delivery) {
  return {
    type: "delivery",
    report: run.report,
    run: run.id,
    dueAt: run.dueAt.toISOString(),
    delivery: delivery.id,
    destination: delivery.kind,
    target: delivery.target,
    status: delivery.state,
    rows: run.rows,
    bytes: delivery.bytes,
    externalId: delivery.externalId,
    refused: delivery.refused,
    error: delivery.reason,
    advice: delivery.advice,
  };
}

function runLine(run: Run) {
  return {
    type: "run",
    report: run.report,
    run: run.id,
    dueAt: run.dueAt.toISOString(),
    trigger: run.trigger,
    status: run.state,
    rows: run.rows,
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    error: run.reason,
    advice: run.advice,
  };
}
