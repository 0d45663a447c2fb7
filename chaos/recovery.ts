import type { Ledger } from "../src/core/ports/ledger.ts";
import type { Replica } from "./replica.ts";

/** Measures how long what a dead worker had in hand stays with it. */
export interface Recoveries {
  booted(replica: Replica): void;
  /** To be called as soon as it is dead. */
  died(replica: Replica): Promise<void>;
  /** Milliseconds, of every death that left something in hand and was recovered from. */
  all(): readonly number[];
  stop(): void;
}

const LOOK_MS = 50;

interface Death {
  /** Runs and deliveries that were in hand. */
  readonly ids: Set<string>;
  readonly pid: number;
  /** From when on it counts; null: from the next boot. */
  sinceMs: number | null;
}

/** `from`: "boot" of the next worker, where only one can be at the ledger; "death" where others are there. */
export function recoveries(ledger: Ledger, from: "boot" | "death"): Recoveries {
  const found: number[] = [];
  let open: Death[] = [];
  let isLooking = false;
  const timer = setInterval(async () => {
    if (isLooking || open.length === 0) return;
    isLooking = true;
    for (const death of open) await look(death);
    open = open.filter(({ ids }) => ids.size > 0);
    isLooking = false;
  }, LOOK_MS);

  async function look(death: Death): Promise<void> {
    if (death.sinceMs === null) return;
    for (const id of death.ids) {
      const thing = (await ledger.run(id)) ?? (await ledger.delivery(id));
      if (thing?.owner?.split(":")[1] !== String(death.pid)) death.ids.delete(id);
    }
    if (death.ids.size === 0) found.push(Date.now() - death.sinceMs);
  }

  return {
    booted() {
      for (const death of open) death.sinceMs ??= Date.now();
    },
    async died({ pid }) {
      const sinceMs = from === "death" ? Date.now() : null;
      const ids = await inHand(ledger, pid);
      if (ids.size > 0) open.push({ ids, pid, sinceMs });
    },
    all: () => found,
    stop: () => clearInterval(timer),
  };
}

async function inHand(ledger: Ledger, pid: number): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const run of await ledger.runs({ limit: 100_000 })) {
    if (run.endedAt !== null) continue;
    if (run.owner?.split(":")[1] === String(pid)) ids.add(run.id);
    for (const delivery of await ledger.deliveries(run.id))
      if (delivery.owner?.split(":")[1] === String(pid)) ids.add(delivery.id);
  }
  return ids;
}
