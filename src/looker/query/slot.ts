import type { SourceContext } from "../../core/ports/adapter.ts";
import type { Looker } from "../http/client.ts";

/** One of the Looker's slots for queries under way. */
export interface QuerySlot {
  /** The slot is this task's. It is released at once where the task already has one in this process. */
  fill(taskId: string): void;
  /** May be called more than once. */
  release(): void;
}

/** Waits for a slot, and says so. Rejects with the signal's reason. */
export async function takeSlot(looker: Looker, context: SourceContext): Promise<QuerySlot> {
  const taken = looker.slots.take(context.signal);
  if (looker.slots.waiting > 0) context.progress({ status: "waiting", elapsedMs: 0 });
  let free: (() => void) | null = await taken;
  let filledBy: string | null = null;
  const release = () => {
    if (filledBy !== null) looker.tasksInSlots.delete(filledBy);
    free?.();
    filledBy = null;
    free = null;
  };
  return {
    release,
    fill(taskId) {
      if (looker.tasksInSlots.has(taskId)) return release();
      looker.tasksInSlots.add(taskId);
      filledBy = taskId;
    },
  };
}
