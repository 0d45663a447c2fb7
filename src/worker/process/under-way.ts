import type { Settlement } from "../../core/model/entry.ts";
import { cancelledByPerson, stopping } from "../run/failure.ts";

/** What this process has in hand, so that a person can cancel a run with all that belongs to it. */
export interface UnderWay {
  /** `id`: of the run itself or of one of its deliveries. */
  enter(work: { readonly id: string; readonly runId: string }, ends: Ends): Entered;
  has(id: string): boolean;
  /**
   * What the ledger has in the hands of this process, from taking it until its end is written: also what broke off because
   * that could not be written. With it, for a delivery, the end that is still to be written.
   */
  readonly inHand: Map<string, Settlement | null>;
  cancel(runId: string): void;
  readonly size: number;
}

export interface Ends {
  /** This worker stops. */
  readonly stop: AbortSignal;
  /** It was taken for dead. */
  readonly lost: AbortSignal;
}

export interface Entered {
  /** Aborts with the ReportError that says why. */
  readonly signal: AbortSignal;
  leave(): void;
}

export function trackUnderWay(): UnderWay {
  const entries = new Map<string, { readonly runId: string; readonly own: AbortController }>();
  return {
    inHand: new Map(),
    get size() {
      return entries.size;
    },
    has: (id) => entries.has(id),
    enter({ id, runId }, { stop, lost }) {
      const own = new AbortController();
      const onStop = () => own.abort(stopping());
      stop.addEventListener("abort", onStop, { once: true });
      if (stop.aborted) onStop();
      const entry = { runId, own };
      entries.set(id, entry);
      return {
        signal: AbortSignal.any([own.signal, lost]),
        leave() {
          stop.removeEventListener("abort", onStop);
          if (entries.get(id) === entry) entries.delete(id);
        },
      };
    },
    cancel(runId) {
      for (const entry of entries.values()) if (entry.runId === runId) entry.own.abort(cancelledByPerson());
    },
  };
}
