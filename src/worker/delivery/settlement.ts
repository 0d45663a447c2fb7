import type { ReportError } from "../../core/error.ts";
import type { Settlement } from "../../core/model/entry.ts";
import type { Again, Refusal, Refused, Sent, Unknown } from "../../core/model/outcome.ts";
import { type Delivery, LOSSES_MAX } from "../../core/model/run.ts";
import { contractFault } from "../../core/ports/destination.ts";
import { nextTry, type RetryDecision } from "../../core/rules/retry.ts";
import { asSentence, isHandBack } from "../run/failure.ts";
import type { DeliveryContext } from "./context.ts";
import { budget, retryOf } from "./tries.ts";

type GivenUp = Extract<RetryDecision, { kind: "give_up" }>;

const MAY_HAVE_ARRIVED = "It may have been delivered";
/** An unknown end is looked up this long after it, where that can be done: soon, and not before the other side has finished. */
const LOOK_UP_AFTER_MS = 2_000;

/** What the destination's outcome makes of the delivery. */
export function settled(
  context: DeliveryContext,
  outcome: Sent | Refused | Again | Unknown,
  bytes: number | null,
): Settlement {
  switch (outcome.kind) {
    case "sent":
      return sent(context, outcome, bytes);
    case "refused":
      return refused(context, outcome, bytes);
    case "again":
      return again(context, outcome.reason, outcome.afterMs ?? null, outcome.advice ?? null);
    default:
      return unknown(context, outcome.reason, bytes);
  }
}

/** It could not be tried: its files cannot be had, or somebody cancelled it. */
export function notTried(context: DeliveryContext, error: ReportError): Settlement {
  if (error.code === "cancelled") return handedBack(context, error);
  if (error.retryable) return again(context, error.message, error.retryAfterMs, error.advice);
  const advice = error.advice ?? "Look at the reason, then retry it.";
  return refused(context, { reason: error.message, advice }, null);
}

/** The worker stops, or was cancelled: the first goes on elsewhere at once, the second ends. */
export function handedBack(context: DeliveryContext, error: ReportError): Settlement {
  if (!isHandBack(error)) return dropped(context.delivery, error.message, error.advice);
  return waiting(context, context.worker.clock.now(), error.message, "handed_back");
}

/** It was looked up and is not there yet, and may still arrive. */
export function lookAgainAt(context: DeliveryContext, at: Date): Settlement {
  const reason = `${MAY_HAVE_ARRIVED} and is not there yet: it is looked up once more.`;
  return waiting(context, at, reason, "held");
}

/**
 * It was looked up and has surely not arrived: null where it may be sent again. Each time it was sent in vain was a try, and a
 * server that takes it and loses it must not be given it for ever.
 */
export function absent(context: DeliveryContext): Settlement | null {
  const { delivery, takenAt, worker } = context;
  const tried = { tries: delivery.tries, now: worker.clock.now(), afterMs: null };
  const decision = nextTry(budget(context, delivery.triesSince ?? takenAt), tried, worker.random);
  if (decision.kind === "again") return null;
  return gaveUp(certain(context), "It was sent, and never arrived.", decision, null);
}

/** The same delivery, now that it is known not to have arrived. */
export function certain(context: DeliveryContext): DeliveryContext {
  return { ...context, delivery: { ...context.delivery, isUncertain: false } };
}

/** Its workers died so often in a row that it may be what brings them down. */
export function hopeless(context: DeliveryContext): Settlement {
  const reason = `Its workers died ${LOSSES_MAX} times in a row while they were at it.`;
  const why = "it may be what ends them";
  return gaveUp(context, reason, { kind: "give_up", why }, "Look in the service's log for what ends it.");
}

/** It is not wanted any more. What some have, or may have, is not undone by that. */
export function dropped(delivery: Delivery, reason: string, advice: string | null): Settlement {
  if (delivery.remaining !== null) return sentToTheOthers(delivery, reason, false);
  if (!delivery.isUncertain) return { state: "cancelled", reason, advice, bytes: null };
  return { state: "unknown", reason: `${MAY_HAVE_ARRIVED} before: ${reason}`, advice, bytes: null };
}

/** Its destination broke its contract and says that it is out, or may be: a person has to look. */
export function notCommitted(context: DeliveryContext, outcome: Sent | Unknown): Settlement {
  const { kind } = context.delivery;
  const { message, advice } = contractFault(kind, `said "${outcome.kind}" without having committed`);
  const reason = `${message} ${MAY_HAVE_ARRIVED}.`;
  return { state: "unknown", reason, advice: resendAdvice(context, advice), bytes: null };
}

/** It could not be looked up. */
export function notFoundOut(context: DeliveryContext, error: ReportError): Settlement {
  const reason = `${MAY_HAVE_ARRIVED}, and could not be looked up: ${error.message}`;
  if (error.retryable) return again(context, reason, error.retryAfterMs, error.advice);
  return { state: "unknown", reason, advice: resendAdvice(context, error.advice), bytes: null };
}

/** It cannot be looked up. */
export function unknownForGood(context: DeliveryContext): Settlement {
  const { reason } = context.delivery;
  const words = reason === null ? `${MAY_HAVE_ARRIVED}.` : reason;
  return { state: "unknown", reason: words, advice: resendAdvice(context, null), bytes: null };
}

