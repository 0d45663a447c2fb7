import { ReportError } from "../core/error.ts";
import type { Ledger } from "../core/ports/ledger.ts";

/** A ledger that remembers which of its verbs fail at the moment. */
export interface NotedLedger {
  readonly ledger: Ledger;
  /** Why a verb failed when it was last called, in words; null: all work. Another verb that works proves little: on a full disk small changes still fit. */
  failing(): string | null;
}

/** All that fails is called again within half a minute; what is not called any more says nothing of how the ledger is now. */
const COUNTS_MS = 60_000;

/** `nowMs`: on a clock that never goes back. */
export function noted(ledger: Ledger, nowMs: () => number = () => performance.now()): NotedLedger {
  const failures = new Map<string | symbol, { readonly reason: string; readonly atMs: number }>();
  const called = async (verb: string | symbol, call: () => unknown): Promise<unknown> => {
    try {
      const value = await call();
      failures.delete(verb);
      return value;
    } catch (thrown) {
      if (thrown instanceof ReportError) failures.set(verb, { reason: thrown.message, atMs: nowMs() });
      throw thrown;
    }
  };
  return {
    ledger: new Proxy(ledger, {
      get(target, verb) {
        const method: unknown = Reflect.get(target, verb);
        if (typeof method !== "function") return method;
        return (...values: unknown[]) => called(verb, () => method.apply(target, values));
      },
    }),
    failing() {
      const latest = [...failures.values()].filter(({ atMs }) => nowMs() - atMs < COUNTS_MS).at(-1);
      return latest?.reason ?? null;
    },
  };
}
