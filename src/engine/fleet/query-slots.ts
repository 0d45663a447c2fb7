import type { Clock } from "../../core/ports/clock.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import type { Slots } from "../../core/rules/slots.ts";

export interface FleetSlotsOptions {
  readonly ledger: Pick<Ledger, "takeSlot" | "releaseSlot">;
  /** What the slots are for; all replicas name it alike. */
  readonly pool: string;
  /** For all replicas together. */
  readonly slotsMax: number;
  readonly owner: () => string;
  readonly clock: Clock;
}

/** A slot in the ledger's pool, in this process's hands. */
interface Slot {
  readonly number: number;
  readonly owner: string;
  readonly since: Date;
}

interface Waiter {
  readonly enter: (slot: Slot) => void;
}

const ASK_MS_MIN = 150;
const ASK_MS_MAX = 350;
const AFTER_FAILURE_MS = 1_000;

/** After this long a slot goes back to the pool even if someone waits here, so that another replica's waiters get a turn. */
const TURN_MS = 10_000;

/** A slot that cannot be given back for about a minute need not be: by then its owner was considered dead, and the slot was freed. */
const GIVE_TRIES_MAX = 60;

/**
 * Slots that all replicas share, such as the queries that a Looker runs at once. A slot that becomes free goes to the next
 * who waits in this process, without asking the ledger; it is asked several times a second while someone waits, by one for all.
 */
export function fleetSlots(options: FleetSlotsOptions): Slots {
  const { ledger, pool, slotsMax, owner, clock } = options;
  const queue: Waiter[] = [];
  let isAsking = false;

  /** While someone waits: takes what the ledger has to give, and asks again a little later when it has nothing. */
  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    while (queue.length > 0) {
      const slot = await takeSlot();
      if (slot === "none" || slot === "failed") {
        await clock.sleep(slot === "none" ? jitter() : AFTER_FAILURE_MS);
        continue;
      }
      const next = queue.shift();
      if (next === undefined) void give(slot, options);
      else next.enter(slot);
    }
    isAsking = false;
  }

  async function takeSlot(): Promise<Slot | "none" | "failed"> {
    const asked = { owner: owner(), since: clock.now() };
    try {
      const number = await ledger.takeSlot(pool, slotsMax, asked.owner);
      return number === null ? "none" : { ...asked, number };
    } catch {
      // Who waits goes on waiting: other users of the ledger report that it does not answer.
      return "failed";
    }
  }

  function release(slot: Slot): void {
    const heldMs = clock.now().getTime() - slot.since.getTime();
    // A slot of an owner that was considered dead has been freed, and may be another's.
    const isOurs = slot.owner === owner() && heldMs < TURN_MS;
    const next = isOurs ? queue.shift() : undefined;
    if (next === undefined) void give(slot, options);
    else next.enter(slot);
  }

  function once(slot: Slot): () => void {
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      release(slot);
    };
  }

  return {
    get waiting() {
      return queue.length;
    },
    take(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const waiter: Waiter = {
          enter(slot) {
            signal.removeEventListener("abort", leave);
            resolve(once(slot));
          },
        };
        const leave = () => {
          queue.splice(queue.indexOf(waiter), 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", leave, { once: true });
        queue.push(waiter);
        void ask();
      });
    },
  };
}

async function give(slot: Slot, { ledger, pool, owner, clock }: FleetSlotsOptions): Promise<void> {
  for (let tries = 1; tries <= GIVE_TRIES_MAX && owner() === slot.owner; tries += 1) {
    try {
      return await ledger.releaseSlot(pool, slot.number, slot.owner);
    } catch {
      await clock.sleep(AFTER_FAILURE_MS);
    }
  }
}

/** Replicas that were refused together do not ask together again. */
function jitter(): number {
  return ASK_MS_MIN + Math.random() * (ASK_MS_MAX - ASK_MS_MIN);
}