function sent(context: DeliveryContext, outcome: Sent, bytes: number | null): Settlement {
  const { delivery, worker } = context;
  const externalId = delivery.externalId ?? outcome.externalId;
  const before = delivery.refused.filter(({ permanent }) => permanent);
  const refused = [...before, ...outcome.refused];
  const done = { state: "sent", externalId, refused, reason: outcome.note ?? null, bytes } as const;
  const passing = outcome.refused.filter(({ permanent }) => !permanent);
  const rest = outcome.rest ?? [];
  const remaining = [...rest, ...passing.map(({ recipient }) => recipient)];
  const served = { externalId, remaining, refused: refused.filter(({ permanent }) => permanent) };
  if (rest.length > 0) {
    const reason = `Sent to some; ${rest.length === 1 ? "one more is served by a further message" : `${rest.length} more are served by further messages`}.`;
    return { ...waiting(context, worker.clock.now(), reason, "sent"), isUncertain: false, served };
  }
  if (passing.length === 0) return done;
  const decision = retryOf(context, null);
  if (decision.kind === "give_up") return done;
  const names = passing.map(({ recipient, reason }) => `${recipient}: ${reason}`).join("; ");
  const reason = `Sent to the others, and not taken for now for ${names}`;
  return { ...waiting(context, decision.at, reason, "again"), isUncertain: false, served };
}

function refused(
  context: DeliveryContext,
  { reason, advice, isLogin = false }: Omit<Refused, "kind">,
  bytes: number | null,
): Settlement {
  const { delivery } = context;
  if (delivery.remaining !== null) return sentToTheOthers(delivery, reason, true);
  // What may have arrived by an earlier attempt is not undone by a refusal of this one.
  if (delivery.isUncertain)
    return { state: "unknown", reason: `${MAY_HAVE_ARRIVED} before: ${reason}`, advice, bytes };
  return { state: "refused", reason, advice, bytes, ...(isLogin && { isLogin }) };
}

function again(
  context: DeliveryContext,
  reason: string,
  afterMs: number | null,
  advice: string | null,
): Settlement {
  const decision = retryOf(context, afterMs);
  if (decision.kind === "give_up") return gaveUp(context, reason, decision, advice);
  return { ...waiting(context, decision.at, reason, "again"), advice };
}

function unknown(context: DeliveryContext, reason: string, bytes: number | null): Settlement {
  const { delivery, report, worker } = context;
  const canBeFound = worker.adapters.destination(delivery.kind).find !== undefined;
  if (canBeFound) {
    const soon = new Date(worker.clock.now().getTime() + LOOK_UP_AFTER_MS);
    return { ...waiting(context, soon, reason, "unknown"), isUncertain: true };
  }
  // A report is sent again once: another end like this is for a person to look at. How often a notice is, is seen before it is sent.
  const isSentAgain =
    delivery.purpose !== "report" || (report.onUnknown === "resend" && !delivery.isUncertain);
  const decision = isSentAgain ? retryOf(context, null) : null;
  if (decision?.kind === "again")
    return { ...waiting(context, decision.at, reason, "unknown"), isUncertain: true };
  return { state: "unknown", reason, advice: resendAdvice(context, null), bytes };
}

export function gaveUp(
  context: DeliveryContext,
  reason: string,
  { why }: GivenUp,
  advice: string | null,
): Settlement {
  const { delivery, run } = context;
  if (delivery.remaining !== null) return sentToTheOthers(delivery, reason, false);
  const words = `${asSentence(reason)} It was given up, since ${why}.`;
  if (delivery.isUncertain)
    return { state: "unknown", reason: words, advice: resendAdvice(context, advice), bytes: null };
  const command =
    delivery.purpose === "report"
      ? `lookpost retry ${run.id} --failed-only`
      : `lookpost resend ${delivery.id}`;
  return {
    state: "gave_up",
    reason: words,
    advice: advice === null ? `To send it again: ${command}` : `${advice} Then: ${command}`,
    bytes: null,
  };
}

/** Some have it: the delivery is sent, and says for whom it was not. */
function sentToTheOthers(delivery: Delivery, reason: string, permanent: boolean): Settlement {
  const missed: Refusal[] = (delivery.remaining ?? []).map((recipient) => ({ recipient, reason, permanent }));
  return {
    state: "sent",
    externalId: delivery.externalId ?? "",
    refused: [...delivery.refused, ...missed],
    reason: null,
    bytes: delivery.bytes,
  };
}

type Waiting = Extract<Settlement, { state: "waiting" }>;

export function waiting(
  context: DeliveryContext,
  nextAt: Date,
  reason: string,
  end: Waiting["end"],
): Waiting {
  const { isUncertain } = context.delivery;
  return { state: "waiting", nextAt, reason, advice: null, end, served: null, isUncertain };
}

function resendAdvice({ delivery }: DeliveryContext, advice: string | null): string {
  const then = `Ask a recipient whether it came; if not: lookpost resend ${delivery.id}`;
  return advice === null ? then : `${advice} ${then}`;
}
