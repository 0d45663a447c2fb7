import type { WorkKey } from "../model/work.ts";

/** What a worker can do. Every piece of work can be entered again after any kill: the ledger says what is left of it. */
export interface Pipeline {
  /**
   * Never rejects. "done": nothing more is to be done for this announcement, be it that it was done, that another did it, or
   * that the ledger has announced it again for later. "busy": it could not be done now (another holds it, the ledger
   * does not answer): ask again in a moment.
   */
  carryOut(work: WorkKey, signal: AbortSignal): Promise<"done" | "busy">;
}

/** Who does what when. The ledger owns what is true; the engine may forget everything. */
export interface Engine {
  start(pipeline: Pipeline): Promise<void>;
  /** There may be work now: look before the next poll. */
  wake(): void;
  /** Resolves when nothing that is due now is left or under way here. What is due later is not waited for. */
  idle(): Promise<void>;
  /** Takes nothing new, lets what is under way go on for `graceMs`, then aborts the rest and waits for it to be written down. */
  stop(graceMs: number): Promise<void>;
}
