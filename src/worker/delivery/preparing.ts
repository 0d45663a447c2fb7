import type { Settlement } from "../../core/model/entry.ts";
import type { Again } from "../../core/model/outcome.ts";
import { heldSince } from "../run/budget.ts";
import type { DeliveryContext } from "./context.ts";
import { settled, waiting } from "./settlement.ts";

/** Longer than anything takes that a destination may have to fetch first. */
const PREPARING_MS_MAX = 3_600_000;

/** What it needs first is being fetched (`Again.isPreparing`). That is no failure, so that the next tick does not overtake it. */
export async function prepares(context: DeliveryContext, outcome: Again): Promise<Settlement> {
  const { delivery, takenAt, worker } = context;
  const since = heldSince(await worker.ledger.deliveryAttempts(delivery.id), takenAt);
  const at = new Date(worker.clock.now().getTime() + (outcome.afterMs ?? 0));
  if (at.getTime() > since.getTime() + PREPARING_MS_MAX) return settled(context, outcome, null);
  return { ...waiting(context, at, outcome.reason, "held"), advice: outcome.advice ?? null };
}
