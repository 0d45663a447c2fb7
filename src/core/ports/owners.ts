import type { Run } from "../model/run.ts";

/** What a process is: the service, or a command that runs next to it for a while. */
export type OwnerRole = "service" | "command";

/** How often an owner beats. */
export const BEAT_MS = 5_000;

/** An owner that has not beaten for this long is considered dead: several beats, so that a busy disk kills no one. */
export const DEAD_AFTER_MS = 3 * BEAT_MS;

/**
 * A process that has not had a beat confirmed for this long sends nothing more: well before others consider it dead, since
 * stopped (SIGSTOP, a suspended machine) and continued it would not know what they did meanwhile.
 */
export const HOLD_AFTER_MS = 2 * BEAT_MS;

export interface Owners {
  signIn(owner: string, role: OwnerRole, at: Date): Promise<void>;
  /** Says that `owner` lives; false where it is no longer signed in: it was considered dead. On a server its own clock counts, not `at`. */
  beat(owner: string, at: Date): Promise<boolean>;
  /** It stops in good order. What it still has in hand is handed back. */
  signOff(owner: string, at: Date): Promise<void>;
  /** Owners that are dead and have something in hand which `sweep` would free: what it is about to do, without doing it. */
  deadOwners(dead: Dead, at: Date): Promise<readonly string[]>;
  /** Latest beat of a service that has not signed off, or null. */
  lastServiceBeat(): Promise<Date | null>;
  /**
   * Frees what silent owners left: runs in hand -> planned, deliveries being sent -> waiting, and uncertain where they were
   * committed; due at once, or after `restAfterLosses` (a run then waits). Their attempts end as lost. Trials of dead commands end as
   * interrupted. Returns the runs touched.
   */
  sweep(dead: Dead, at: Date): Promise<readonly Run[]>;
  /**
   * What exists of a query that several runs of one tick ask for alike, or that was begun by a worker that died: "mine": create the
   * task and say so with shareTask; "task": poll that one; "wait": another owner is at it.
   */
  claimTask(key: string, owner: string, at: Date): Promise<TaskClaim>;
  /** The task exists at Looker. It counts even where the claim was lost meanwhile, unless another has one by now. */
  shareTask(key: string, owner: string, taskId: string): Promise<void>;
  /**
   * The task is of no use, or no longer: the next one creates another. Null: `owner` gives its claim back without a task. Does
   * nothing where another task, or another's claim, exists by now.
   */
  dropTask(key: string, owner: string, taskId: string | null): Promise<void>;
  /** One of `slotsMax` slots that all workers share, or null where none is free. Freed too when the owner dies or signs off. */
  takeSlot(pool: string, slotsMax: number, owner: string): Promise<number | null>;
  releaseSlot(pool: string, slot: number, owner: string): Promise<void>;
}

export interface Dead {
  /** Owners without a beat for this long are dead. */
  readonly silentMs: number;
  /** Every service but this one is dead: this one holds the lock of an embedded ledger. Null where there is no such lock. */
  readonly onlyService: string | null;
}

export type TaskClaim =
  | { readonly kind: "mine" }
  | { readonly kind: "wait" }
  | { readonly kind: "task"; readonly taskId: string; readonly since: Date };

/** How long a query's task is shared: Looker keeps results for about an hour (API 4.0, query tasks). */
export const TASK_SHARED_MS = 30 * 60_000;
