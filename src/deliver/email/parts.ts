import type { Outcome, Refusal } from "../../core/model/outcome.ts";
import type { Address } from "../address.ts";
import { allRefusedOutcome, type SmtpOutcome } from "./outcome.ts";

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
    const rest = addresses.slice(at + recipientsMax);
    if (outcome.kind === "none_taken") {
      if (refusals.length === 0 && rest.length === 0) return outcome.failure;
      refusals.push(...outcome.refusals);
      advice = outcome.failure.advice ?? advice;
      if (outcome.failure.kind === "again" && outcome.failure.isServerOut === true) return outcome.failure;
      continue;
    }
    if (outcome.kind === "sent") {
      const left = [...(outcome.rest ?? []), ...rest];
      return {
        ...outcome,
        refused: [...refusals, ...outcome.refused],
        ...(left.length > 0 ? { rest: left } : {}),
      };
    }
    if (outcome.kind === "unknown" && rest.length > 0)
      return { ...outcome, reason: `${outcome.reason} It was not sent yet to ${rest.join(", ")}.` };
    return outcome;
  }
  return allRefusedOutcome(refusals, advice);
}
