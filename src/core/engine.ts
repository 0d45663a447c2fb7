import type { Run } from "./run.ts";

/** The life of a run in two steps that can be entered again after any kill: the ledger says what is left to do. */
export interface Pipeline {
  /** Fetches, renders and plans the deliveries; returns the ids of those to be made. Never rejects: the ledger has it. */
  run(runId: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Makes one delivery and settles it. Never rejects. */
  deliver(deliveryId: string, signal: AbortSignal): Promise<void>;
}

/** Who does what when. The ledger owns what is true; the engine may forget everything. */
export interface Engine {
  start(pipeline: Pipeline): Promise<void>;
  /** Takes a claimed run. One run at a time for each report, in the order they came. */
  submit(run: Pick<Run, "id" | "report">): Promise<void>;
  /** Resolves when nothing is under way or waiting. */
  idle(): Promise<void>;
  /** Takes nothing new, lets what runs go on for `graceMs`, then aborts the rest and waits for it to be written down. */
  stop(graceMs: number): Promise<void>;
}
