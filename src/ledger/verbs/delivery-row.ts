import type { Delivery } from "../../core/model/run.ts";
import { ms, toDelivery } from "../rows.ts";
import { json, one, run, type Steps } from "../steps.ts";

/** Writes all of a delivery that can change but its attempts. Its row, or that of its run, is locked. */
export function* writeDelivery(delivery: Delivery): Steps<void> {
  yield* run(
    `UPDATE deliveries SET state = ?, owner = ?, tries = ?, tries_since = ?, next_at = ?, is_uncertain = ?, uncertain_since = ?,
       remaining = ?, external_id = ?, reason = ?, advice = ?, refused = ?, bytes = ?, planned_at = ?, settled_at = ?
     WHERE id = ?`,
    delivery.state,
    delivery.owner,
    delivery.tries,
    ms(delivery.triesSince),
    ms(delivery.nextAt),
    delivery.isUncertain ? 1 : 0,
    ms(delivery.uncertainSince),
    delivery.remaining === null ? null : json(delivery.remaining),
    delivery.externalId,
    delivery.reason,
    delivery.advice,
    json(delivery.refused),
    delivery.bytes,
    ms(delivery.plannedAt),
    ms(delivery.settledAt),
    delivery.id,
  );
}

/** Any settled delivery -> pending, with new tries. Where some of the recipients have it already, only the others are served. */
export function* openDelivery(settled: Delivery, reservedFor: string | null, at: Date): Steps<Delivery> {
  const keepsServed = settled.state !== "sent" && settled.remaining !== null;
  yield* writeDelivery({
    ...settled,
    ...(keepsServed ? {} : { remaining: null, externalId: null, refused: [] }),
    state: "pending",
    owner: null,
    tries: 0,
    triesSince: null,
    nextAt: null,
    isUncertain: false,
    uncertainSince: null,
    reason: null,
    advice: null,
    plannedAt: at,
    settledAt: null,
  });
  const row = yield* one(
    "UPDATE deliveries SET reserved_for = ? WHERE id = ? RETURNING *",
    reservedFor,
    settled.id,
  );
  return toDelivery(row ?? {});
}

/** Whether recipients have something of it, or may have. */
export function isSent({ state, remaining }: Pick<Delivery, "state" | "remaining">): boolean {
  return state === "sent" || state === "unknown" || remaining !== null;
}

/** The same of run `r`. Also of one that was reopened and then skipped or cancelled: what its recipients have, they have. */
export const WAS_SENT = `EXISTS (SELECT 1 FROM deliveries AS d WHERE d.run_id = r.id AND d.purpose = 'report'
  AND (d.state IN ('sent', 'unknown') OR d.remaining IS NOT NULL))`;
