import type { Attempt, Delivery, Run, RunKey, SectionRecord } from "../model/run.ts";

/** How many runs of a report went wrong in a row. */
export interface Streak {
  readonly runs: number;
  /** When the first of them was due; null for none. */
  readonly since: Date | null;
}

/** What the ledger is asked and does not change: one statement each. */
export interface Reads {
  run(id: string): Promise<Run | null>;
  findRun(key: RunKey): Promise<Run | null>;
  /** Newest first, by due date and then by claim. */
  runs(filter: { report?: string; limit: number }): Promise<readonly Run[]>;
  runAttempts(runId: string): Promise<readonly Attempt[]>;
  delivery(id: string): Promise<Delivery | null>;
  /** The run's streak by its schedule: since the last run before it that was delivered, or delivered in time. Itself included. */
  streak(run: Pick<Run, "report" | "dueAt">, kind: "failed" | "late"): Promise<Streak>;
  /** The ticks of its report that were found missed together with this one, oldest first. */
  missedWith(run: Pick<Run, "report" | "claimedAt">): Promise<readonly Run[]>;
  /** All purposes, in the order they were planned. */
  deliveries(runId: string): Promise<readonly Delivery[]>;
  deliveryAttempts(deliveryId: string): Promise<readonly Attempt[]>;
  sections(runId: string): Promise<readonly SectionRecord[]>;
  /** How long this section of the report took when it last came back, in milliseconds; null if never. */
  lastTookMs(report: string, section: number): Promise<number | null>;
}
