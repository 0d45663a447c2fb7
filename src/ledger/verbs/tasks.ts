import { TASK_SHARED_MS, type TaskClaim } from "../../core/ports/ledger.ts";
import type { Dialect } from "../dialect.ts";
import { ms, textOrNull, time } from "../rows.ts";
import { one, run, type Steps } from "../steps.ts";

/** Creating a task is one call to Looker: who is at it for longer than this has given up. */
const CREATING_MS_MAX = 60_000;

export function* claimTask(dialect: Dialect, key: string, owner: string, at: Date): Steps<TaskClaim> {
  const first = yield* one(
    "INSERT INTO tasks (key, owner, since) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING key",
    key,
    owner,
    ms(at),
  );
  if (first !== null) return { kind: "mine" };
  const row = yield* one(`SELECT task_id, since FROM tasks WHERE key = ?${dialect.forUpdate}`, key);
  // Dropped at this very moment: the next call finds it free.
  if (row === null) return { kind: "wait" };
  const taskId = textOrNull(row.task_id);
  const since = time(row.since);
  const ageMs = at.getTime() - since.getTime();
  if (taskId !== null && ageMs < TASK_SHARED_MS) return { kind: "task", taskId, since };
  if (taskId === null && ageMs < CREATING_MS_MAX) return { kind: "wait" };
  yield* run("UPDATE tasks SET owner = ?, since = ?, task_id = NULL WHERE key = ?", owner, ms(at), key);
  return { kind: "mine" };
}

/**
 * A claim that was lost meanwhile may be nobody's by now: then the task's age is reckoned from the latest sign of life in the ledger,
 * which is as near to now as the sweep that took the claim. Whoever writes a task has the claim, so that nobody writes over it.
 */
export function* shareTask(key: string, owner: string, taskId: string): Steps<void> {
  yield* run(
    `INSERT INTO tasks (key, owner, task_id, since) SELECT ?, ?, ?, coalesce(max(beat_at), 0) FROM owners WHERE true
     ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, task_id = excluded.task_id
     WHERE tasks.owner = excluded.owner OR tasks.task_id IS NULL`,
    key,
    owner,
    taskId,
  );
}

export function* dropTask(key: string, owner: string, taskId: string | null): Steps<void> {
  if (taskId === null)
    yield* run("DELETE FROM tasks WHERE key = ? AND owner = ? AND task_id IS NULL", key, owner);
  else yield* run("DELETE FROM tasks WHERE key = ? AND task_id = ?", key, taskId);
}

/** What is not shared any more is nobody's concern. */
export function* forgetTasks(at: Date): Steps<void> {
  yield* run("DELETE FROM tasks WHERE since < ?", at.getTime() - 2 * TASK_SHARED_MS);
}
