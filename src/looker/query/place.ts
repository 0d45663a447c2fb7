import type { SourceContext } from "../../core/ports/adapter.ts";
import type { Looker } from "../http/client.ts";

/** One of the Looker's places for queries under way. */
export interface Place {
  /** The place is this task's. It is given back at once where the task already has one in this process. */
  fill(taskId: string): void;
  /** May be called more than once. */
  giveBack(): void;
}

/** Waits for a place, and says so. Rejects with the signal's reason. */
export async function takePlace(looker: Looker, context: SourceContext): Promise<Place> {
  const taken = looker.slots.take(context.signal);
  if (looker.slots.waiting > 0) context.progress({ status: "waiting", elapsedMs: 0 });
  let free: (() => void) | null = await taken;
  let filledBy: string | null = null;
  const giveBack = () => {
    if (filledBy !== null) looker.placed.delete(filledBy);
    free?.();
    filledBy = null;
    free = null;
  };
  return {
    giveBack,
    fill(taskId) {
      if (looker.placed.has(taskId)) return giveBack();
      looker.placed.add(taskId);
      filledBy = taskId;
    },
  };
}
