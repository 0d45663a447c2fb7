import type { Engine, Pipeline } from "../core/engine.ts";
import { ReportError } from "../core/error.ts";
import type { Run } from "../core/run.ts";
import { createSlots } from "../core/slots.ts";

export interface InProcessLimits {
  /** Deliveries made at the same time: each may hold a connection and an open file. */
  readonly deliveriesMax: number;
}

/**
 * The embedded engine: everything in this process, one lane for each report. It keeps nothing of its own; after a kill the
 * ledger says what was left.
 */
export function inProcessEngine(limits: InProcessLimits): Engine {
  const lanes = new Map<string, Promise<void>>();
  const deliveries = createSlots(limits.deliveriesMax);
  const stopped = new AbortController();
  let stopping = false;
  let pipeline: Pipeline | null = null;

  async function carry(runId: string): Promise<void> {
    if (pipeline === null) throw new Error("The engine takes runs only after start().");
    // A run that had to wait is not begun once the engine is closing: the pipeline writes it down as cut short.
    const ids = await pipeline.run(runId, stopping ? AbortSignal.abort(stoppingError()) : stopped.signal);
    await Promise.all(ids.map(deliver));
  }

  async function deliver(id: string): Promise<void> {
    const free = await deliveries.take(stopped.signal).catch(() => () => undefined);
    try {
      await pipeline?.deliver(id, stopped.signal);
    } finally {
      free();
    }
  }

  async function idle(): Promise<void> {
    while (lanes.size > 0) await Promise.all(lanes.values());
  }

  return {
    async start(given) {
      pipeline = given;
    },
    async submit(run) {
      enqueue(lanes, run, carry);
    },
    idle,
    async stop(graceMs) {
      stopping = true;
      const grace = setTimeout(() => stopped.abort(stoppingError()), graceMs);
      await idle().finally(() => clearTimeout(grace));
    },
  };
}

function enqueue(
  lanes: Map<string, Promise<void>>,
  run: Pick<Run, "id" | "report">,
  carry: (runId: string) => Promise<void>,
): void {
  const before = lanes.get(run.report) ?? Promise.resolve();
  const lane = before
    .then(() => carry(run.id))
    .finally(() => {
      if (lanes.get(run.report) === lane) lanes.delete(run.report);
    });
  lanes.set(run.report, lane);
}

function stoppingError(): ReportError {
  return new ReportError("The worker was stopped.", {
    code: "cancelled",
    advice: "Run it again.",
  });
}
