import type { Run } from "../../core/model/run.ts";
import type { WorkerContext } from "../process/context.ts";

/** How long workers with different files may live side by side. */
const DEPLOY_MS_MAX = 10 * 60_000;
const LOOK_AGAIN_MS = 10_000;

/**
 * When another worker may be asked for a report that is not in this one's file, or null where nobody has it: while a fleet is
 * being deployed, the files of its workers differ.
 */
export function othersMayKnow(
  run: Run,
  { isOnlyService, role, clock }: Pick<WorkerContext, "isOnlyService" | "role" | "clock">,
): Date | null {
  const now = clock.now().getTime();
  const isYoung = now - run.claimedAt.getTime() < DEPLOY_MS_MAX;
  return !isOnlyService && role === "service" && isYoung ? new Date(now + LOOK_AGAIN_MS) : null;
}
