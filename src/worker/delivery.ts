import type { Sending } from "../core/adapter.ts";
import { ReportError, toReportError } from "../core/error.ts";
import type { Settlement } from "../core/ledger.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Report } from "../core/report.ts";
import type { Delivery, Run } from "../core/run.ts";
import type { Lease } from "./lease.ts";
import { lookUp } from "./look-up.ts";
import type { Workshop } from "./pipeline.ts";
import { pass } from "./points.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { handedBack, heldBack, notTried, type Settling, settled } from "./settlement.ts";
import { spoolFault } from "./spool-fault.ts";

/**
 * One attempt at a delivery, from taken to settled. The outcome is written under the attempt's fence: where another worker
 * has made a later attempt meanwhile, it is not. Rejects only when the ledger cannot be read or written.
 */
export async function carryOutDelivery(
  id: string,
  stop: AbortSignal,
  workshop: Workshop,
): Promise<"done" | "busy"> {
  const { ledger, clock, listener } = workshop;
  const lease = workshop.lease();
  const takenAt = clock.now();
  const delivery = await take(id, lease.owner, takenAt, workshop);
  if (typeof delivery === "string") return delivery;
  pass("delivery_taken", id);
  const run = await ledger.run(delivery.runId);
  if (run === null) return "done";
  const underWay = workshop.underWay.enter({ id, runId: run.id }, { stop, lost: lease.signal });
  try {
    const attempt = { delivery, run, takenAt, lease, signal: underWay.signal };
    const settlement = redacted(await settlementOf(attempt, workshop), workshop.redact);
    const fence = { id, attempt: delivery.attempts };
    const after = await ledger.settleDelivery(fence, settlement, clock.now());
    pass("delivery_settled", id);
    if (after === null) return "done";
    const isOver = after.delivery.settledAt !== null;
    listener({ kind: isOver ? "delivery_settled" : "delivery_postponed", run, delivery: after.delivery });
    if (after.ended !== null) listener({ kind: "run_ended", run: after.ended });
    return "done";
  } finally {
    underWay.leave();
  }
}

async function take(
  id: string,
  owner: string,
  at: Date,
  { ledger, underWay }: Workshop,
): Promise<Delivery | "done" | "busy"> {
  const taken = await ledger.takeDelivery(id, owner, at);
  if (taken !== null) return taken;
  const delivery = await ledger.delivery(id);
  if (delivery === null) return "done";
  // Taken by us in a transaction whose reply was lost.
  if (delivery.state === "sending" && delivery.owner === owner && !underWay.has(id)) return delivery;
  const isDue =
    delivery.state === "pending" || (delivery.state === "waiting" && (delivery.nextAt ?? at) <= at);
  if (!isDue) return "done";
  const run = await ledger.run(delivery.runId);
  return run?.reservedFor === null && run.cancelAskedAt === null ? "busy" : "done";
}

