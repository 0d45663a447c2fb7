import type { DeliveryPlan, Fence, Postponed, RunClaim, RunEnd, Settlement } from "../model/entry.ts";
import type { Link, Point, Recalled, Remembered } from "../model/memory.ts";
import type { Plan, TickClaim } from "../model/plan.ts";
import type { Delivery, Run, SectionRecord } from "../model/run.ts";
import type { Work } from "../model/work.ts";
import type { Circuit } from "../rules/circuit.ts";
import type { Reads } from "./ledger-reads.ts";
import type { Note } from "./notebook.ts";
import type { Notices } from "./notices.ts";
import type { OwnerRole, Owners } from "./owners.ts";
import type { Unsubscriptions } from "./unsubscriptions.ts";

/**
 * What was due, what ran, what was sent. Every verb is one transaction; identity comes from unique keys, never from a
 * look beforehand. Verbs that end an attempt take its fence and do nothing (null) where a later attempt has begun or the
 * thing has ended. All reject with ReportError: `local` when the store cannot be read or written, `unavailable` (retryable)
 * when its server does not answer.
 */
export interface Ledger
  extends Ticks,
    Runs,
    Deliveries,
    Owners,
    Memory,
    Links,
    Unsubscriptions,
    Notes,
    Upkeep,
    Reads {
  close(): Promise<void>;
}

/** Gets the work in the transaction that made it, or right after its commit. */
export type Announce = (work: readonly Work[]) => void;

/** The schedules, and the ticks that have come. */
export interface Ticks {
  /** All of them, paused and removed ones included. */
  plans(): Promise<readonly Plan[]>;
  /** Writes schedule and next tick of new, changed and removed (`nextAt` null) reports. Leaves pauses as they are. */
  plan(plans: readonly Pick<Plan, "report" | "cron" | "timezone" | "nextAt">[], at: Date): Promise<void>;
  /**
   * Writes each report's ticks and its next one, all reports in one transaction, where no one else has yet (`promised` is
   * compared). Returns the rows that were inserted: a tick whose key exists already is left as it is.
   */
  claimTicks(claims: readonly TickClaim[], at: Date): Promise<readonly Run[]>;
  /** False where it was paused already. The report needs no plan yet. */
  pause(report: string, reason: string | null, at: Date): Promise<boolean>;
  /** The ticks since the pause are not caught up: the next one is `nextAt`. False where it was not paused. */
  resume(report: string, nextAt: Date, at: Date): Promise<boolean>;
}

export interface Runs {
  /** Inserts a run that a person asks for (or a test), or returns null because its key exists already. */
  claimRun(claim: RunClaim): Promise<Run | null>;
  /**
   * planned, or waiting and due -> running, one attempt more. Null where it is not to be taken: in hand already, reserved for
   * another, ended, asked to be cancelled, or it counts as a tick and an older one of the report that does is planned or running, or
   * has a delivery that is pending or being sent: what is made before that is settled would be compared with the run before. One that
   * waits for its next try holds up no other.
   */
  takeRun(id: string, owner: string, at: Date): Promise<Run | null>;
  recordTask(runId: string, section: number, title: string, taskId: string): Promise<void>;
  recordSection(runId: string, record: SectionRecord): Promise<void>;
  /**
   * running -> delivering, with the deliveries written before anything is sent. Unique by (run, purpose, kind, target,
   * recipients): those that exist already are left as they are. Returns those that are not settled.
   */
  planDeliveries(
    fence: Fence,
    plans: readonly DeliveryPlan[],
    rows: number,
    at: Date,
  ): Promise<readonly Delivery[] | null>;
  /** running -> waiting until `nextAt`. */
  postponeRun(fence: Fence, postponed: Postponed, at: Date): Promise<Run | null>;
  /** running -> planned: the worker stops, another goes on. The attempt costs no try. */
  handBackRun(fence: Fence, at: Date): Promise<Run | null>;
  /** running -> ended. A bad end announces the work "failed", and one that ends a streak that was told of "recovered". */
  endRun(fence: Fence, end: RunEnd, at: Date): Promise<Run | null>;
  /**
   * Asks for a run to be cancelled. One that no worker has in hand ends at once, with its deliveries not yet under way; another is
   * ended by its worker. Returns the run as it is then; null where there is no such run or it has ended.
   */
  cancelRun(id: string, reason: string, at: Date): Promise<Run | null>;
  /** Runs that someone asked to cancel while `owner` has them, or a delivery of theirs, in hand. */
  cancelsAsked(owner: string): Promise<readonly string[]>;
  /**
   * Reopens an ended run, with new tries. "failed_only": its failed deliveries (refused, gave_up, cancelled) with the files that
   * were made -> pending; "from_start": it is planned, and asks Looker again; deliveries that are sent or unknown stay as they are
   * in both. Null where it has not ended, or nothing of it is to be done again.
   */
  reopenRun(
    id: string,
    how: "failed_only" | "from_start",
    reservedFor: string | null,
    at: Date,
  ): Promise<Run | null>;
}

