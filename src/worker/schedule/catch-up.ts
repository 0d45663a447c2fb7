import type { Plan, TickRun } from "../../core/model/plan.ts";
import type { Report } from "../../core/model/report.ts";
import { showLocal } from "../../core/rules/due.ts";
import { count } from "../../core/rules/quantity.ts";

/** A tick claimed this late is still on time: a busy machine or a restart is no outage. */
const ON_TIME_MS = 60_000;

/** How many missed ticks `catch_up: all` runs. */
export const CAUGHT_UP_MAX = 25;

/** How many ticks that are not run get a row each; the oldest of these tells of those before. */
export const MISSED_ROWS_MAX = 25;

/** The ticks of a schedule that were found due, the latest ones one by one. */
export interface DueTicks {
  /** Newest first, at most CAUGHT_UP_MAX + MISSED_ROWS_MAX, and those on time beyond that. */
  readonly latest: readonly Date[];
  /** How many there are before these. */
  readonly earlier: number;
  /** Counting them was given up: there are more than `earlier`. */
  readonly isEarlierMore: boolean;
}

export interface Decision {
  /** The plan that promised the ticks: its zone and its pause count, and its `nextAt` is where they begin. */
  readonly plan: Plan;
  readonly catchUp: Report["catchUp"];
  readonly due: DueTicks;
  readonly now: Date;
  readonly expectAt: (tick: Date) => Date | null;
  readonly newId: () => string;
}

/**
 * What becomes of the ticks of one report that are due by now, oldest first. On time, a tick is run whatever `catch_up`
 * says. Older ones were missed: of these `latest` runs the last one unless one on time has overtaken it, `all` the last 25,
 * `none` none; the others become rows that say why they were not run. While the report is paused, none is run.
 */
export function decideTicks(decision: Decision): readonly TickRun[] {
  const { due, plan, now } = decision;
  if (plan.pausedAt !== null) return notRun(decision, due.latest, "skipped", pauseWords(plan));
  const isOnTime = (tick: Date) => now.getTime() - tick.getTime() <= ON_TIME_MS;
  const onTime = due.latest.filter(isOnTime);
  const missed = due.latest.filter((tick) => !isOnTime(tick));
  const caughtUp = missed.slice(0, caughtUpMax(decision, onTime.length));
  const left = missed.slice(caughtUp.length);
  return [
    ...notRun(decision, left, "missed", missedWords(decision)),
    ...toRun(decision, caughtUp, "catch_up"),
    ...toRun(decision, onTime, "schedule"),
  ];
}

function caughtUpMax({ catchUp }: Decision, onTime: number): number {
  if (catchUp === "all") return CAUGHT_UP_MAX;
  return catchUp === "latest" && onTime === 0 ? 1 : 0;
}

function toRun(
  { plan, expectAt, newId }: Decision,
  ticks: readonly Date[],
  trigger: TickRun["trigger"],
): TickRun[] {
  // A tick that is run late keeps the time by which it was expected: its owner should be told that it is late.
  return ticks.toReversed().map((dueAt) => ({
    id: newId(),
    report: plan.report,
    dueAt,
    burst: "",
    trigger,
    expectAt: expectAt(dueAt),
    end: null,
  }));
}

function notRun(
  decision: Decision,
  newestFirst: readonly Date[],
  state: "missed" | "skipped",
  reason: string,
): TickRun[] {
  const { plan, now, newId } = decision;
  const rows = newestFirst.slice(0, MISSED_ROWS_MAX).reverse();
  const summary = earlierWords(decision, newestFirst.length - rows.length);
  return rows.map((dueAt, index) => ({
    id: newId(),
    report: plan.report,
    dueAt,
    burst: "",
    trigger: now.getTime() - dueAt.getTime() <= ON_TIME_MS ? "schedule" : "catch_up",
    expectAt: null,
    end: { state, reason: index === 0 ? reason + summary : reason },
  }));
}

function pauseWords({ pausedAt, pauseReason, timezone }: Plan): string {
  const on = pausedAt === null ? "" : ` on ${showLocal(pausedAt, timezone)}`;
  return `The report was paused${on}${pauseReason === null ? "" : `: ${pauseReason}`}.`;
}

function missedWords({ catchUp }: Decision): string {
  const missed =
    "The worker was not running when it was due (or could not write its ledger, or the clock jumped)";
  if (catchUp === "none") return `${missed}, and the report is not caught up (catch_up: none).`;
  if (catchUp === "latest") return `${missed}; a later tick was run instead (catch_up: latest).`;
  return `${missed}; only the latest ${CAUGHT_UP_MAX} missed ticks were run (catch_up: all).`;
}

function earlierWords({ due, plan }: Decision, beyondRows: number): string {
  const more = beyondRows + due.earlier;
  if (more === 0 && !due.isEarlierMore) return "";
  const since = plan.nextAt === null ? "" : ` since ${showLocal(plan.nextAt, plan.timezone)}`;
  return ` The same goes for ${tickCount(more, due.isEarlierMore)} before it${since}.`;
}

function tickCount(ticks: number, isMore: boolean): string {
  if (ticks === 0) return "all ticks";
  if (isMore) return `more than ${count(ticks)} ticks`;
  return ticks === 1 ? "1 tick" : `${count(ticks)} ticks`;
}
