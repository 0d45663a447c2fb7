import type { Fence } from "../../src/core/model/entry.ts";
import type { Work } from "../../src/core/model/work.ts";
import type { Pipeline } from "../../src/core/ports/engine.ts";
import type { Ledger } from "../../src/core/ports/ledger.ts";
import { clock } from "./clock.ts";

/** What a pipeline did, in its order: "run r1", "end r1", "aborted r1", "delivery d1", "failed r1". */
export interface Seen {
  readonly log: string[];
  /** Reasons of the signals that aborted. */
  readonly reasons: unknown[];
  /** When each run was taken. */
  readonly takenAt: Map<string, Date>;
  /** The most that were under way at once. */
  most: { run: number; delivery: number };
}

export interface PipelineOptions {
  readonly owner?: string;
  /** Deliveries that each run plans. */
  readonly deliveries?: number;
  /** A run is held until its gate opens; "open" lets all pass. */
  readonly gate?: (id: string) => Promise<void>;
  /** How often a piece says "busy" before it is carried out. */
  readonly busy?: Map<string, number>;
}

/** As small as a pipeline can be that still takes and settles in a real ledger, under its fences. */
export function testPipeline(
  ledger: Ledger,
  options: PipelineOptions = {},
): { pipeline: Pipeline; seen: Seen } {
  const { owner = "worker", deliveries = 0, gate = async () => undefined, busy = new Map() } = options;
  const seen: Seen = { log: [], reasons: [], takenAt: new Map(), most: { run: 0, delivery: 0 } };
  const under = { run: 0, delivery: 0 };

  async function run(id: string, signal: AbortSignal): Promise<"done" | "busy"> {
    const taken = await ledger.takeRun(id, owner, clock.now());
    if (taken === null) return "done";
    seen.log.push(`run ${id}`);
    seen.takenAt.set(id, clock.now());
    const fence: Fence = { id, attempt: taken.attempts };
    await Promise.race([gate(id), aborted(signal)]);
    if (signal.aborted) {
      seen.reasons.push(signal.reason);
      await ledger.handBackRun(fence, clock.now());
      seen.log.push(`aborted ${id}`);
      return "done";
    }
    const plans = Array.from({ length: deliveries }, (_, index) => ({
      id: `${id}-d${index + 1}`,
      kind: "email",
      target: `to ${index + 1}`,
      recipients: "",
      identity: "i",
      entry: "e",
    }));
    if (plans.length > 0) await ledger.planDeliveries(fence, plans, 1, clock.now());
    else await ledger.endRun(fence, { state: "skipped", reason: "A test.", advice: null }, clock.now());
    seen.log.push(`end ${id}`);
    return "done";
  }

  async function delivery(id: string): Promise<"done"> {
    const taken = await ledger.takeDelivery(id, owner, clock.now());
    if (taken === null) return "done";
    seen.log.push(`delivery ${id}`);
    await new Promise(setImmediate);
    await ledger.settleDelivery(
      { id, attempt: taken.attempts },
      { state: "sent", externalId: id, refused: [], reason: null, bytes: null },
      clock.now(),
    );
    return "done";
  }

  async function carryOut({ kind, id }: Pick<Work, "kind" | "id">, signal: AbortSignal) {
    const left = busy.get(id) ?? 0;
    if (left > 0) {
      seen.log.push(`busy ${id}`);
      busy.set(id, left - 1);
      return "busy";
    }
    if (kind !== "run" && kind !== "delivery") {
      seen.log.push(`${kind} ${id}`);
      await ledger.planNotices(id, kind, [], clock.now());
      return "done";
    }
    under[kind] += 1;
    seen.most[kind] = Math.max(seen.most[kind], under[kind]);
    try {
      return await (kind === "run" ? run(id, signal) : delivery(id));
    } catch {
      return "busy";
    } finally {
      under[kind] -= 1;
    }
  }

  return { pipeline: { carryOut }, seen };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** A gate that each run waits at until it is let through. */
export function createGate(): { gate: (id: string) => Promise<void>; open(id?: string): void } {
  const waiting = new Map<string, () => void>();
  const opened = new Set<string>();
  let isOpen = false;
  return {
    gate: (id) =>
      isOpen || opened.has(id) ? Promise.resolve() : new Promise((resolve) => waiting.set(id, resolve)),
    open(id) {
      if (id === undefined) {
        isOpen = true;
        for (const resolve of waiting.values()) resolve();
      } else {
        opened.add(id);
        waiting.get(id)?.();
      }
    },
  };
}
