import { ReportError } from "../../core/error.ts";
import type { Clock } from "../../core/ports/clock.ts";

const FIRST_WAIT_MS = 500;
/** A longer Retry-After is for the run's own retry: others can use the slot meanwhile. */
const RETRY_AFTER_MS_MAX = 10_000;
/** A Looker that lets its callers hang has had their patience with the first call. */
const RETRY_MS_MAX = 60_000;

interface RetryOptions {
  readonly attemptsMax?: number;
  /** Whether this failure, the `failures`-th, is one to try again after. */
  readonly again?: (error: ReportError, failures: number) => boolean;
}

/**
 * A call that may be made again without harm, and again where it failed temporarily: 429, 5xx, a dropped connection. Waits
 * 0.5 s, 1 s, 2 s, 4 s or as long as Looker asks, then gives the last failure back.
 */
export async function retry<T>(
  { clock, random }: { clock: Clock; random: () => number },
  signal: AbortSignal,
  attempt: () => Promise<T>,
  { attemptsMax = 5, again = ({ retryable }) => retryable }: RetryOptions = {},
): Promise<T> {
  const startedMs = clock.now().getTime();
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!(error instanceof ReportError) || !again(error, failures) || failures >= attemptsMax) throw error;
      const asked = error.retryAfterMs ?? 0;
      const isLate = clock.now().getTime() - startedMs > RETRY_MS_MAX;
      if (asked > RETRY_AFTER_MS_MAX || isLate) throw error;
      const backoff = FIRST_WAIT_MS * 2 ** (failures - 1) * (0.75 + random() / 2);
      await clock.sleep(Math.max(asked, backoff), signal);
    }
  }
}
