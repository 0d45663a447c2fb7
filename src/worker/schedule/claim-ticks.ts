import { setImmediate as breathe } from "node:timers/promises";
import type { HeardTicks, Plan } from "../../core/model/plan.ts";
import type { Report } from "../../core/model/report.ts";
import type { Run } from "../../core/model/run.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import { pass } from "../process/crash-points.ts";
import { decideTicks } from "./catch-up.ts";
import type { Reckoning } from "./tick-calculator.ts";

/** What hearing ticks takes. */
export interface Hearing {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Told of the rows of each transaction after its commit: runs to be made, and ticks that were missed or skipped. */
  readonly heard: (runs: readonly Run[]) => void;
}

/** A plan that promises a tick. */
export type Promising = Plan & { readonly nextAt: Date };

const REPORTS_AT_ONCE_MAX = 1_000;
const ROWS_AT_ONCE_MAX = 2_000;

/** The plans of these reports as the ledger has them now: another replica may have heard ticks, a command made a pause. */
export async function readPlans(
  { ledger }: Hearing,
  reports: ReadonlyMap<string, Report>,
): Promise<Map<string, Promising>> {
  const plans = new Map<string, Promising>();
  for (const plan of await ledger.plans())
    if (reports.has(plan.report) && promises(plan)) plans.set(plan.report, plan);
  return plans;
}

/** A report that was paused and resumed before any service planned it has no crontab yet, and promises nothing. */
export function promises(plan: Plan): plan is Promising {
  return plan.nextAt !== null && plan.cron !== "";
}

/**
 * Decides about all ticks from the promised one until now. They are reckoned by the schedule that the ledger has, also where
 * this replica's file says another: that counts from `planReports` on, not before.
 */
export function hearTicks(
  plan: Promising,
  report: Report,
  { due, expectAt, next, now }: Reckoning,
  newId: () => string,
): HeardTicks {
  const runs = decideTicks({
    plan,
    catchUp: report.catchUp,
    due: due(plan, plan.nextAt),
    now,
    expectAt: (tick) => expectAt(tick, report.expectBy, plan.timezone),
    newId,
  });
  return { report: plan.report, heard: plan.nextAt, nextAt: next(plan), runs };
}

/**
 * Writes ticks, up to a thousand reports in a transaction, and lets others have a turn in between. Returns whether all rows are
 * ours: where another replica heard a tick first, or its row stands already, the ledger has to be read again.
 */
export async function writeTicks(hearing: Hearing, all: Iterable<HeardTicks>): Promise<boolean> {
  let isAllOurs = true;
  for (const ticks of inTransactions(all)) {
    const runs = await hearing.ledger.hear(ticks, hearing.clock.now());
    for (const run of runs) pass("tick_heard", run.id);
    if (runs.length > 0) hearing.heard(runs);
    if (runs.length < rowsOf(ticks)) isAllOurs = false;
    await breathe();
  }
  return isAllOurs;
}

function* inTransactions(all: Iterable<HeardTicks>): Generator<readonly HeardTicks[]> {
  let ticks: HeardTicks[] = [];
  let rows = 0;
  for (const one of all) {
    ticks.push(one);
    rows += one.runs.length;
    if (ticks.length < REPORTS_AT_ONCE_MAX && rows < ROWS_AT_ONCE_MAX) continue;
    yield ticks;
    ticks = [];
    rows = 0;
  }
  if (ticks.length > 0) yield ticks;
}

function rowsOf(ticks: readonly HeardTicks[]): number {
  return ticks.reduce((rows, { runs }) => rows + runs.length, 0);
}

type PlanWrite = Parameters<Ledger["plan"]>[0][number];

export async function writePlans({ ledger, clock }: Hearing, plans: readonly PlanWrite[]): Promise<void> {
  for (let first = 0; first < plans.length; first += REPORTS_AT_ONCE_MAX)
    await ledger.plan(plans.slice(first, first + REPORTS_AT_ONCE_MAX), clock.now());
}
