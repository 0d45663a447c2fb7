import type { Delivery, Run } from "../core/run.ts";

/** Each value as one line of JSON. */
export function asJsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

/** One line for each delivery of the run, then one for the run: what a machine reads with --json. */
export function runLines(run: Run, deliveries: readonly Delivery[]): string {
  return asJsonLines([...deliveries.map((delivery) => deliveryLine(run, delivery)), runLine(run)]);
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
