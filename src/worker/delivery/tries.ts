import { type Budget, nextTry, type RetryDecision, type RetryPolicy } from "../../core/rules/retry.ts";
import { budgetOf } from "../run/budget.ts";
import type { DeliveryContext } from "./context.ts";

/** What a notice is tried at least, though its report is tried once. */
const NOTICE_RETRY: RetryPolicy = { triesMax: 6, overMs: 2 * 60 * 60_000 };

/** When this attempt, which failed, is followed by another; `afterMs`: how long the other side asked to wait. */
export function retryOf(context: DeliveryContext, afterMs: number | null): RetryDecision {
  const { delivery, takenAt, worker } = context;
  const tried = { tries: delivery.tries + 1, now: worker.clock.now(), afterMs };
  return nextTry(budget(context, delivery.triesSince ?? takenAt), tried, worker.random);
}

/** A notice matters however soon the next run is due. What a command leaves of it, a service goes on with. */
export function budget({ delivery, report, run, worker }: DeliveryContext, since: Date): Budget {
  if (delivery.purpose === "report") return budgetOf(report, run, since, worker);
  const policy = {
    triesMax: Math.max(report.retry.triesMax, NOTICE_RETRY.triesMax),
    overMs: Math.max(report.retry.overMs, NOTICE_RETRY.overMs),
  };
  return { policy, since, nextTick: null };
}
