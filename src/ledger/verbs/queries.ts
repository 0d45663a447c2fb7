import { TASK_SHARED_MS, type TaskClaim } from "../../core/ports/owners.ts";
import { ms, textOrNull, time } from "../rows.ts";
import { all, type Dialect, one, run, type Steps } from "../steps.ts";

/** Creating a task is one call to Looker: a worker that takes longer than this has given up. */
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
 * No one may hold a claim that was lost meanwhile: then the task's age counts from the latest sign of life in the ledger,
 * which is as near to now as the sweep that took the claim. The worker that writes a task takes the claim too, so that no other writes over it.
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

/** No one polls a task that is no longer shared. */
export function* forgetTasks(at: Date): Steps<void> {
  yield* run("DELETE FROM tasks WHERE since < ?", at.getTime() - 2 * TASK_SHARED_MS);
}

/** Slots are numbered from 1. Table and lock have the name by which older workers of the same store know them. */
export function* takeSlot(
  dialect: Dialect,
  pool: string,
  slotsMax: number,
  owner: string,
): Steps<number | null> {
  if ((yield* freeSlot(pool, slotsMax)) === null) return null;
  yield* dialect.lock(`places of ${pool}`);
  const slot = yield* freeSlot(pool, slotsMax);
  if (slot !== null)
    yield* run("INSERT INTO places (pool, place, owner) VALUES (?, ?, ?)", pool, slot, owner);
  return slot;
}

function* freeSlot(pool: string, slotsMax: number): Steps<number | null> {
  const rows = yield* all("SELECT place FROM places WHERE pool = ?", pool);
  // There may be more than the limit that holds now: it was lowered while they were taken.
  if (rows.length >= slotsMax) return null;
  const taken = new Set(rows.map((row) => Number(row.place)));
  let slot = 1;
  while (taken.has(slot)) slot += 1;
  return slot;
}

export function* releaseSlot(pool: string, slot: number, owner: string): Steps<void> {
  yield* run("DELETE FROM places WHERE pool = ? AND place = ? AND owner = ?", pool, slot, owner);
}
