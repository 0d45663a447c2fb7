import { ReportError } from "../../core/error.ts";
import type { Report } from "../../core/model/report.ts";
import { duration } from "../../core/rules/quantity.ts";

/** What a run is at. */
export type Stage = "queries" | "pictures" | "files";

/** One attempt at a run, as far as its time goes. */
export interface Attempt {
  /** Aborts at the report's timeout, at shutdown, and once the attempt has ended, however it did: nothing goes on after it. */
  readonly signal: AbortSignal;
  /** What is left of the report's timeout, in milliseconds. */
  leftMs(): number;
  /** From now on it is at this: the words of a timeout say so. */
  is(stage: Stage): void;
}

/** Runs `work` under the report's timeout: what is still open then is cancelled, and the run fails saying what it was. */
export async function inTime<T>(
  { timeoutMs }: Report,
  signal: AbortSignal,
  work: (attempt: Attempt) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const endsAt = performance.now() + timeoutMs;
  let stage: Stage = "queries";
  const timer = setTimeout(() => over.abort(tooSlow(stage, timeoutMs)), timeoutMs);
  try {
    return await work({
      signal: AbortSignal.any([signal, over.signal]),
      leftMs: () => Math.max(0, endsAt - performance.now()),
      is: (now) => {
        stage = now;
      },
    });
  } finally {
    clearTimeout(timer);
    over.abort(ended());
  }
}

/**
 * All of it at once. The first failure aborts the others, and is thrown once none of them is under way any more; where `signal` aborts,
 * its reason is.
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

function tooSlow(stage: Stage, timeoutMs: number): ReportError {
  const limit = duration(timeoutMs);
  if (stage === "queries") {
    return new ReportError(`Its queries did not finish within ${limit} and were cancelled.`, {
      code: "timeout",
      limitMs: timeoutMs,
      advice: `Give the report a longer \`timeout:\`, or make the query faster: filter it, or let Looker cache it.`,
    });
  }
  const what =
    stage === "pictures"
      ? "Its queries finished, and its pictures were not drawn"
      : "Its queries finished, and its files were not made";
  return new ReportError(`${what} within ${limit}.`, {
    code: "timeout",
    limitMs: timeoutMs,
    retryable: true,
    advice: "Give the report a longer `timeout:`, or attach less: fewer rows, no pdf or png.",
  });
}

function ended(): ReportError {
  return new ReportError("The attempt has ended.", { code: "cancelled" });
}
