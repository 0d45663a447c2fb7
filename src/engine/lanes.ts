import { ReportError } from "../core/error.ts";
import type { WorkKey } from "../core/model/work.ts";
import type { Pipeline } from "../core/ports/engine.ts";

/** Runs have slots of their own, so that thousands of them never hold up what is ready to be sent. Notices are deliveries to be. */
export type Lane = "runs" | "deliveries";

/** What is under way in this process. */
export interface Lanes {
  free(lane: Lane): number;
  has(work: WorkKey): boolean;
  /** Carries it out. Never rejects; null where it was not begun: it is under way already, no slot is free, or the lanes are closed. */
  begin(work: WorkKey): Promise<"done" | "busy"> | null;
  readonly underWay: number;
  /** Resolves when nothing is under way. */
  ended(): Promise<void>;
  /** Begins nothing more, lets what is under way go on for `graceMs`, then aborts it and waits for its end. */
  close(graceMs: number): Promise<void>;
}

export interface LanesOptions {
  readonly pipeline: Pipeline;
  readonly runsMax: number;
  readonly deliveriesMax: number;
  readonly trouble: (thrown: unknown) => void;
}

export function openLanes({ pipeline, runsMax, deliveriesMax, trouble }: LanesOptions): Lanes {
  const free: Record<Lane, number> = { runs: runsMax, deliveries: deliveriesMax };
  const underWay = new Map<string, Promise<unknown>>();
  const stopped = new AbortController();
  let isClosed = false;

  async function carryOut(work: WorkKey): Promise<"done" | "busy"> {
    try {
      return await pipeline.carryOut({ kind: work.kind, id: work.id }, stopped.signal);
    } catch (thrown) {
      trouble(thrown);
      return "busy";
    } finally {
      free[laneOf(work)] += 1;
      underWay.delete(nameOf(work));
    }
  }

  async function ended(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay.values());
  }

  return {
    free: (lane) => (isClosed ? 0 : free[lane]),
    has: (work) => underWay.has(nameOf(work)),
    begin(work) {
      const name = nameOf(work);
      if (isClosed || underWay.has(name) || free[laneOf(work)] <= 0) return null;
      free[laneOf(work)] -= 1;
      const carried = Promise.resolve().then(() => carryOut(work));
      underWay.set(name, carried);
      return carried;
    },
    get underWay() {
      return underWay.size;
    },
    ended,
    async close(graceMs) {
      isClosed = true;
      const grace = setTimeout(() => stopped.abort(stoppedError()), graceMs);
      await ended().finally(() => clearTimeout(grace));
    },
  };
}

/** Work that was busy, and is left alone for a while: what else ends meanwhile would have it asked for again and again. */
export interface Resting {
  add(work: WorkKey): void;
  has(work: WorkKey): boolean;
}

export function createResting(restMs: number): Resting {
  /** Until when each piece rests, in monotonic milliseconds, the soonest first. */
  const until = new Map<string, number>();
  return {
    add(work) {
      const name = nameOf(work);
      until.delete(name);
      until.set(name, performance.now() + restMs);
    },
    has(work) {
      for (const [name, end] of until) {
        if (performance.now() < end) break;
        until.delete(name);
      }
      return until.has(nameOf(work));
    },
  };
}

export function laneOf({ kind }: WorkKey): Lane {
  return kind === "run" ? "runs" : "deliveries";
}

function nameOf({ kind, id }: WorkKey): string {
  return `${kind} ${id}`;
}

function stoppedError(): ReportError {
  return new ReportError("The worker was stopped.", {
    code: "cancelled",
    advice: "Start a worker: it goes on with what was under way.",
  });
}
