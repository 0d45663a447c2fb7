import { ReportError } from "../../core/error.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Ledger } from "../../core/ports/ledger.ts";

const AGAIN_FIRST_MS = 200;
const AGAIN_MAX_MS = 5_000;
/** How long a worker that stops still tries to write down what it knows. */
const LAST_WORDS_MS = 5_000;

export interface RetryDeps {
  readonly clock: Clock;
  /** Aborts when the process ends. */
  readonly ending: AbortSignal;
  readonly trouble: (thrown: unknown) => void;
}

/**
 * The ledger as the pipeline uses it: a verb that fails for a passing reason (its server restarts, its disk is full) is called
 * again until it works, for what has happened outside must not be forgotten while this process lives. Each verb is one transaction
 * with unique keys and fences: called again after a lost reply, it changes nothing.
 */
export function retryingLedger(ledger: Ledger, deps: RetryDeps): Ledger {
  return new Proxy(ledger, {
    get(target, verb) {
      const method: unknown = Reflect.get(target, verb);
      if (typeof method !== "function") return method;
      return (...values: unknown[]) => retry(() => method.apply(target, values), deps);
    },
  });
}

async function retry<T>(call: () => Promise<T>, { clock, ending, trouble }: RetryDeps): Promise<T> {
  let endsAtMs = Number.POSITIVE_INFINITY;
  for (let waitMs = AGAIN_FIRST_MS; ; waitMs = Math.min(waitMs * 2, AGAIN_MAX_MS)) {
    try {
      return await call();
    } catch (thrown) {
      const passes = thrown instanceof ReportError && thrown.retryable;
      const nowMs = clock.now().getTime();
      if (ending.aborted) endsAtMs = Math.min(endsAtMs, nowMs + LAST_WORDS_MS);
      if (!passes || nowMs >= endsAtMs) throw thrown;
      trouble(thrown);
      await clock.sleep(ending.aborted ? AGAIN_FIRST_MS : waitMs);
    }
  }
}
