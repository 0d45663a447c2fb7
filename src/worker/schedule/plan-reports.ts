import { ReportError } from "../../core/error.ts";
import type { Plan, TickClaim } from "../../core/model/plan.ts";
import type { Report, Schedule } from "../../core/model/report.ts";
import { showUtc } from "../../core/rules/due.ts";
import { count } from "../../core/rules/quantity.ts";
import {
  type ActivePlan,
  isActive,
  type ScheduleContext,
  tickClaim,
  writeClaims,
  writePlans,
} from "./claim-ticks.ts";
import { calculatorAt, type TickCalculator } from "./tick-calculator.ts";
import { isTick } from "./ticks.ts";

/**
 * Brings the ledger's plans in line with the file, at boot and when the file has changed:
 * - a new report, or one that returns, counts from now: there is nothing to catch up;
 * - a report whose schedule is as it was keeps its next tick: if that is past, it was missed, and will be claimed;
 * - a changed schedule counts from now; what the old one promised until now is claimed first;
 * - a report that is not in the file promises nothing any more, and what it missed before is not caught up.
 */
export async function planReports(
  context: ScheduleContext,
  reports: ReadonlyMap<string, Report>,
): Promise<void> {
  const calculator = calculatorAt(context.clock.now());
  const plans = new Map((await context.ledger.plans()).map((plan) => [plan.report, plan]));
  const fresh = [...reports.values()].filter((report) =>
    countsFromNow(report, plans.get(report.name), calculator),
  );
  await writeClaims(context, oldPromises(context, fresh, plans, calculator));
  const removed = [...plans.values()].filter((plan) => isActive(plan) && !reports.has(plan.report));
  await writePlans(context, [
    ...fresh.map(({ name, schedule }) => ({ report: name, ...schedule, nextAt: calculator.next(schedule) })),
    ...removed.map((plan) => ({ ...plan, nextAt: null })),
  ]);
}

/** Reports that have no plan (any more) count from now. */
export async function planMissing(
  context: ScheduleContext,
  reports: ReadonlyMap<string, Report>,
  plans: ReadonlyMap<string, unknown>,
): Promise<void> {
  const calculator = calculatorAt(context.clock.now());
  const missing = [...reports.values()].filter(({ name }) => !plans.has(name));
  const next = missing.map(({ name, schedule }) => ({
    report: name,
    ...schedule,
    nextAt: calculator.next(schedule),
  }));
  await writePlans(
    context,
    next.filter(({ nextAt }) => nextAt !== null),
  );
}

function countsFromNow({ schedule }: Report, plan: Plan | undefined, { now }: TickCalculator): boolean {
  if (plan === undefined || !isActive(plan) || !isSame(plan, schedule)) return true;
  // The rules of the zone have changed since (a newer Node): a promise that is not a tick any more gives way to one that is.
  return plan.nextAt > now && !isTick(schedule, plan.nextAt);
}

/** Ticks that the ledger promised by schedules that do not hold any more, with the new schedule's first tick to follow. */
function* oldPromises(
  { newId }: ScheduleContext,
  reports: readonly Report[],
  plans: ReadonlyMap<string, Plan>,
  calculator: TickCalculator,
): Generator<TickClaim> {
  for (const report of reports) {
    const plan = plans.get(report.name);
    if (plan === undefined || !isActive(plan) || plan.nextAt > calculator.now) continue;
    yield { ...tickClaim(plan, report, calculator, newId), nextAt: calculator.next(report.schedule) };
  }
}

function isSame(plan: Plan, schedule: Schedule): boolean {
  return plan.cron === schedule.cron && plan.timezone === schedule.timezone;
}

/** `second` counts the seconds that have really passed. */
export type SetBackWatch = (
  plans: Iterable<ActivePlan>,
  calculator: TickCalculator,
  second: number,
) => SetBack;

interface SetBack {
  /** The plans to be written again. */
  readonly believed: readonly ActivePlan[];
  /** What is to be said about reports that wait for nothing that this clock would say. */
  readonly warning: ReportError | null;
}

/** Short corrections, and a clock that is set right again, need no more than patience. */
const BELIEVED_AFTER_SECONDS = 10 * 60;

/** The clocks of two replicas are never quite the same: what passes within a minute is not worth a word. */
const SAID_AFTER_SECONDS = 60;

/** Plans are looked at this often at the least: the clock was set back no longer ago. */
const NOTICED_WITHIN_MS = 60_000;

/**
 * Ticks that were claimed by a clock that ran ahead have set the next one beyond what the clock says now. For ten minutes that is
 * left as it is, and said: until then either clock may be the wrong one. A clock that stays back is believed, or reports would be silent
 * for as long as the other one was ahead: the next tick is then the first one after it was set back. Ticks that have a row are
 * not claimed again all the same.
 */
export function watchSetBack(): SetBackWatch {
  let seen: { readonly at: Date; readonly second: number } | null = null;
  let isSaid = false;
  return (plans, calculator, second) => {
    const { now, next } = calculator;
    const ahead = [...plans].filter((plan) => {
      const tick = next(plan);
      return tick !== null && plan.nextAt > tick;
    });
    if (ahead.length === 0) {
      seen = null;
      isSaid = false;
    } else if (seen === null || seen.at > now)
      seen = { at: new Date(now.getTime() - NOTICED_WITHIN_MS), second };
    if (seen === null) return { believed: [], warning: null };
    const seconds = second - seen.second;
    if (seconds < BELIEVED_AFTER_SECONDS) {
      const isNew = seconds >= SAID_AFTER_SECONDS && !isSaid;
      isSaid ||= isNew;
      return { believed: [], warning: isNew ? waiting(ahead, calculator) : null };
    }
    const since = calculatorAt(seen.at);
    seen = null;
    isSaid = false;
    const believed = ahead.map((plan) => ({ ...plan, nextAt: since.next(plan) ?? plan.nextAt }));
    return { believed, warning: goingOn(believed) };
  };
}

/** Said in the log: without it, a report that does not come would be silent. */
function waiting(ahead: readonly ActivePlan[], { now, next }: TickCalculator): ReportError {
  const [first] = ahead;
  const tick = first && next(first);
  const example =
    first && tick
      ? `: ${first.report} waits for ${showUtc(first.nextAt)}, and by this clock (${showUtc(now)}) it would be due at ${showUtc(tick)}`
      : "";
  return new ReportError(
    `The clock was set back, or the rules of its ticks have changed, and ${reportCount(ahead)} not run meanwhile${example}.`,
    {
      code: "local",
      advice:
        "Nothing is run twice. Unless the clock is set forward again, it is believed ten minutes after the change, and what was due since then is caught up as catch_up says.",
    },
  );
}

function goingOn(believed: readonly ActivePlan[]): ReportError {
  const [first] = believed;
  const example = first ? `: ${first.report} with ${showUtc(first.nextAt)}` : "";
  return new ReportError(
    `The clock has stayed back for ten minutes and is believed now; ${believed.length === 1 ? "1 report goes" : `${count(believed.length)} reports go`} on by it${example}.`,
    { code: "local", advice: "Have the clock set by NTP." },
  );
}

function reportCount(plans: readonly ActivePlan[]): string {
  return plans.length === 1 ? "1 report is" : `${count(plans.length)} reports are`;
}
