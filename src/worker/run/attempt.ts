import { ReportError } from "../../core/error.ts";
import type { Report } from "../../core/model/report.ts";
import type { Run } from "../../core/model/run.ts";
import type { Spool } from "../../core/ports/spool.ts";
import { duration } from "../../core/rules/quantity.ts";

/** A run that is made now, for the first time or once more. */
export interface RunContext {
  readonly run: Run;
  /** As reports.yaml has it; within an attempt with its early templates filled. */
  readonly report: Report;
  /** The process's name in the ledger. */
  readonly owner: string;
  /** Aborts with the ReportError that says why; within an attempt, once that has ended too, however it did. */
  readonly signal: AbortSignal;
}

/** One attempt at making a run: where it keeps its files, and how long it may take. */
export interface AttemptContext extends RunContext {
  readonly spool: Spool;
  readonly deadline: Deadline;
}

/** What a run is at. */
type RunPhase = "queries" | "pictures" | "files";

export interface Deadline {
  /** What is left of the report's timeout, in milliseconds. */
  leftMs(): number;
  /** From now on the run is at this: the words of a timeout say so. */
  enter(phase: RunPhase): void;
}

/**
 * Runs `work` under what is left of the report's timeout, in milliseconds. What is still open when it passes is cancelled, and the run
 * fails saying what it was; once `work` has ended, however it did, nothing of it goes on.
 */
export async function inTime<T>(
  { timeoutMs }: Report,
  leftMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal, deadline: Deadline) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const endsAt = performance.now() + leftMs;
  let phase: RunPhase = "queries";
  const timer = setTimeout(() => over.abort(tooSlow(phase, timeoutMs)), leftMs);
  const deadline: Deadline = {
    leftMs: () => Math.max(0, endsAt - performance.now()),
    enter: (next) => {
      phase = next;
    },
  };
  try {
    return await work(AbortSignal.any([outer, over.signal]), deadline);
  } finally {
    clearTimeout(timer);
    over.abort(ended());
  }
}

/**
 * All of it at once. The first failure aborts the others, and is thrown once none of them is under way any more; where `signal` aborts,
 * its reason is thrown.
 */
export async function allOrNone<T, R>(
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T, index: number, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const failures: unknown[] = [];
  const settled = await Promise.allSettled(
    items.map(async (item, index) => {
      try {
        return await work(item, index, either);
      } catch (thrown) {
        failures.push(thrown);
        failed.abort(thrown);
        throw thrown;
      }
    }),
  );
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
  return settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

function tooSlow(phase: RunPhase, timeoutMs: number): ReportError {
  const limit = duration(timeoutMs);
  if (phase === "queries") {
    return new ReportError(`Its queries did not finish within ${limit} and were cancelled.`, {
      code: "timeout",
      limitMs: timeoutMs,
      advice: `Give the report a longer \`timeout:\`, or make the query faster: filter it, or let Looker cache it.`,
    });
  }
  const what =
    phase === "pictures"
      ? "Its queries finished, and its pictures were not drawn"
      : "Its queries finished, and its files were not made";
  return new ReportError(`${what} within ${limit}.`, {
    code: "timeout",
    limitMs: timeoutMs,
    advice: "Give the report a longer `timeout:`, or attach less: fewer rows, no pdf or png.",
  });
}

/** There was nothing left of the time when it was its turn. */
export function tooLate(report: Report): ReportError {
  return new ReportError(`Its timeout of ${duration(report.timeoutMs)} was over before the next try.`, {
    code: "timeout",
    limitMs: report.timeoutMs,
    advice: "Give the report a longer `timeout:`.",
  });
}

function ended(): ReportError {
  return new ReportError("The attempt has ended.", { code: "cancelled" });
}
