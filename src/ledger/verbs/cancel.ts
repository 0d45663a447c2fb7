import type { Run } from "../../core/model/run.ts";
import { ms, text } from "../rows.ts";
import { all, type Dialect, one, type Steps } from "../steps.ts";
import { concludeRun, endRunNow, lockRun, toLockedRun } from "./run-end.ts";
import { announceNext } from "./work.ts";

export function* cancelRun(dialect: Dialect, id: string, reason: string, at: Date): Steps<Run | null> {
  const before = yield* lockRun(dialect, id);
  if (before === null || before.endedAt !== null) return null;
  const row = yield* one(
    "UPDATE runs SET cancel_asked_at = coalesce(cancel_asked_at, ?), cancel_reason = ? WHERE id = ? RETURNING *",
    ms(at),
    reason,
    id,
  );
  const asked = toLockedRun(row ?? {});
  if (asked.state === "running") {
    // It may take a while to end, and holds up no other from now on.
    yield* announceNext(asked, at);
    return asked;
  }
  if (asked.state === "delivering") {
    const ended = yield* concludeRun(dialect, asked, at);
    if (ended === null) yield* announceNext(asked, at);
    return ended ?? asked;
  }
  return yield* endRunNow(dialect, asked, { state: "cancelled", reason, advice: null }, at);
}

export function* cancelsAsked(owner: string): Steps<readonly string[]> {
  const rows = yield* all(
    `SELECT r.id FROM runs AS r WHERE r.cancel_asked_at IS NOT NULL AND r.ended_at IS NULL AND (r.owner = ?
     OR EXISTS (SELECT 1 FROM deliveries AS d WHERE d.run_id = r.id AND d.owner = ?))`,
    owner,
    owner,
  );
  return rows.map((row) => text(row.id));
}
