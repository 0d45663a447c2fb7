import type { Attempt, Delivery, Run } from "../../core/model/run.ts";
import { DEAD_AFTER_MS } from "../../core/ports/owners.ts";
import type { ReadableLedger } from "../../core/ports/readable-ledger.ts";

/** The ledger as it is about to be. */
export interface FreedView {
  readonly ledger: ReadableLedger;
  /** Ids of the runs read so far that have lost their worker. */
  readonly freed: ReadonlySet<string>;
}

/**
 * The ledger as the next worker leaves it once it has freed what dead ones had in hand (`Owners.sweep`): what is looked at here is not
 * changed by that, and a person is shown what comes next.
 */
export async function asFreed(ledger: ReadableLedger, now: Date): Promise<FreedView> {
  const dead = new Set(await ledger.deadOwners({ silentMs: DEAD_AFTER_MS, onlyService: null }, now));
  const freed = new Set<string>();
  const isDead = (owner: string | null) => owner !== null && dead.has(owner);

  function run(before: Run): Run {
    const isLost = isDead(before.owner) || isDead(before.reservedFor);
    if (before.endedAt !== null || !isLost) return before;
    freed.add(before.id);
    if (before.kind === "trial") return { ...before, ...INTERRUPTED, owner: null, endedAt: now };
    const reservedFor = isDead(before.reservedFor) ? null : before.reservedFor;
    const isInHand = before.state === "running" && isDead(before.owner);
    return { ...before, reservedFor, ...(isInHand && { state: "planned" as const, owner: null }) };
  }

  async function delivery(before: Delivery): Promise<Delivery> {
    if (before.state !== "sending" || !isDead(before.owner)) return before;
    freed.add(before.runId);
    const committedAt = (await ledger.deliveryAttempts(before.id)).at(-1)?.committedAt ?? null;
    const isUncertain = before.isUncertain || committedAt !== null;
    return { ...before, state: "waiting", owner: null, nextAt: now, isUncertain };
  }

  const attempt = (before: Attempt): Attempt =>
    before.endedAt === null && isDead(before.owner) ? { ...before, end: "lost", endedAt: now } : before;

  const view: ReadableLedger = {
    ...ledger,
    run: async (id) => {
      const found = await ledger.run(id);
      return found === null ? null : run(found);
    },
    runs: async (filter) => (await ledger.runs(filter)).map(run),
    runAttempts: async (id) => (await ledger.runAttempts(id)).map(attempt),
    deliveries: async (id) => Promise.all((await ledger.deliveries(id)).map(delivery)),
    deliveryAttempts: async (id) => (await ledger.deliveryAttempts(id)).map(attempt),
  };
  return { ledger: dead.size === 0 ? ledger : view, freed };
}

const INTERRUPTED = {
  state: "interrupted",
  reason: "The command that started it stopped before it ended.",
  advice: "Start the command again.",
} as const;
