import { ReportError, toReportError } from "../../core/error.ts";
import type { Settlement } from "../../core/model/entry.ts";
import { type Again, commitment, type Refused, type Sent, type Unknown } from "../../core/model/outcome.ts";
import { type Delivery, LOSSES_MAX, lostInARow } from "../../core/model/run.ts";
import type { DeliveryTerms } from "../../core/ports/destination.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import { askOthersAt, wokenTooEarly } from "../run/budget.ts";
import { makingFailure } from "../run/failure.ts";
import type { DeliveryAttempt, DeliveryContext } from "./context.ts";
import { CHANGED_NOTE, type FoundEntry, findEntry } from "./entries.ts";
import { heldBack, prepares, unknownHere, waitsForOthers, wokenInVain } from "./held.ts";
import { lookUp } from "./look-up.ts";
import { type Prepared, prepare } from "./prepare.ts";
import type { DeliveryServer } from "./server.ts";
import { certain, dropped, handedBack, hopeless, notCommitted, notTried, settled } from "./settlement.ts";
import { type Staying, stayingOf, unwanted } from "./unsubscribed.ts";

/** Makes the delivery, or finds out why not, and says what is to become of it. Rejects only when the ledger cannot be read. */
export async function sendOnce(attempt: DeliveryAttempt, worker: WorkerContext): Promise<Settlement> {
  const { delivery, run, signal } = attempt;
  const report = worker.report(run.report);
  if (report === null) return removed(attempt, worker);
  const context: DeliveryContext = { ...attempt, report, worker };
  if (await isHopeless(delivery, worker)) return hopeless(context);
  const found = await orFault(context, () => findEntry(context));
  if (found instanceof ReportError) return notTried(context, found);
  if ("kind" in found) return withoutEntry(context, found);
  const staying = await stayingOf(context, found);
  if (staying === "none") return unwanted(context);
  const held = await found.server.held();
  if (held !== null && !(await isAskedFor(context)))
    return untilBack(found.server, await heldBack(context, held));
  if (signal.aborted) return handedBack(context, toReportError(signal.reason));
  const prepared = await orFault(context, () => prepare(context, found));
  if (prepared instanceof ReportError) return notTried(context, prepared);
  return deliver(withRemaining(context, staying), { ...found, ...staying }, prepared);
}

/** Where some have it already, what becomes of the rest is said of those whom this attempt is for: not of who has unsubscribed since. */
function withRemaining(context: DeliveryContext, { only }: Staying): DeliveryContext {
  const { delivery } = context;
  return delivery.remaining === null ? context : { ...context, delivery: { ...delivery, remaining: only } };
}

/** The entry that a delivery goes by, and whom of it this attempt is for. */
type Addressees = FoundEntry & Staying;

/** What fails before anything has left the house. */
async function orFault<T>({ signal }: DeliveryContext, work: () => Promise<T>): Promise<T | ReportError> {
  try {
    return await work();
  } catch (thrown) {
    return makingFailure(signal.aborted ? signal.reason : thrown);
  }
}

async function deliver(context: DeliveryContext, found: Addressees, prepared: Prepared): Promise<Settlement> {
  const { delivery, worker } = context;
  const { terms, state } = termsOf(context, found, await isOnly(context));
  const before = delivery.isUncertain ? await lookUp(context, found, prepared, terms) : null;
  if (before !== null) return before;
  const { message, to, bytes } = prepared;
  const destination = worker.adapters.destination(to.destination.kind);
  const outcome = await destination
    .deliver(message, to.destination.options, terms)
    .catch((thrown) => unforeseen(thrown, state.isCommitted));
  crashPoint("after_send", delivery.id);
  if (!state.isCommitted && (outcome.kind === "sent" || outcome.kind === "unknown"))
    return notCommitted(context, outcome);
  const isBusy = outcome.kind === "again" && (await servesOthers(outcome, found.server, context));
  if (!isBusy) await tellCircuit(found.server, outcome);
  // What stopped it before anything could have an effect costs no try.
  const stopped = outcome.kind === "again" ? interruption(context, state) : null;
  // What was looked up and is not there is certain; what is only sent again, since the report wants it so, is not.
  const after = destination.find === undefined ? context : certain(context);
  if (stopped !== null) return handedBack(after, stopped);
  if (isBusy) return waitsForOthers(after, outcome);
  if (outcome.kind === "again" && outcome.isPreparing === true) return prepares(after, outcome);
  if (outcome.kind !== "again" || outcome.isServerOut !== true)
    return settled(after, withNote(outcome, found), bytes);
  const wait = wokenTooEarly(delivery, worker);
  if (wait !== null) return untilBack(found.server, wokenInVain(after, wait, outcome.reason));
  return untilBack(found.server, settled(after, outcome, bytes));
}

/** Whether others get through meanwhile: then coming again costs no try, and opens no circuit. */
async function servesOthers({ busy }: Again, server: DeliveryServer, { lease }: DeliveryContext) {
  if (busy === undefined) return false;
  return busy === "others_get_through" || (await server.servesOthers(lease.owner));
}

/** What waits for its server is woken as soon as that answers anyone. */
function untilBack({ circuit }: DeliveryServer, settlement: Settlement): Settlement {
  if (settlement.state !== "waiting" || circuit === null) return settlement;
  return { ...settlement, waitsFor: circuit };
}

