import type { Clock } from "../../core/ports/clock.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import { afterFailure, type Circuit, closedCircuit, HELD, heldUntil } from "../../core/rules/circuit.ts";

/** Which servers outside are known to be out, shared with other workers through the ledger. */
export interface Circuits {
  /** Until when the server is left alone and why, or null where it may be asked. The first to ask after that probes for all. */
  held(name: string): Promise<{ readonly until: Date; readonly reason: string } | null>;
  /** It answered. */
  succeeded(name: string): Promise<void>;
  /** It was not reached, or said that it is out. */
  failed(name: string, reason: string): Promise<void>;
  /** All that is known of the servers of a kind is over: "looker", or a destination's word. */
  end(kind: string): Promise<void>;
}

/** What others wrote is looked at this often. */
const FRESH_MS = 2_000;
/** How long the others are held back while one probes. */
const PROBE_MS = 30_000;

/** The Looker's name among the circuits. */
export const LOOKER = "looker";

/** Why something waits though it was not tried. */
export function heldWords(name: string, reason: string): string {
  const who = name.charAt(0).toUpperCase() + name.slice(1);
  return `${who}${HELD}: ${reason}`;
}

export function openCircuits(ledger: Ledger, clock: Clock): Circuits {
  const known = knownCircuits(ledger, clock);
  /** Servers that one call of this process is let through to. */
  const probing = new Set<string>();

  return {
    async held(name) {
      await known.refresh();
      const circuit = known.of(name);
      const now = clock.now();
      const until = heldUntil(circuit, now);
      if (until !== null) return { until, reason: circuit.reason ?? "" };
      if (circuit.openUntil !== null) {
        probing.add(name);
        await known.save({ ...circuit, openUntil: new Date(now.getTime() + PROBE_MS) });
      }
      return null;
    },
    async succeeded(name) {
      probing.delete(name);
      const { failures, openUntil } = known.of(name);
      // Before it opens, what has failed keeps to its waits: a server that answers now and then is not to be asked all the more.
      if (openUntil !== null) await known.close(name);
      else if (failures > 0) await known.save(closedCircuit(name));
    },
    async failed(name, reason) {
      await known.refresh();
      const circuit = known.of(name);
      // Calls that were under way when it opened say nothing new.
      const isNews = probing.delete(name) || heldUntil(circuit, clock.now()) === null;
      if (isNews) await known.save(afterFailure(circuit, reason, clock.now()));
    },
    async end(kind) {
      await known.refresh("now");
      for (const { name, failures } of known.all())
        if (failures > 0 && (name === kind || name.startsWith(`${kind} `))) {
          probing.delete(name);
          await known.close(name);
        }
    },
  };
}

/** What the ledger has of all servers, read again every now and then. */
function knownCircuits(ledger: Ledger, clock: Clock) {
  const known = new Map<string, Circuit>();
  /** What this process wrote while a reading was under way is newer than what that brings. */
  const newer = new Set<string>();
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    newer.clear();
    for (const circuit of await ledger.circuits())
      if (!newer.has(circuit.name)) known.set(circuit.name, circuit);
  }

  function write(circuit: Circuit): void {
    known.set(circuit.name, circuit);
    newer.add(circuit.name);
  }

  return {
    all: () => [...known.values()],
    /** Asked for right before what it leads to is saved, with no await between: many calls fail at once. */
    of: (name: string) => known.get(name) ?? closedCircuit(name),
    async refresh(when: "now" | "soon" = "soon"): Promise<void> {
      const nowMs = clock.now().getTime();
      if (when === "now" || Math.abs(nowMs - readAtMs) > FRESH_MS) {
        readAtMs = nowMs;
        reading = read();
      }
      await reading;
    },
    async save(circuit: Circuit): Promise<void> {
      write(circuit);
      await ledger.saveCircuit(circuit);
    },
    /** What waits for it, in this process or another, goes on. */
    async close(name: string): Promise<void> {
      write(closedCircuit(name));
      await ledger.closeCircuit(name, clock.now());
    },
  };
}