export interface Deliveries extends Notices {
  /** pending, or waiting and due -> sending, one attempt more. Null where it is not to be taken. */
  takeDelivery(id: string, owner: string, at: Date): Promise<Delivery | null>;
  /**
   * From now on the message may have arrived. An attempt that is lost before this leaves nothing uncertain. False where the fence
   * does not hold: then it must not be sent.
   */
  commitDelivery(fence: Fence, at: Date): Promise<boolean>;
  /**
   * Writes how the attempt ended. With the last delivery of its purpose "report" the run ends too, and is returned; a bad end
   * announces the work "failed". Null where the fence does not hold.
   */
  settleDelivery(
    fence: Fence,
    settled: Settlement,
    at: Date,
  ): Promise<{ readonly delivery: Delivery; readonly ended: Run | null } | null>;
  /** What this attempt left waiting need not wait any longer. Does nothing where a later attempt has begun, or the delivery is due. */
  hastenDelivery(fence: Fence, at: Date): Promise<void>;
  /** Any settled delivery -> pending, to be sent again because a person asks for it, whatever became of it. Null where there is none or it is under way. */
  resendDelivery(id: string, reservedFor: string | null, at: Date): Promise<Delivery | null>;
}

/** What runs leave for later ones. */
export interface Memory {
  /**
   * Keeps these under the run; those of its earlier attempts are replaced. Its points count once something of the run is sent. Of
   * trials and repeats nothing is ever recalled, and no point counts: what they keep is for themselves. What older runs of the report kept
   * under the same names, and no run will be compared with again, is deleted. False where the fence does not hold.
   */
  remember(fence: Fence, kept: readonly Remembered[], at: Date): Promise<boolean>;
  /**
   * What the report's latest run kept under the name: of those that count as a tick and were due before `dueBefore` of which something was
   * sent, or may have been (a delivery that is sent or unknown, or that some of its recipients have). Null where there is none.
   */
  recall(report: string, name: string, dueBefore: Date): Promise<Recalled | null>;
  /** What this very run kept under the name, whatever became of it. */
  kept(runId: string, name: string): Promise<Recalled | null>;
  /**
   * The latest `limit` that count, oldest first. Of one date the value of the run with the latest tick counts, before imported ones.
   * Beyond POINTS_MAX the oldest are gone.
   */
  points(report: string, metric: string, limit: number): Promise<readonly Point[]>;
  /** Whether a past was imported for it. */
  isImported(report: string, metric: string): Promise<boolean>;
}

/** Addresses that recipients are given. */
export interface Links {
  offerLink(link: Link): Promise<void>;
  /** Null where there is none, or it has expired. */
  link(tokenHash: string, at: Date): Promise<Link | null>;
}

/** What destinations keep between attempts (core/ports/notebook.ts): a book for each kind. */
export interface Notes {
  /** Those of these names that there are, in no order. */
  notes(book: string, names: readonly string[], at: Date): Promise<readonly Note[]>;
  /** See `Notebook.write`. */
  writeNote(
    book: string,
    note: Pick<Note, "name" | "text">,
    over: number | null,
    at: Date,
  ): Promise<number | null>;
}

/** What gets through to a server. */
export interface ServerTraffic {
  /** When it last took a message, to within some seconds; null: never. */
  readonly servedAt: Date | null;
  /** Deliveries of this kind that other workers have under way: "committed" where the server has had one in whole or is about to. */
  readonly others: "none" | "begun" | "committed";
}

export interface Upkeep {
  /** What is due by `at` and free for `owner` to take, oldest due first. Only what is reserved for it, for a command. */
  work(owner: string, role: OwnerRole, at: Date, limit: number): Promise<readonly Work[]>;
  circuits(): Promise<readonly Circuit[]>;
  saveCircuit(circuit: Circuit): Promise<void>;
  /** The server has taken a message at this moment. */
  servedBy(server: string, at: Date): Promise<void>;
  /** Whether messages get through to the server of a destination `kind`: those of any worker, but for what `owner` has under way. */
  traffic(server: string, kind: string, owner: string): Promise<ServerTraffic>;
  /** What waits for its next try is due now: all runs, where `runs` says so, and the deliveries of these destinations. */
  hasten(what: { readonly runs: boolean; readonly deliveries: readonly string[] }, at: Date): Promise<void>;
  /** The server answers again: its circuit is closed, and what waits for it (`waitsFor`) is due at once, `wokenFrom` its time. */
  closeCircuit(name: string, at: Date): Promise<void>;
  /** Deletes ended runs with all that belongs to them, at most `limit` in one go; returns how many. */
  prune(endedBefore: Date, limit: number): Promise<number>;
  /** Gives the space of deleted rows back to the disk, where the store does not do so by itself. */
  compact(): Promise<void>;
  /**
   * Looks for damage that no verb has met yet, as often as is worth it: to be called with each beat. Where it finds some, the ledger is lost, and
   * every verb rejects. A database server sees to that itself.
   */
  inspect(): Promise<void>;
}
