import type { Refusal } from "./outcome.ts";
import type { RunKey, RunKind, Trigger } from "./run.ts";

/** An attempt at a run or a delivery: its id, and the number of the attempt. */
export interface Fence {
  readonly id: string;
  readonly attempt: number;
}

export interface RunClaim extends RunKey {
  readonly id: string;
  readonly kind: RunKind;
  readonly trigger: Trigger;
  /** The command that alone may carry it out; null: any worker. */
  readonly reservedFor: string | null;
  readonly expectAt: Date | null;
  readonly at: Date;
}

/** What tells one entry of `deliver` or `on_failure` from the others, whatever its place in the list. */
export interface EntryKey {
  readonly kind: string;
  /** Who gets it, as the destination describes it. */
  readonly target: string;
  /** A hash of its address: two entries of one address have the same. */
  readonly identity: string;
  /** A hash of all that it says: address, words, files. */
  readonly entry: string;
}

export interface DeliveryPlan extends EntryKey {
  readonly id: string;
  readonly recipients: string;
}

export interface Postponed {
  readonly nextAt: Date;
  readonly reason: string;
  readonly advice: string | null;
  /** "again": it was tried and failed, and costs a try; "held": it was not tried. */
  readonly end: "again" | "held";
  /** The circuit of the server whose first success is to wake it; absent: it waits for the time alone. */
  readonly waitsFor?: string;
}

export interface RunEnd {
  readonly state: "skipped" | "failed" | "cancelled" | "interrupted";
  readonly reason: string;
  readonly advice: string | null;
}

/** How an attempt at a delivery ended, and what becomes of the delivery. Reasons are free of secrets. */
export type Settlement =
  | {
      readonly state: "sent";
      readonly externalId: string;
      readonly refused: readonly Refusal[];
      /** What is worth knowing though it was sent. */
      readonly reason: string | null;
      readonly bytes: number | null;
    }
  | {
      readonly state: "refused" | "gave_up" | "unknown" | "unsubscribed" | "cancelled";
      readonly reason: string;
      readonly advice: string | null;
      readonly bytes: number | null;
      /** It was refused for the credentials: the worker remembers that, the ledger does not. */
      readonly isLogin?: boolean;
    }
  | {
      readonly state: "waiting";
      readonly nextAt: Date;
      readonly reason: string;
      readonly advice: string | null;
      /** "again" and "unknown" cost a try; "sent" (to some, and it goes on with the others), "held" and "handed_back" do not. */
      readonly end: "again" | "unknown" | "sent" | "held" | "handed_back";
      /** Recipients still to be served where others were, with what is known of those; null: as it was. */
      readonly served: {
        readonly externalId: string;
        readonly remaining: readonly string[];
        readonly refused: readonly Refusal[];
      } | null;
      /** Whether it may have been delivered, by this attempt or one before. */
      readonly isUncertain: boolean;
      /** The circuit of the server whose first success is to wake it; absent: it waits for the time alone. */
      readonly waitsFor?: string;
    };
