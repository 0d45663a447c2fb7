import type { RunKey, Trigger } from "./run.ts";

/** What the ledger keeps of a report's schedule, so that a boot finds what was missed. */
export interface Plan {
  readonly report: string;
  /** The crontab and zone that `nextAt` was calculated by. */
  readonly cron: string;
  readonly timezone: string;
  /** The next tick that is promised; null: none (the report is no longer in the file). */
  readonly nextAt: Date | null;
  readonly pausedAt: Date | null;
  /** A person's words. */
  readonly pauseReason: string | null;
}

/** What became of the ticks of one report up to now. Taken only if the ledger's `nextAt` is still `promised`. */
export interface TickClaim {
  readonly report: string;
  /** The `nextAt` that the decision was made by. */
  readonly promised: Date;
  /** The next one that is promised from now on. */
  readonly nextAt: Date | null;
  readonly runs: readonly TickRun[];
}

/** A tick as a row in the ledger: a run to be made, or one that says why there is none. */
export interface TickRun extends RunKey {
  readonly id: string;
  readonly trigger: Trigger;
  readonly expectAt: Date | null;
  /** Null: it is to be run. */
  readonly end: { readonly state: "missed" | "skipped"; readonly reason: string } | null;
}
