import type { Outcome, Refusal } from "../../core/model/outcome.ts";
import type { Address } from "../address.ts";
import { allRefusedOutcome, type NoneTaken, type SmtpOutcome } from "./outcome.ts";

/**
 * Sends to the first part of the recipients that the server takes any of. Each message that is out is settled before the next: the
 * others are named as `rest`, and the worker comes again for them at once, so that a crash between two messages leaves nobody
 * unknown. A part that is refused as a whole is named, and the next one is asked; one that is too large is halved.
 */
export async function sendInParts(
  recipients: readonly Address[],
  recipientsMax: number,
  send: (part: readonly string[]) => Promise<SmtpOutcome>,
): Promise<Outcome> {
  const refusals: Refusal[] = [];
  let advice: string | null = null;
  let partMax = recipientsMax;
  const waiting = recipients.map(({ address }) => address);
  while (waiting.length > 0) {
    const part = waiting.splice(0, partMax);
    const outcome = await send(part);
    if (outcome.kind === "too_many" && part.length > 1) {
      partMax = Math.ceil(part.length / 2);
      waiting.unshift(...part);
    } else if (outcome.kind !== "none_taken") {
      return withOthers(outcome.kind === "too_many" ? outcome.failure : outcome, refusals, waiting);
    } else {
      if (part.length === recipients.length || isServerOut(outcome)) return outcome.failure;
      refusals.push(...refusalsOf(outcome, part));
      advice = outcome.failure.advice ?? advice;
    }
  }
  return allRefusedOutcome(refusals, advice);
}

function refusalsOf({ refusals, failure }: NoneTaken, part: readonly string[]): readonly Refusal[] {
  if (refusals.length > 0) return refusals;
  return part.map((recipient) => ({
    recipient,
    reason: failure.reason,
    permanent: failure.kind === "refused",
  }));
}

function isServerOut({ failure }: NoneTaken): boolean {
  return failure.kind === "again" && failure.isServerOut === true;
}

/** What became of one part, with what is known of those before and after it. */
function withOthers(outcome: Outcome, refusals: readonly Refusal[], after: readonly string[]): Outcome {
  if (outcome.kind === "unknown" && after.length > 0)
    return { ...outcome, reason: `${outcome.reason} It was not sent yet to ${after.join(", ")}.` };
  if (outcome.kind !== "sent") return outcome;
  const rest = [...(outcome.rest ?? []), ...after];
  const refused = [...refusals, ...outcome.refused];
  return rest.length > 0 ? { ...outcome, refused, rest } : { ...outcome, refused };
}
