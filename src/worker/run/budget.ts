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

/**
 * Until when it would have waited, where the success of another woke it and its server turns out to be out after all: such a try costs
 * nothing, or a server that answers one of ten would use up the tries of the nine. Null: its time had come.
 */
export function wokenTooEarly(
  { wokenFrom }: Pick<Run, "wokenFrom">,
  { clock }: Pick<WorkerContext, "clock">,
): Date | null {
  return wokenFrom !== null && wokenFrom > clock.now() ? wokenFrom : null;
}

/** Since when something has been held back without a try: the beginning of the latest attempts that cost none. */
export function heldSince(attempts: readonly Attempt[], takenAt: Date): Date {
  const free = attempts.findLastIndex(({ end }) => end !== null && !COSTS_NOTHING.has(end));
  return attempts[free + 1]?.startedAt ?? takenAt;
}

/**
 * When the report's `timeout:` ends the run, waits included: so long after its first try, which is at its tick unless it was caught up, had
 * to wait for its turn, or was reopened. After a worker that stopped or died it begins again: meanwhile the run was in no hands. Null: only
 * its tries count.
 */
export function deadlineOf(
  { timeoutFrom, timeoutMs }: Pick<Report, "timeoutFrom" | "timeoutMs">,
  { reopenings, triesSince }: Pick<Run, "reopenings" | "triesSince">,
  attempts: readonly Attempt[],
): Date | null {
  if (timeoutFrom === "tries") return null;
  const left = attempts.findLastIndex(({ end }) => end === "lost" || end === "handed_back");
  const reopenedAt = reopenings > 0 ? Number(triesSince) : 0;
  const first = attempts.find(({ startedAt }, index) => index > left && Number(startedAt) >= reopenedAt);
  return first === undefined ? null : new Date(first.startedAt.getTime() + timeoutMs);
}

/**
 * How much of the report's `timeout:` a run has used up in earlier attempts since it was begun, or reopened by a person. The waits between
 * them are limited by `retry:`; how long a worker that died had been at it, no one knows.
 */
export function timeUsed({ triesSince }: Pick<Run, "triesSince">, attempts: readonly Attempt[]): number {
  const before = attempts.findLastIndex(({ end }) => end !== null && !COSTS_NOTHING.has(end));
  const own = attempts.filter(({ startedAt }, index) =>
    triesSince === null ? index > before : startedAt >= triesSince,
  );
  return own
    .filter(({ end }) => end === "again" || end === "handed_back")
    .reduce(
      (ms, { startedAt, endedAt }) => ms + Math.max(0, Number(endedAt ?? startedAt) - Number(startedAt)),
      0,
    );
}

const COSTS_NOTHING: ReadonlySet<Attempt["end"]> = new Set(["held", "handed_back", "lost"]);

/** How long workers with different files may live side by side. */
const DEPLOY_MS_MAX = 10 * 60_000;
const ASK_AGAIN_MS = 10_000;

/**
 * When another worker may be asked for a report that is not in this one's file, or null where no other can have it: while a fleet
 * is being deployed, the files of its workers differ.
 */
export function askOthersAt(
  run: Pick<Run, "claimedAt">,
  { isOnlyService, role, clock }: Pick<WorkerContext, "isOnlyService" | "role" | "clock">,
): Date | null {
  const now = clock.now().getTime();
  const isYoung = now - run.claimedAt.getTime() < DEPLOY_MS_MAX;
  return !isOnlyService && role === "service" && isYoung ? new Date(now + ASK_AGAIN_MS) : null;
}
