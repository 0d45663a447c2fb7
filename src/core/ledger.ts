import type { Outcome } from "./outcome.ts";
import type { Delivery, Run, RunKey, SectionRecord, Trigger } from "./run.ts";

/**
 * What was due, what ran, what was sent. Every verb is one transaction; identity comes from unique keys, never from a
 * look beforehand. All verbs reject with ReportError `local` when the store cannot be read or written.
 */
export interface Ledger {
  /** Inserts the run, or returns null because its key stands already. */
  claimRun(claim: RunClaim): Promise<Run | null>;
  /** planned -> running under `owner`; null where it is not planned any more. */
  startRun(id: string, owner: string, at: Date): Promise<Run | null>;
  recordTask(runId: string, section: number, title: string, taskId: string): Promise<void>;
  recordSection(runId: string, record: SectionRecord): Promise<void>;
  /**
   * running -> delivering, with the deliveries written before anything is sent. Unique by (run, kind, target,
   * recipients): those that stand already are returned as they are.
   */
  planDeliveries(
    runId: string,
    plans: readonly DeliveryPlan[],
    rows: number,
    at: Date,
  ): Promise<readonly Delivery[]>;
  /** pending -> sending, one attempt more; null where it is not to be sent (any more). */
  startDelivery(id: string, at: Date): Promise<Delivery | null>;
  /** Writes what became of it. With the last one the run ends too, and is returned. */
  settleDelivery(id: string, settled: Settlement, at: Date): Promise<Run | null>;
  /** Ends a run that has nothing (more) to deliver. Does nothing to a run that has ended. */
  endRun(id: string, end: RunEnd, at: Date): Promise<void>;

  /** Says that `owner` lives. */
  beat(owner: string, role: OwnerRole, at: Date): Promise<void>;
  /** Latest beat of a service that has not signed off, or null. */
  lastServiceBeat(): Promise<Date | null>;
  /** Removes the owner: it has stopped in good order. */
  signOff(owner: string): Promise<void>;
  /**
   * What dead owners (no beat since `deadline`) left under way: their runs become cut_short, what was being sent becomes
   * unknown, what was not yet sent cut_short. Returns the runs.
   */
  sweep(deadline: Date, at: Date): Promise<readonly Run[]>;

  run(id: string): Promise<Run | null>;
  findRun(key: RunKey): Promise<Run | null>;
  /** Newest first. */
  runs(filter: { report?: string; limit: number }): Promise<readonly Run[]>;
  delivery(id: string): Promise<Delivery | null>;
  deliveries(runId: string): Promise<readonly Delivery[]>;
  sections(runId: string): Promise<readonly SectionRecord[]>;
  /** How long this section of the report took when it last came back, in milliseconds; null if never. */
  lastTookMs(report: string, section: number): Promise<number | null>;
  close(): Promise<void>;
}

/** What a process is: the service, or a command that runs beside it for a while. */
export type OwnerRole = "service" | "command";

/** How often an owner beats. */
export const BEAT_MS = 10_000;

/** An owner that has not beaten for this long is taken for dead: several beats, so that a busy disk is no death. */
export const DEAD_AFTER_MS = 6 * BEAT_MS;

export interface RunClaim extends RunKey {
  readonly id: string;
  readonly trigger: Trigger;
  /** The process that answers for it until another takes it. */
  readonly owner: string;
  readonly at: Date;
}

export interface DeliveryPlan {
  readonly id: string;
  readonly kind: string;
  readonly target: string;
  readonly recipients: string;
}

export interface Settlement {
  readonly outcome: Outcome | { readonly kind: "cut_short"; readonly reason: string };
  readonly bytes: number | null;
}

export interface RunEnd {
  readonly state: "skipped" | "failed" | "cut_short";
  readonly reason: string;
  readonly advice: string | null;
}
