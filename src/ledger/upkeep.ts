import type { Circuit } from "../core/circuit.ts";
import type { Upkeep } from "../core/ledger.ts";
import { ms, toCircuit } from "./rows.ts";
import { all, run, type Steps, type VerbSteps } from "./steps.ts";
import { work } from "./work.ts";

export const upkeepVerbs: Pick<VerbSteps, Exclude<keyof Upkeep, "compact">> = {
  work,
  circuits,
  saveCircuit,
  prune,
};

function* circuits(): Steps<readonly Circuit[]> {
  return (yield* all("SELECT * FROM circuits ORDER BY name")).map(toCircuit);
}

function* saveCircuit({ name, failures, since, openUntil, reason }: Circuit): Steps<void> {
  yield* run(
    `INSERT INTO circuits (name, failures, since, open_until, reason) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET failures = excluded.failures, since = excluded.since, open_until = excluded.open_until,
       reason = excluded.reason`,
    name,
    failures,
    ms(since),
    ms(openUntil),
    reason,
  );
}

/** A run whose failure nobody was told of yet is kept. */
function* prune(endedBefore: Date, limit: number): Steps<number> {
  // Sections, deliveries and attempts go with the run, by their foreign keys.
  const deleted = yield* all(
    `DELETE FROM runs WHERE id IN (
       SELECT r.id FROM runs AS r WHERE r.ended_at < ? AND r.failed_due_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.run_id = r.id AND d.settled_at IS NULL)
       ORDER BY r.ended_at LIMIT ?) RETURNING id`,
    ms(endedBefore),
    limit,
  );
  yield* run(
    `DELETE FROM plans WHERE next_at IS NULL AND paused_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.report = plans.report)`,
  );
  return deleted.length;
}
