import { afterFailure, type Circuit, closedCircuit, heldUntil } from "../core/circuit.ts";
import type { Clock } from "../core/clock.ts";
import type { Ledger } from "../core/ledger.ts";

/** Which servers outside are known to be out, shared with other workers through the ledger. */
export interface Circuits {
  /** Until when the server is left alone and why, or null where it may be asked. The first to ask after that probes for all. */
  held(name: string): Promise<{ readonly until: Date; readonly reason: string } | null>;
  /** It answered. */
  well(name: string): Promise<void>;
  /** It was not reached, or said that it is out. */
  out(name: string, reason: string): Promise<void>;
}

/** What others wrote is looked at this often. */
const FRESH_MS = 2_000;
/** How long the others are held back while one probes. */
const PROBE_MS = 30_000;

export function openCircuits(ledger: Ledger, clock: Clock): Circuits {
  const known = new Map<string, Circuit>();
  /** Servers that one call of this process is let through to. */
  const probing = new Set<string>();
  let readAtMs = Number.NEGATIVE_INFINITY;

  async function circuitOf(name: string): Promise<Circuit> {
    const nowMs = clock.now().getTime();
    if (Math.abs(nowMs - readAtMs) > FRESH_MS) {
      readAtMs = nowMs;
      for (const circuit of await ledger.circuits()) known.set(circuit.name, circuit);
    }
    return known.get(name) ?? closedCircuit(name);
  }

  async function save(circuit: Circuit): Promise<void> {
    known.set(circuit.name, circuit);
    await ledger.saveCircuit(circuit);
  }

  return {
    async held(name) {
      const circuit = await circuitOf(name);
      const now = clock.now();
      const until = heldUntil(circuit, now);
      if (until !== null) return { until, reason: circuit.reason ?? "" };
      if (circuit.openUntil !== null) {
        probing.add(name);
        await save({ ...circuit, openUntil: new Date(now.getTime() + PROBE_MS) });
      }
      return null;
    },
    async well(name) {
      probing.delete(name);
      const circuit = known.get(name);
      if (circuit !== undefined && circuit.failures > 0) await save(closedCircuit(name));
    },
    async out(name, reason) {
      const circuit = await circuitOf(name);
      // Calls that were under way when it opened say nothing new.
      const isNews = probing.delete(name) || heldUntil(circuit, clock.now()) === null;
      if (isNews) await save(afterFailure(circuit, reason, clock.now()));
    },
  };
}
