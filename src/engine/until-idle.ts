import { pause } from "./repeat.ts";

export interface IdleProbe {
  /** How many pieces are under way here. */
  underWay(): number;
  /** Resolves when none is. */
  ended(): Promise<void>;
  /** Whether the ledger has anything that is due. */
  isAnyDue(): Promise<boolean>;
  /** Something is due: look for it now. */
  wake(): void;
  isStopped(): boolean;
  trouble(thrown: unknown): void;
}

const LOOK_MS = 50;
const AFTER_FAILURE_MS = 1_000;

/** Resolves when nothing that is due now is left or under way here, or once nothing is under way after a stop. */
export async function untilIdle(probe: IdleProbe): Promise<void> {
  for (;;) {
    await probe.ended();
    if (probe.isStopped()) return;
    const due = await probe.isAnyDue().catch((thrown: unknown) => {
      probe.trouble(thrown);
      return null;
    });
    if (due === false && probe.underWay() === 0) return;
    if (due === true) probe.wake();
    if (probe.underWay() === 0) await pause(due === null ? AFTER_FAILURE_MS : LOOK_MS);
  }
}
