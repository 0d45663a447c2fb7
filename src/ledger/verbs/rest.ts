import { type Attempt, lostInARow, restAfterLosses } from "../../core/model/run.ts";

/** How long work is left alone that may be what its workers died of. */
interface Rest {
  readonly until: Date;
  readonly reason: string;
}

/** `attempts` are all of them, the one lost now included. Null: it is taken again at once. */
export function restOf(attempts: readonly Attempt[], at: Date): Rest | null {
  const losses = lostInARow(attempts);
  const restMs = restAfterLosses(losses);
  if (restMs === 0) return null;
  return {
    until: new Date(at.getTime() + restMs),
    reason: `The worker that had it died, ${losses} times in a row: it rests for a while.`,
  };
}
