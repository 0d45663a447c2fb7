import { ReportError } from "../core/error.ts";
import type { Work } from "../core/model/work.ts";
import type { Pipeline } from "../core/ports/engine.ts";

/** Runs have places of their own, so that thousands of them never hold up what is ready to be sent. Notices are deliveries to be. */
export type Lane = "runs" | "deliveries";

export type Piece = Pick<Work, "kind" | "id">;

/** What is under way in this process. */
export interface Lanes {
  free(lane: Lane): number;
  has(piece: Piece): boolean;
  /** Carries it out. Never rejects; null where it was not begun: it is under way already, no place is free, or the lanes are closed. */
  begin(piece: Piece): Promise<"done" | "busy"> | null;
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

  async function carryOut(piece: Piece): Promise<"done" | "busy"> {
    try {
      return await pipeline.carryOut({ kind: piece.kind, id: piece.id }, stopped.signal);
    } catch (thrown) {
      trouble(thrown);
      return "busy";
    } finally {
      free[laneOf(piece)] += 1;
      underWay.delete(nameOf(piece));
    }
  }

  async function ended(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay.values());
  }

  return {
    free: (lane) => (isClosed ? 0 : free[lane]),
    has: (piece) => underWay.has(nameOf(piece)),
    begin(piece) {
      const name = nameOf(piece);
      if (isClosed || underWay.has(name) || free[laneOf(piece)] <= 0) return null;
      free[laneOf(piece)] -= 1;
      const carried = Promise.resolve().then(() => carryOut(piece));
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

export function laneOf({ kind }: Piece): Lane {
  return kind === "run" ? "runs" : "deliveries";
}

/** The id of a run names three kinds of work. */
export function nameOf({ kind, id }: Piece): string {
  return `${kind} ${id}`;
}

function stoppedError(): ReportError {
  return new ReportError("The worker was stopped.", {
    code: "cancelled",
    advice: "Start a worker: it goes on with what was under way.",
  });
}
