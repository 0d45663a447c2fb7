import { hostname } from "node:os";
import type { Engine } from "../core/engine.ts";
import { BEAT_MS, DEAD_AFTER_MS } from "../core/ledger.ts";
import type { Run, Trigger } from "../core/run.ts";
import { createPipeline, type Workshop } from "./pipeline.ts";

const TIDY_MS = 60 * 60 * 1000;
const SPOOL_KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** A process that carries out runs: the service, or `lookpost run` beside it. */
export interface Worker {
  /** Claims the run and hands it to the engine; null where another has claimed the same key. */
  claim(report: string, dueAt: Date, trigger: Trigger, burst?: string): Promise<Run | null>;
  idle(): Promise<void>;
  /** Ends in good order: what is still under way after `graceMs` is cancelled and written down as cut short. */
  stop(graceMs: number): Promise<void>;
}

/** Signs in, sweeps up what dead processes left, and is ready for runs. */
export async function startWorker(workshop: Workshop, engine: Engine): Promise<Worker> {
  const { ledger, clock, owner } = workshop;
  await beatOnce(workshop);
  await tidy(workshop);
  const timers = [
    every(BEAT_MS, () => beatOnce(workshop), workshop),
    every(TIDY_MS, () => tidy(workshop), workshop),
  ];
  await engine.start(createPipeline(workshop));
  return {
    async claim(report, dueAt, trigger, burst = "") {
      const id = workshop.newId();
      const run = await ledger.claimRun({ id, report, dueAt, burst, trigger, owner, at: clock.now() });
      if (run !== null) await engine.submit(run);
      return run;
    },
    idle: () => engine.idle(),
    async stop(graceMs) {
      await engine.stop(graceMs);
      for (const timer of timers) clearInterval(timer);
      await ledger.signOff(owner);
    },
  };
}

/** A name for this process in the ledger: which machine, which process, which start of it. */
export function ownerName(startId: string): string {
  return `${hostname()}:${process.pid}:${startId}`;
}

/** One beat: says that this process lives, and writes down what processes that do not had under way. */
async function beatOnce({ ledger, clock, owner, role, listener }: Workshop): Promise<void> {
  const now = clock.now();
  await ledger.beat(owner, role, now);
  const swept = await ledger.sweep(new Date(now.getTime() - DEAD_AFTER_MS), now);
  for (const run of swept) listener({ kind: "run_ended", run });
}

async function tidy({ spools, clock }: Workshop): Promise<void> {
  await spools.removeBefore(new Date(clock.now().getTime() - SPOOL_KEPT_MS));
}

/** What fails once is told and tried again the next time: the ledger may be busy or its disk full for a moment. */
function every(ms: number, work: () => Promise<void>, { trouble }: Workshop): NodeJS.Timeout {
  const timer = setInterval(() => work().catch(trouble), ms);
  timer.unref();
  return timer;
}
