import { pause } from "./repeat.ts";

export interface Bustle {
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
export async function untilIdle(bustle: Bustle): Promise<void> {
  for (;;) {
    await bustle.ended();
    if (bustle.isStopped()) return;
    const due = await bustle.isAnyDue().catch((thrown: unknown) => {
      bustle.trouble(thrown);
      return null;
    });
    if (due === false && bustle.underWay() === 0) return;
    if (due === true) bustle.wake();
    if (bustle.underWay() === 0) await pause(due === null ? AFTER_FAILURE_MS : LOOK_MS);
  }
}