type Ending = Sent | Refused | Again | Unknown;

function withNote(outcome: Ending, { isChanged, note }: Addressees): Ending {
  if (outcome.kind !== "sent") return outcome;
  const notes = [outcome.note, note, isChanged ? CHANGED_NOTE : null].filter((one) => one != null);
  return notes.length === 0 ? outcome : { ...outcome, note: notes.join("\n") };
}

interface State {
  /** The ledger has it that the message may have arrived. */
  isCommitted: boolean;
  /** Why it could not be committed. */
  refusal: ReportError | null;
}

/** The only one of its run that has files: a notice has none. */
async function isOnly({ run, worker }: DeliveryContext): Promise<boolean> {
  const all = await worker.ledger.deliveries(run.id);
  return all.filter(({ purpose }) => purpose === "report").length === 1;
}

function termsOf(
  context: DeliveryContext,
  { only }: Addressees,
  ownsFiles: boolean,
): { terms: DeliveryTerms; state: State } {
  const { delivery, run, lease, signal, hasten, worker } = context;
  const { links } = worker;
  const { kind, purpose } = delivery;
  const state: State = { isCommitted: false, refusal: null };
  const terms: DeliveryTerms = {
    signal,
    only,
    ownsFiles,
    unsubscribe:
      links === null || purpose !== "report"
        ? null
        : (recipient) => links.unsubscribe({ report: run.report, kind, recipient }, run.id),
    notebook: worker.notebook(delivery.kind),
    hasten,
    confirm: () => lease.confirm(),
    async commit() {
      crashPoint("before_send", delivery.id);
      await commit(context).catch((thrown) => {
        state.refusal = toReportError(thrown);
        throw thrown;
      });
      state.isCommitted = true;
      crashPoint("committed", delivery.id);
      return commitment;
    },
  };
  return { terms, state };
}

/** The ledger is asked once: to wait for it would hold up a server outside. */
async function commit({ delivery, lease, worker }: DeliveryContext): Promise<void> {
  const { ledgerNow, clock } = worker;
  lease.confirm();
  const fence = { id: delivery.id, attempt: delivery.attempts };
  const isOurs = await ledgerNow.commitDelivery(fence, clock.now()).catch((cause) => {
    throw new ReportError("The ledger could not be asked.", { code: "cancelled", retryable: true, cause });
  });
  if (!isOurs) throw new ReportError("Another worker has it.", { code: "cancelled", retryable: true });
  lease.confirm();
}

function interruption({ lease, signal }: DeliveryContext, { refusal }: State): ReportError | null {
  if (signal.aborted) return toReportError(signal.reason);
  if (refusal !== null) return refusal;
  try {
    lease.confirm();
    return null;
  } catch (thrown) {
    return toReportError(thrown);
  }
}

/** A person waits for it, who may have mended what was out: the first attempt they ask for is made whatever is known. */
async function isAskedFor({ delivery, run, worker }: DeliveryContext): Promise<boolean> {
  if (delivery.attempts === 1) return run.trigger === "manual";
  const before = (await worker.ledger.deliveryAttempts(delivery.id)).filter(
    ({ attempt }) => attempt < delivery.attempts,
  );
  // Reopened: planned again since its latest attempt ended.
  return before.every(({ endedAt }) => endedAt !== null && endedAt <= delivery.plannedAt);
}

async function isHopeless(delivery: Delivery, { ledger }: WorkerContext): Promise<boolean> {
  if (delivery.attempts <= LOSSES_MAX) return false;
  return lostInARow(await ledger.deliveryAttempts(delivery.id)) >= LOSSES_MAX;
}

/**
 * A destination says what happened and does not throw. If it does all the same, what it had committed may have arrived; before that
 * nothing has, and trying again is safe.
 */
function unforeseen(thrown: unknown, isCommitted: boolean): Refused | Again | Unknown {
  const { message, advice, retryable, retryAfterMs: afterMs } = makingFailure(thrown);
  const reason = `An unexpected failure while sending: ${message}`;
  if (isCommitted) return { kind: "unknown", reason };
  if (!retryable) return { kind: "refused", reason, advice: advice ?? "Please report it. Nothing was sent." };
  return { kind: "again", reason, ...(advice !== null && { advice }), ...(afterMs !== null && { afterMs }) };
}

/** A refusal says little of the server: it may never have been asked. */
async function tellCircuit(server: DeliveryServer, outcome: Ending): Promise<void> {
  if (outcome.kind === "again" && outcome.isServerOut === true) await server.failed(outcome.reason);
  else if (outcome.kind === "sent") await server.succeeded();
}

/** In a fleet that is being deployed, the worker that planned it has another file. */
function withoutEntry(context: DeliveryContext, refused: Refused): Settlement {
  const nextAt = askOthersAt(context.run, context.worker);
  if (nextAt !== null) return unknownHere(context.delivery, "entry", nextAt);
  return settled(context, refused, null);
}

function removed({ delivery, run }: DeliveryAttempt, worker: WorkerContext): Settlement {
  const nextAt = askOthersAt(run, worker);
  if (nextAt !== null) return unknownHere(delivery, "report", nextAt);
  const reason = `The report ${run.report} is not in reports.yaml any more.`;
  return dropped(delivery, reason, "Put it back, or leave this delivery as it is.");
}
