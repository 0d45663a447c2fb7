import type { Promising } from "./claim-ticks.ts";
import { type Reckoning, reckonAt } from "./tick-calculator.ts";

/** Short corrections, and a clock that is set right again, need no more than patience. */
const BELIEVED_AFTER_SECONDS = 10 * 60;

/** Plans are looked at this often at the least: the clock was set back no longer ago. */
const NOTICED_WITHIN_MS = 60_000;

/** Returns the plans to be written anew; `second` counts the seconds that have really passed. */
export type SetBackWatch = (
  plans: Iterable<Promising>,
  reckoning: Reckoning,
  second: number,
) => readonly Promising[];

/**
 * Ticks that were heard by a clock that ran ahead have set the next one beyond what the clock says now. That stands for ten
 * minutes: until then either clock may be the wrong one. A clock that stays back is believed, or reports would be silent
 * for as long as the other one was ahead: the next tick is then the first one after it was set back. Ticks
 * that have a row are not heard again all the same.
 */
export function watchSetBack(): SetBackWatch {
  let seen: { readonly at: Date; readonly second: number } | null = null;
  return (plans, { now, next }, second) => {
    const ahead = [...plans].filter((plan) => {
      const tick = next(plan);
      return tick !== null && plan.nextAt > tick;
    });
    if (ahead.length === 0) seen = null;
    else if (seen === null || seen.at > now)
      seen = { at: new Date(now.getTime() - NOTICED_WITHIN_MS), second };
    if (seen === null || second - seen.second < BELIEVED_AFTER_SECONDS) return [];
    const since = reckonAt(seen.at);
    seen = null;
    return ahead.map((plan) => ({ ...plan, nextAt: since.next(plan) ?? plan.nextAt }));
  };
}
