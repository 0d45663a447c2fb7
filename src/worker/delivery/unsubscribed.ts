import type { Settlement } from "../../core/model/entry.ts";
import { sameRecipient } from "../../core/model/unsubscription.ts";
import { listed } from "../../core/rules/quantity.ts";
import type { DeliveryContext } from "./context.ts";
import type { FoundEntry } from "./entries.ts";
import { dropped } from "./settlement.ts";

/** Whom an attempt at a delivery is for. */
export interface Staying {
  /** As `DeliveryTerms.only`. */
  readonly only: readonly string[] | null;
  /** Said with the delivery once it is sent: who does not get it; null: nobody is left out. */
  readonly note: string | null;
}

/**
 * The recipients without those who have unsubscribed, asked for at each attempt; "none" where that leaves nobody. Notices of `on_failure`
 * are for a report's operators, and go to them all the same.
 */
export async function stayingOf(context: DeliveryContext, { to }: FoundEntry): Promise<Staying | "none"> {
  const { delivery, run, worker } = context;
  const { remaining } = delivery;
  const unchanged = { only: remaining, note: null };
  if (delivery.purpose !== "report") return unchanged;
  const { kind, options } = to.destination;
  const left = (await worker.ledger.unsubscribed(run.report)).filter((one) => one.kind === kind);
  if (left.length === 0) return unchanged;
  const since = new Map(left.map(({ recipient, at }) => [recipient, at]));
  const sinceOf = (recipient: string) => since.get(sameRecipient(recipient)) ?? null;
  const all = worker.adapters.destination(kind).recipients(options);
  const toServe = remaining ?? all;
  const staying = toServe.filter((recipient) => sinceOf(recipient) === null);
  if (staying.length === 0 && toServe.length > 0) return "none";
  // One who was served by an earlier attempt and unsubscribed then has got it.
  const without = all.filter((recipient) => {
    const at = sinceOf(recipient);
    return at !== null && (toServe.includes(recipient) || at <= delivery.plannedAt);
  });
  if (without.length === 0) return unchanged;
  return { only: staying, note: `Not sent to ${listed(without)}, who unsubscribed.` };
}

/** What becomes of a delivery that nobody wants any more. */
export function unwanted({ delivery }: DeliveryContext): Settlement {
  const isServed = delivery.remaining !== null;
  const who = isServed ? "All who had not got it yet" : "All of its recipients";
  const reason = `${who} have unsubscribed.`;
  const advice = "`lookpost recipients` lists them, and --lift has it sent to them again.";
  if (isServed)
    return {
      state: "sent",
      externalId: delivery.externalId ?? "",
      refused: delivery.refused,
      reason,
      bytes: null,
    };
  if (delivery.isUncertain) return dropped(delivery, reason, advice);
  return { state: "unsubscribed", reason, advice, bytes: null };
}
