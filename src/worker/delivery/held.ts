import type { Settlement } from "../../core/model/entry.ts";
import type { Again } from "../../core/model/outcome.ts";
import type { Delivery } from "../../core/model/run.ts";
import { holdUntil } from "../../core/rules/retry.ts";
import { heldSince } from "../run/budget.ts";
import type { DeliveryContext } from "./context.ts";
import { gaveUp, settled, waiting } from "./settlement.ts";
import { budget } from "./tries.ts";

/* What waits without having been tried: no try is used up. */

/** The server is known to be out. */
export async function heldBack(
  context: DeliveryContext,
  { until, reason }: { until: Date; reason: string },
): Promise<Settlement> {
  const { delivery } = context;
  const decision = holdUntil(budget(context, delivery.triesSince ?? (await waitsSince(context))), until);
  if (decision.kind === "again") return waiting(context, decision.at, reason, "held");
  return gaveUp(context, reason, decision, null);
}

/** The server has its hands full with others. They get through, and so will this. */
export function waitsForOthers(context: DeliveryContext, { reason, afterMs }: Again): Promise<Settlement> {
  return heldBack(context, { until: after(context, afterMs), reason });
}

/** Longer than anything takes that a destination may have to fetch first. */
const PREPARING_MS_MAX = 3_600_000;

/** What it needs first is being fetched (`Again.isPreparing`). That is no failure, so that the next tick does not overtake it. */
export async function prepares(context: DeliveryContext, outcome: Again): Promise<Settlement> {
  const since = await waitsSince(context);
  const at = after(context, outcome.afterMs);
  if (at.getTime() > since.getTime() + PREPARING_MS_MAX) return settled(context, outcome, null);
  return { ...waiting(context, at, outcome.reason, "held"), advice: outcome.advice ?? null };
}

/** It was woken before its time, and its server is out after all. */
export function wokenInVain(context: DeliveryContext, at: Date, reason: string): Settlement {
  return waiting(context, at, reason, "held");
}

/** The report, or its entry, is not in this worker's file, and may be in another's. */
export function unknownHere({ isUncertain }: Delivery, what: "report" | "entry", nextAt: Date): Settlement {
  const reason = `Its ${what} is not in this worker's reports.yaml; another's may have it.`;
  return { state: "waiting", nextAt, reason, advice: null, end: "held", served: null, isUncertain };
}

async function waitsSince({ delivery, takenAt, worker }: DeliveryContext): Promise<Date> {
  return heldSince(await worker.ledger.deliveryAttempts(delivery.id), takenAt);
}

function after({ worker }: DeliveryContext, ms = 0): Date {
  return new Date(worker.clock.now().getTime() + ms);
}
