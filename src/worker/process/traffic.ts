import type { Clock } from "../../core/ports/clock.ts";
import type { Ledger } from "../../core/ports/ledger.ts";

/** What gets through to servers that take only so much at once, from this worker or another. */
export interface Traffic {
  /** It has taken a message. */
  taken(server: string): Promise<void>;
  /** Asked when it was too busy for a delivery of `owner`: whether it has its hands full with others, and is not out. */
  servesOthers(server: string, kind: string, owner: string): Promise<boolean>;
}

/** Written down at most this often by each worker. */
const TOLD_EVERY_MS = 10_000;
/** A message that was taken this long ago still says that others get through. */
const COUNTS_MS = 2 * 60_000;
/** After so long without a busy answer the next one is the first of others: longer than any circuit keeps a server from being asked. */
const FORGOTTEN_MS = 10 * 60_000;

export function openTraffic(ledger: Pick<Ledger, "servedBy" | "traffic">, clock: Clock): Traffic {
  const toldAtMs = new Map<string, number>();
  const busy = new Map<string, { readonly sinceMs: number; readonly lastMs: number }>();
  const now = () => clock.now().getTime();

  function busySince(server: string): number {
    const known = busy.get(server);
    const sinceMs = known !== undefined && now() - known.lastMs <= FORGOTTEN_MS ? known.sinceMs : now();
    busy.set(server, { sinceMs, lastMs: now() });
    return sinceMs;
  }

  return {
    async taken(server) {
      busy.delete(server);
      if (Math.abs(now() - (toldAtMs.get(server) ?? Number.NEGATIVE_INFINITY)) < TOLD_EVERY_MS) return;
      toldAtMs.set(server, now());
      await ledger.servedBy(server, clock.now());
    },
    async servesOthers(server, kind, owner) {
      const sinceMs = busySince(server);
      const { servedAt, others } = await ledger.traffic(server, kind, owner);
      if (servedAt !== null && Math.abs(now() - servedAt.getTime()) <= COUNTS_MS + TOLD_EVERY_MS) return true;
      if (others === "committed") return true;
      // What others have begun may be held up by the same answers: it is believed for as long as a conversation may take to get somewhere.
      return others === "begun" && now() - sinceMs <= COUNTS_MS;
    },
  };
}
