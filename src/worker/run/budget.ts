import type { Report } from "../../core/model/report.ts";
import type { Attempt, Run } from "../../core/model/run.ts";
import type { Budget } from "../../core/rules/retry.ts";
import type { WorkerContext } from "../process/context.ts";
import { tickAfter } from "../schedule/ticks.ts";

const ONCE = { triesMax: 1, overMs: 0 };

/**
 * How long a run, or one of its deliveries, may be tried again from its first try at `since`. A command tries once: a person
 * is watching. A run of the schedule is overtaken by the report's next tick; one that a person asked for is not.
 */
export function budgetOf(
  report: Report,
  run: Run,
  since: Date,
  { role }: Pick<WorkerContext, "role">,
): Budget {
  if (role === "command") return { policy: ONCE, since, nextTick: null };
  const nextTick = run.trigger === "manual" ? null : tickAfter(report.schedule, since);
  return { policy: report.retry, since, nextTick };
}

/** Since when something has been held back without a try: the beginning of the latest attempts that cost none. */
export function heldSince(attempts: readonly Attempt[], takenAt: Date): Date {
  const free = attempts.findLastIndex(({ end }) => end !== null && !COSTS_NOTHING.has(end));
  return attempts[free + 1]?.startedAt ?? takenAt;
}

const COSTS_NOTHING: ReadonlySet<Attempt["end"]> = new Set(["held", "handed_back", "lost"]);
