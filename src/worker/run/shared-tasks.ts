import { createHash } from "node:crypto";
import type { Run } from "../../core/model/run.ts";
import type { SharedTasks } from "../../core/ports/adapter.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Ledger } from "../../core/ports/ledger.ts";

const LOOK_AGAIN_MS = 250;
/** Creating a task takes one call: a worker that is at it for longer than this is not waited for. */
const WAITS_MAX = 240;

export interface TaskContext {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly owner: string;
  /** Told the id of each task, created or found. */
  readonly known: (taskId: string) => Promise<void>;
}

/**
 * The tasks that this run shares: with other runs of the same tick, and with itself after a take-over. A run that a person
 * asked for, and one that was reopened, want the data of their own moment: they share only with themselves.
 */
export function sharedTasks(run: Run, context: TaskContext): SharedTasks {
  const { ledger, clock, owner, known } = context;
  const isOwn = run.trigger === "manual" || run.reopenings > 0;
  const common = isOwn ? [run.id, run.reopenings] : [run.dueAt.getTime()];
  const keyOf = (query: string) =>
    createHash("sha256")
      .update(JSON.stringify([...common, query]))
      .digest("hex");
  return {
    async find(query, signal) {
      for (let waits = 0; waits < WAITS_MAX; waits += 1) {
        const claim = await ledger.claimTask(keyOf(query), owner, clock.now());
        if (claim.kind === "mine") return null;
        if (claim.kind === "task") {
          await known(claim.taskId);
          return claim;
        }
        await clock.sleep(LOOK_AGAIN_MS, signal);
      }
      return null;
    },
    async created(query, taskId) {
      await ledger.shareTask(keyOf(query), owner, taskId);
      await known(taskId);
    },
    drop: (query, taskId) => ledger.dropTask(keyOf(query), owner, taskId),
  };
}
