import type { Outcome, Refusal } from "../../core/model/outcome.ts";
import type { Address } from "../address.ts";
import { allRefusedOutcome, type NoneTaken, type SmtpOutcome } from "./outcome.ts";

/**
 * Sends to the first part of the recipients that the server takes any of. Each message that is out is settled before the next: the
 * others are named as `rest`, and the worker comes again for them at once, so that a crash between two messages leaves nobody
 * unknown. A part that is refused as a whole is named, and the next one is asked.
 */
export async function sendInParts(
  recipients: readonly Address[],
  recipientsMax: number,
  send: (part: readonly string[]) => Promise<SmtpOutcome>,
): Promise<Outcome> {
  const refusals: Refusal[] = [];
  let advice: string | null = null;
  const addresses = recipients.map(({ address }) => address);
  for (let at = 0; at < addresses.length; at += recipientsMax) {
    const outcome = await send(addresses.slice(at, at + recipientsMax));
    if (outcome.kind !== "none_taken")
      return withOthers(outcome, refusals, addresses.slice(at + recipientsMax));
    if (addresses.length <= recipientsMax || isServerOut(outcome)) return outcome.failure;
    refusals.push(...outcome.refusals);
    advice = outcome.failure.advice ?? advice;
  }
  return allRefusedOutcome(refusals, advice);
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
