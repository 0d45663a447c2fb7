import { setImmediate as breathe } from "node:timers/promises";
import type { Plan, TickClaim } from "../../core/model/plan.ts";
import type { Report } from "../../core/model/report.ts";
import type { Run } from "../../core/model/run.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import { crashPoint } from "../process/crash-points.ts";
import { decideTicks } from "./catch-up.ts";
import type { TickCalculator } from "./tick-calculator.ts";

/** What it takes to claim ticks. */
export interface ScheduleContext {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Told of the rows of each transaction after its commit: runs to be made, and ticks that were missed or skipped. */
  readonly claimed: (runs: readonly Run[]) => void;
}

/** A plan that promises a tick. */
export type ActivePlan = Plan & { readonly nextAt: Date };

const REPORTS_AT_ONCE_MAX = 1_000;
const ROWS_AT_ONCE_MAX = 2_000;

/** The plans of these reports as the ledger has them now: another replica may have claimed ticks, a command made a pause. */
export async function readPlans(
  { ledger }: ScheduleContext,
  reports: ReadonlyMap<string, Report>,
): Promise<Map<string, ActivePlan>> {
  const plans = new Map<string, ActivePlan>();
  for (const plan of await ledger.plans())
    if (reports.has(plan.report) && isActive(plan)) plans.set(plan.report, plan);
  return plans;
}

/** A report that was paused and resumed before any service planned it has no crontab yet, and promises nothing. */
export function isActive(plan: Plan): plan is ActivePlan {
  return plan.nextAt !== null && plan.cron !== "";
}

/**
 * Decides about all ticks from the promised one until now. They are calculated by the schedule that the ledger has, even where
 * this replica's file has another one: that counts from `planReports` on, not before.
 */
export function tickClaim(
  plan: ActivePlan,
  report: Report,
  { due, expectAt, next, now }: TickCalculator,
  newId: () => string,
): TickClaim {
  const runs = decideTicks({
    plan,
    catchUp: report.catchUp,
    due: due(plan, plan.nextAt),
    now,
    expectAt: (tick) => expectAt(tick, report.expectBy, plan.timezone),
    newId,
  });
  return { report: plan.report, promised: plan.nextAt, nextAt: next(plan), runs };
}

/**
 * Writes ticks, up to a thousand reports in a transaction, and lets others have a turn in between. Returns whether all rows are
 * ours: where another replica claimed a tick first, or its row exists already, the ledger has to be read again.
 */
export async function writeClaims(context: ScheduleContext, all: Iterable<TickClaim>): Promise<boolean> {
  let isAllOurs = true;
  for (const claims of inTransactions(all)) {
    const runs = await context.ledger.claimTicks(claims, context.clock.now());
    for (const run of runs) crashPoint("tick_claimed", run.id);
    if (runs.length > 0) context.claimed(runs);
    if (runs.length < rowsOf(claims)) isAllOurs = false;
    await breathe();
  }
  return isAllOurs;
}

function* inTransactions(all: Iterable<TickClaim>): Generator<readonly TickClaim[]> {
  let claims: TickClaim[] = [];
  let rows = 0;
  for (const claim of all) {
    claims.push(claim);
    rows += claim.runs.length;
    if (claims.length < REPORTS_AT_ONCE_MAX && rows < ROWS_AT_ONCE_MAX) continue;
    yield claims;
    claims = [];
    rows = 0;
  }
  if (claims.length > 0) yield claims;
}

function rowsOf(claims: readonly TickClaim[]): number {
  return claims.reduce((rows, { runs }) => rows + runs.length, 0);
}

type PlanWrite = Parameters<Ledger["plan"]>[0][number];

export async function writePlans(
  { ledger, clock }: ScheduleContext,
  plans: readonly PlanWrite[],
): Promise<void> {
  for (let first = 0; first < plans.length; first += REPORTS_AT_ONCE_MAX)
    await ledger.plan(plans.slice(first, first + REPORTS_AT_ONCE_MAX), clock.now());
}
