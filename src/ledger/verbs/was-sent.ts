import type { Delivery } from "../../core/model/run.ts";

/** Whether recipients have something of it, or may have. */
export function isSent({ state, remaining }: Pick<Delivery, "state" | "remaining">): boolean {
  return state === "sent" || state === "unknown" || remaining !== null;
}

/** The same of run `r`. Also of one that was reopened and then skipped or cancelled: what its recipients have, they have. */
export const WAS_SENT = `EXISTS (SELECT 1 FROM deliveries AS d WHERE d.run_id = r.id AND d.purpose = 'report'
  AND (d.state IN ('sent', 'unknown') OR d.remaining IS NOT NULL))`;
