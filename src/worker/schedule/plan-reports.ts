import type { HeardTicks, Plan } from "../../core/model/plan.ts";
import type { Report, Schedule } from "../../core/model/report.ts";
import { type Hearing, hearTicks, promises, writePlans, writeTicks } from "./claim-ticks.ts";
import { type Reckoning, reckonAt } from "./tick-calculator.ts";
import { isTick } from "./ticks.ts";

/**
 * Brings the ledger's plans in line with the file, at boot and when the file has changed:
 * - a new report, or one that returns, counts from now: there is nothing to catch up;
 * - a report whose schedule is as it was keeps its next tick: if that is past, it was missed, and will be heard;
 * - a changed schedule counts from now; what the old one promised until now is heard first;
 * - a report that is not in the file promises nothing any more, and what it missed before is not caught up.
 */
export async function planReports(hearing: Hearing, reports: ReadonlyMap<string, Report>): Promise<void> {
  const reckoning = reckonAt(hearing.clock.now());
  const plans = new Map((await hearing.ledger.plans()).map((plan) => [plan.report, plan]));
  const fresh = [...reports.values()].filter((report) =>
    countsAnew(report, plans.get(report.name), reckoning),
  );
  await writeTicks(hearing, oldPromises(hearing, fresh, plans, reckoning));
  const removed = [...plans.values()].filter((plan) => promises(plan) && !reports.has(plan.report));
  await writePlans(hearing, [
    ...fresh.map(({ name, schedule }) => ({ report: name, ...schedule, nextAt: reckoning.next(schedule) })),
    ...removed.map((plan) => ({ ...plan, nextAt: null })),
  ]);
}

/** Reports that have no plan (any more) count from now. */
export async function planMissing(
  hearing: Hearing,
  reports: ReadonlyMap<string, Report>,
  plans: ReadonlyMap<string, unknown>,
): Promise<void> {
  const reckoning = reckonAt(hearing.clock.now());
  const missing = [...reports.values()].filter(({ name }) => !plans.has(name));
  const next = missing.map(({ name, schedule }) => ({
    report: name,
    ...schedule,
    nextAt: reckoning.next(schedule),
  }));
  await writePlans(
    hearing,
    next.filter(({ nextAt }) => nextAt !== null),
  );
}

function countsAnew({ schedule }: Report, plan: Plan | undefined, { now }: Reckoning): boolean {
  if (plan === undefined || !promises(plan) || !isSame(plan, schedule)) return true;
  // The rules of the zone have changed since (a newer Node): a promise that is no tick any more gives way to one that is.
  return plan.nextAt > now && !isTick(schedule, plan.nextAt);
}

/** Ticks that the ledger promised by schedules that do not hold any more, with the new schedule's first tick to follow. */
function* oldPromises(
  { newId }: Hearing,
  reports: readonly Report[],
  plans: ReadonlyMap<string, Plan>,
  reckoning: Reckoning,
): Generator<HeardTicks> {
  for (const report of reports) {
    const plan = plans.get(report.name);
    if (plan === undefined || !promises(plan) || plan.nextAt > reckoning.now) continue;
    yield { ...hearTicks(plan, report, reckoning, newId), nextAt: reckoning.next(report.schedule) };
  }
}

function isSame(plan: Plan, schedule: Schedule): boolean {
  return plan.cron === schedule.cron && plan.timezone === schedule.timezone;
}
