import type { WorkerContext } from "./context.ts";

/** Workers of a fleet see a change of the file at different times: what was told of is not told again for so long. */
const FLEET_QUIET_MS = 10 * 60_000;
const REASON_CHARS_MAX = 4_000;

/** Writes down what reports.yaml is like, so that it is told once, whichever worker sees it. `reason` null: it is whole. */
export async function noteFileState(
  reason: string | null,
  { ledger, clock, newId, redact, isOnlyService }: WorkerContext,
): Promise<void> {
  if (reason === null) {
    await ledger.fileWhole(clock.now());
    return;
  }
  const quietMs = isOnlyService ? 0 : FLEET_QUIET_MS;
  const words = redact(reason).slice(0, REASON_CHARS_MAX);
  await ledger.fileBroken({ id: newId(), reason: words, quietMs }, clock.now());
}
