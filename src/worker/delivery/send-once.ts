import { ReportError, toReportError } from "../../core/error.ts";
import type { Settlement } from "../../core/model/entry.ts";
import type { Outcome } from "../../core/model/outcome.ts";
import type { Report } from "../../core/model/report.ts";
import { type Delivery, LOSSES_MAX, lostInARow, type Run } from "../../core/model/run.ts";
import type { Sending as Terms } from "../../core/ports/adapter.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import type { Lease } from "../process/lease.ts";
import { askOthersAt } from "../run/budget.ts";
import { makingFailure } from "../run/failure.ts";
import { lookUp } from "./look-up.ts";
import { type Prepared, prepare } from "./prepare.ts";
import {
  certain,
  dropped,
  handedBack,
  heldBack,
  hopeless,
  notTried,
  type Settling,
  settled,
  unknownHere,
} from "./settlement.ts";

/** One attempt at a delivery, taken and under way. */
export interface Sending {
  readonly delivery: Delivery;
  readonly run: Run;
  readonly takenAt: Date;
  readonly lease: Lease;
  /** Aborts with the ReportError that says why. */
  readonly signal: AbortSignal;
}

/** Makes the delivery, or finds out why not, and says what is to become of it. Rejects only when the ledger cannot be read. */
export async function sendOnce(sending: Sending, worker: WorkerContext): Promise<Settlement> {
  const { delivery, run, takenAt, signal } = sending;
  const report = worker.report(run.report);
  if (report === null) return removed(sending, worker);
  const settling: Settling = { delivery, run, report, takenAt, worker };
  if (await isHopeless(delivery, worker)) return hopeless(settling);
  const held = await worker.circuits.held(delivery.kind);
  if (held !== null) return heldBack(settling, held);
  if (signal.aborted) return handedBack(settling, toReportError(signal.reason));
  const prepared = await prepareSafely(sending, report, worker);
  if (prepared instanceof ReportError) return notTried(settling, prepared);
  if ("kind" in prepared) return settled(settling, prepared, null);
  return deliver(settling, prepared, sending);
}

async function deliver(settling: Settling, prepared: Prepared, sending: Sending): Promise<Settlement> {
  const { delivery, worker } = settling;
  const { terms, state } = termsOf(sending, worker);
  const before = delivery.isUncertain ? await lookUp(settling, prepared, terms) : null;
  if (before !== null) return before;
  const outcome = await send(prepared, terms, worker).catch((thrown) =>
    unforeseen(thrown, state.isCommitted),
  );
  crashPoint("after_send", delivery.id);
  await tellCircuit(delivery.kind, outcome, worker);
  // What stopped it before anything could have an effect costs no try.
  const stopped = outcome.kind === "again" ? interruption(sending, state) : null;
  // What was looked up and is not there is certain; what is only sent again, since the report wants it so, is not.
  const isKnown = worker.adapters.destination(delivery.kind).find !== undefined;
  const after = isKnown ? certain(settling) : settling;
  return stopped === null ? settled(after, outcome, prepared.bytes) : handedBack(after, stopped);
}

interface State {
  /** The ledger has it that the message may have arrived. */
  isCommitted: boolean;
  /** Why it could not be committed. */
  refusal: ReportError | null;
}

function termsOf(sending: Sending, worker: WorkerContext): { terms: Terms; state: State } {
  const { delivery, lease, signal } = sending;
  const state: State = { isCommitted: false, refusal: null };
  const terms: Terms = {
    signal,
    only: delivery.remaining,
    confirm: () => lease.confirm(),
    async commit() {
      crashPoint("before_send", delivery.id);
      await commit(sending, worker).catch((thrown) => {
        state.refusal = toReportError(thrown);
        throw thrown;
      });
      state.isCommitted = true;
      crashPoint("committed", delivery.id);
    },
  };
  return { terms, state };
}

/** The ledger is asked once: whoever waited for it would hold up a server outside. */
async function commit({ delivery, lease }: Sending, { ledgerNow, clock }: WorkerContext): Promise<void> {
  lease.confirm();
  const fence = { id: delivery.id, attempt: delivery.attempts };
  const isOurs = await ledgerNow.commitDelivery(fence, clock.now()).catch((cause) => {
    throw new ReportError("The ledger could not be asked.", { code: "cancelled", retryable: true, cause });
  });
  if (!isOurs) throw new ReportError("Another worker has it.", { code: "cancelled", retryable: true });
  lease.confirm();
}

function interruption({ lease, signal }: Sending, { refusal }: State): ReportError | null {
  if (signal.aborted) return toReportError(signal.reason);
  if (refusal !== null) return refusal;
  try {
    lease.confirm();
    return null;
  } catch (thrown) {
    return toReportError(thrown);
  }
}

async function isHopeless(delivery: Delivery, { ledger }: WorkerContext): Promise<boolean> {
  if (delivery.attempts <= LOSSES_MAX) return false;
  return lostInARow(await ledger.deliveryAttempts(delivery.id)) >= LOSSES_MAX;
}

async function prepareSafely(
  { delivery, run, lease, signal }: Sending,
  report: Report,
  worker: WorkerContext,
): Promise<Prepared | Outcome | ReportError> {
  try {
    return await prepare({ delivery, run, report, owner: lease.owner, signal }, worker);
  } catch (thrown) {
    // Nothing has left the house yet.
    return makingFailure(signal.aborted ? signal.reason : thrown);
  }
}

async function send({ message, to }: Prepared, terms: Terms, { adapters }: WorkerContext): Promise<Outcome> {
  const { kind, options } = to.destination;
  return adapters.destination(kind).deliver(message, options, terms);
}

/** A destination says what happened and does not throw. If it does all the same, what it had committed may have arrived. */
function unforeseen(thrown: unknown, isCommitted: boolean): Outcome {
  const { message } = toReportError(thrown);
  const reason = `An unexpected failure while sending: ${message}`;
  if (isCommitted) return { kind: "unknown", reason };
  return { kind: "refused", reason, advice: "Please report it. Nothing was sent." };
}

/** A refusal says little of the server: it may never have been asked. */
async function tellCircuit(
  name: string,
  outcome: Outcome,
  { circuits, redact }: WorkerContext,
): Promise<void> {
  if (outcome.kind === "again" && outcome.isServerOut === true)
    await circuits.failed(name, redact(outcome.reason));
  else if (outcome.kind === "sent") await circuits.succeeded(name);
}

function removed({ delivery, run }: Sending, worker: WorkerContext): Settlement {
  const nextAt = askOthersAt(run, worker);
  if (nextAt !== null) return unknownHere(delivery, nextAt);
  const reason = `The report ${run.report} is not in reports.yaml any more.`;
  return dropped(delivery, reason, "Put it back, or leave this delivery as it is.");
}