interface Attempt {
  readonly delivery: Delivery;
  readonly run: Run;
  readonly takenAt: Date;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

async function settlementOf(attempt: Attempt, workshop: Workshop): Promise<Settlement> {
  const { delivery, run, takenAt, lease, signal } = attempt;
  const report = workshop.report(run.report);
  if (report === null) return removed(run);
  const settling: Settling = { delivery, run, report, takenAt, workshop };
  const held = await workshop.circuits.held(delivery.kind);
  if (held !== null) return heldBack(settling, held);
  if (signal.aborted) return handedBack(settling, toReportError(signal.reason));
  const prepared = await prepareSafely(attempt, report, workshop);
  if (prepared instanceof ReportError) return notTried(settling, prepared);
  if ("kind" in prepared) return settled(settling, prepared, null);
  let mayHaveArrived = delivery.isUncertain;
  const sending: Sending = {
    signal,
    only: delivery.remaining,
    confirm: () => lease.confirm(),
    async commit() {
      pass("before_send", delivery.id);
      await commit(attempt, workshop);
      mayHaveArrived = true;
      pass("committed", delivery.id);
    },
  };
  const before = delivery.isUncertain ? await lookUp(settling, prepared, sending) : null;
  if (before !== null) return before;
  const outcome = await send(prepared, sending, workshop).catch((thrown) =>
    unforeseen(thrown, mayHaveArrived),
  );
  pass("after_send", delivery.id);
  await tellCircuit(delivery.kind, outcome, workshop);
  // What stopped it before anything could have an effect costs no try.
  if (outcome.kind === "again" && isInterrupted(lease, signal))
    return handedBack(settling, toReportError(signal.aborted ? signal.reason : interruptionOf(lease)));
  return settled(settling, outcome, prepared.bytes);
}

/** The ledger is asked once: whoever waited for it would hold up a server outside. */
async function commit({ delivery, lease }: Attempt, { ledgerNow, clock }: Workshop): Promise<void> {
  lease.confirm();
  const fence = { id: delivery.id, attempt: delivery.attempts };
  const isOurs = await ledgerNow.commitDelivery(fence, clock.now()).catch((cause) => {
    throw new ReportError("The ledger could not be asked.", { code: "cancelled", retryable: true, cause });
  });
  if (!isOurs) throw new ReportError("Another worker has it.", { code: "cancelled", retryable: true });
  lease.confirm();
}

function isInterrupted(lease: Lease, signal: AbortSignal): boolean {
  return signal.aborted || interruptionOf(lease) !== null;
}

function interruptionOf(lease: Lease): unknown {
  try {
    lease.confirm();
    return null;
  } catch (thrown) {
    return thrown;
  }
}

async function prepareSafely(
  { delivery, run, lease, signal }: Attempt,
  report: Report,
  workshop: Workshop,
): Promise<Prepared | Outcome | ReportError> {
  try {
    return await prepare({ delivery, run, report, owner: lease.owner, signal }, workshop);
  } catch (thrown) {
    // Nothing has left the house yet.
    return spoolFault(signal.aborted ? signal.reason : thrown);
  }
}

async function send({ message, to }: Prepared, sending: Sending, { adapters }: Workshop): Promise<Outcome> {
  const { kind, options } = to.destination;
  return adapters.destination(kind).deliver(message, options, sending);
}

/** A destination says what happened and does not throw. If it does all the same, what it had committed may have arrived. */
function unforeseen(thrown: unknown, mayHaveArrived: boolean): Outcome {
  const { message } = toReportError(thrown);
  const reason = `An unexpected failure while sending: ${message}`;
  if (mayHaveArrived) return { kind: "unknown", reason };
  return { kind: "refused", reason, advice: "Please report it. Nothing was sent." };
}

async function tellCircuit(name: string, outcome: Outcome, { circuits, redact }: Workshop): Promise<void> {
  if (outcome.kind === "again" && outcome.isServerOut === true)
    await circuits.out(name, redact(outcome.reason));
  else if (outcome.kind === "sent" || outcome.kind === "refused") await circuits.well(name);
}

function removed(run: Run): Settlement {
  return {
    state: "cancelled",
    reason: `The report ${run.report} is not in reports.yaml any more.`,
    advice: "Put it back, or leave this delivery as it is.",
    bytes: null,
  };
}

function redacted(settlement: Settlement, redact: (text: string) => string): Settlement {
  const reason = settlement.reason === null ? null : redact(settlement.reason);
  const clean = <T extends { reason: string }>(all: readonly T[]) =>
    all.map((one) => ({ ...one, reason: redact(one.reason) }));
  switch (settlement.state) {
    case "sent":
      return { ...settlement, reason, refused: clean(settlement.refused) };
    case "waiting": {
      const served =
        settlement.served === null
          ? null
          : { ...settlement.served, refused: clean(settlement.served.refused) };
      return { ...settlement, reason: reason ?? "", served };
    }
    default: {
      const advice = settlement.advice === null ? null : redact(settlement.advice);
      return { ...settlement, reason: reason ?? "", advice };
    }
  }
}
