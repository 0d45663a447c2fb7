import { ReportError } from "../../core/error.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import { HOLD_AFTER_MS, type OwnerRole } from "../../core/ports/owners.ts";

/** This process's right to act under one name in the ledger, from signing in until it stops or is taken for dead. */
export interface Lease {
  readonly owner: string;
  /** Aborts once the process was taken for dead, with a retryable ReportError `cancelled`: others go on with what it had. */
  readonly signal: AbortSignal;
  /**
   * Throws ReportError `cancelled` where no beat was confirmed lately. A process that was stopped for a while and continued
   * (SIGSTOP, a suspended machine) meets this before any timer of it could run.
   */
  confirm(): void;
}

export interface Leases {
  current(): Lease;
  /** One beat. After it the lease is confirmed, or another one. Rejects where the ledger cannot be written. */
  beat(): Promise<void>;
}

export interface LeaseOptions {
  readonly ledger: Ledger;
  readonly role: OwnerRole;
  readonly newOwner: () => string;
  readonly now: () => Date;
  /** Milliseconds on a clock that goes on while the process is stopped, and never back. */
  readonly monotonicMs: () => number;
}

interface Held {
  readonly lease: Lease;
  readonly lost: AbortController;
  confirmedMs: number;
  /** The same by the wall clock. */
  confirmedAtMs: number;
}

/** Signs this process in. A process that was taken for dead and lives signs in again under another name: its old fences stay down. */
export async function openLease(options: LeaseOptions): Promise<Leases> {
  const { ledger, role, newOwner, now, monotonicMs } = options;
  const signIn = async (): Promise<Held> => {
    const owner = newOwner();
    // Before the call: while the ledger writes it down, the deadline of others runs already.
    const confirmedMs = monotonicMs();
    const confirmedAtMs = now().getTime();
    await ledger.signIn(owner, role, now());
    const lost = new AbortController();
    const lease: Lease = {
      owner,
      signal: lost.signal,
      confirm() {
        if (lost.signal.aborted) throw lost.signal.reason;
        // A suspended machine stops one clock, and a clock that is set moves the other: whichever says more counts.
        const awayMs = Math.max(monotonicMs() - held.confirmedMs, now().getTime() - held.confirmedAtMs);
        if (awayMs > HOLD_AFTER_MS) throw standstill();
      },
    };
    const held: Held = { lease, lost, confirmedMs, confirmedAtMs };
    return held;
  };
  let held = await signIn();
  return {
    current: () => held.lease,
    async beat() {
      const askedMs = monotonicMs();
      const askedAtMs = now().getTime();
      if (await ledger.beat(held.lease.owner, now())) {
        held.confirmedMs = askedMs;
        held.confirmedAtMs = askedAtMs;
        return;
      }
      held.lost.abort(takenForDead());
      held = await signIn();
    },
  };
}

export function isConfirmed(lease: Lease): boolean {
  try {
    lease.confirm();
    return true;
  } catch {
    return false;
  }
}

function standstill(): ReportError {
  return new ReportError("This worker stood still for a while; another may have gone on with it.", {
    code: "cancelled",
    retryable: true,
  });
}

function takenForDead(): ReportError {
  return new ReportError("This worker gave no sign of life for a while; others go on with what it had.", {
    code: "cancelled",
    advice:
      "It has signed in again by itself. Look for what held it up: SIGSTOP, a suspended machine, too little CPU.",
    retryable: true,
  });
}
