import { abortable } from "../../core/abortable.ts";
import type { Looker } from "../http/client.ts";

interface Kept<T> {
  readonly at: number;
  readonly answer: Promise<T>;
}

/** Asks; or gives the answer that another has asked for under the same key. The signal ends only the caller's own waiting. */
export type Briefly<T> = (
  looker: Looker,
  key: string,
  signal: AbortSignal,
  ask: () => Promise<T>,
) => Promise<T>;

/**
 * Asks each Looker once within `keptMs` for all who want the same. `ask` has no signal, since others may wait for it too: the
 * time limit of each request ends it. A failure is not kept.
 */
export function keptBriefly<T>(keptMs: number, keptMax: number): Briefly<T> {
  const ofLookers = new WeakMap<Looker, Map<string, Kept<T>>>();
  return async (looker, key, signal, ask) => {
    signal.throwIfAborted();
    const kept = ofLookers.get(looker) ?? new Map<string, Kept<T>>();
    ofLookers.set(looker, kept);
    const now = looker.clock.now().getTime();
    const known = kept.get(key);
    if (known !== undefined && now - known.at < keptMs) return abortable(known.answer, signal);
    if (kept.size >= keptMax) kept.clear();
    const answer = ask();
    kept.set(key, { at: now, answer });
    answer.catch(() => kept.delete(key));
    return abortable(answer, signal);
  };
}
