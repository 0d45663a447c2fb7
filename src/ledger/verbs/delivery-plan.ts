import type { DeliveryPlan } from "../../core/model/entry.ts";
import type { Delivery, Purpose, Run } from "../../core/model/run.ts";
import { type EntryMatch, matchEntries, numbered } from "../../core/rules/same-entry.ts";
import { ms, toDelivery } from "../rows.ts";
import { all, type Dialect, json, one, run, type Steps } from "../steps.ts";

const COLUMNS = {
  id: "text",
  run_id: "text",
  purpose: "text",
  kind: "text",
  target: "text",
  recipients: "text",
  identity: "text",
  entry: "text",
  state: "text",
  reserved_for: "text",
  planned_at: "whole",
  position: "whole",
} as const;

/** Their entries, for those that exist already. */
const REPLANNED = { id: "text", identity: "text", entry: "text" } as const;

/**
 * A run that is done again is planned by the file as it is now: where a person corrected an address, the delivery to the old one is
 * gone, with its attempts. What someone may have received is kept, and so is what was sent before. For all that existed already, the time
 * to try it begins now: making the files may have taken hours.
 */
export function* planAgain(
  dialect: Dialect,
  runId: string,
  plans: readonly DeliveryPlan[],
  at: Date,
): Steps<void> {
  const existing = yield* plannedBefore(runId, "report");
  const matches = matchEntries(existing, plans);
  const gone = existing.filter((_, place) => indexIn(matches[place]) === null);
  yield* run(
    `DELETE FROM deliveries AS d WHERE d.run_id = ? AND d.purpose = 'report' AND d.state IN ('pending', 'waiting')
       AND d.is_uncertain = 0 AND d.remaining IS NULL
       AND NOT EXISTS (SELECT 1 FROM delivery_attempts AS a WHERE a.delivery_id = d.id
         AND (a.ended_as IN ('sent', 'unknown') OR (a.ended_as = 'lost' AND a.committed_at IS NOT NULL)))
       AND d.id IN (SELECT v.id FROM ${dialect.rows("v", { id: "text" })})`,
    runId,
    json(gone.map(({ id }) => ({ id }))),
  );
  const replanned = existing.flatMap(({ id, settledAt }, place) => {
    const plan = plans[indexIn(matches[place]) ?? -1];
    return settledAt === null && plan !== undefined
      ? [{ id, identity: plan.identity, entry: plan.entry }]
      : [];
  });
  yield* run(
    `UPDATE deliveries SET identity = v.identity, entry = v.entry FROM ${dialect.rows("v", REPLANNED)} WHERE deliveries.id = v.id`,
    json(replanned),
  );
  yield* run(
    "UPDATE deliveries SET planned_at = ? WHERE run_id = ? AND purpose = 'report' AND state = 'pending'",
    ms(at),
    runId,
  );
}

/** The deliveries of one purpose that a run has, in the order they were planned. */
export function* plannedBefore(runId: string, purpose: Purpose): Steps<readonly Delivery[]> {
  const rows = yield* all(
    "SELECT * FROM deliveries WHERE run_id = ? AND purpose = ? ORDER BY position",
    runId,
    purpose,
  );
  return rows.map(toDelivery);
}

/** Which plan a delivery is. Where that is not sure, the order tells: nothing is sent twice for it. */
export function indexIn(match: EntryMatch | undefined): number | null {
  return match === undefined || match.kind === "gone" ? null : match.index;
}

interface Planned {
  readonly purpose: Purpose;
  readonly plans: readonly DeliveryPlan[];
}

/** Writes the deliveries of a run that is locked. Those that exist already are left as they are. */
export function* insertDeliveries(
  dialect: Dialect,
  { id: runId, reservedFor }: Pick<Run, "id" | "reservedFor">,
  { purpose, plans }: Planned,
  at: Date,
): Steps<void> {
  if (plans.length === 0) return;
  const last = yield* one("SELECT max(position) AS position FROM deliveries WHERE run_id = ?", runId);
  const next = Number(last?.position ?? 0) + 1;
  const before = yield* plannedBefore(runId, purpose);
  const taken = new Set(matchEntries(before, plans).map(indexIn));
  const name = freeNames(before);
  const fresh = plans.filter((_, index) => !taken.has(index));
  const rows = fresh.map(({ id, kind, target, recipients, identity, entry }, index) => ({
    id,
    run_id: runId,
    purpose,
    kind,
    target: name(kind, target),
    recipients,
    identity,
    entry,
    state: "pending",
    reserved_for: reservedFor,
    planned_at: ms(at),
    position: next + index,
  }));
  const columns = Object.keys(COLUMNS);
  yield* run(
    `INSERT INTO deliveries (${columns.join(", ")})
     SELECT ${columns.map((column) => `v.${column}`).join(", ")} FROM ${dialect.rows("v", COLUMNS)} WHERE true
     ON CONFLICT (run_id, purpose, kind, target, recipients) DO NOTHING`,
    json(rows),
  );
}

/** What a person tells deliveries apart by: "ops@example.com", "ops@example.com (2)". */
function freeNames(before: readonly Delivery[]): (kind: string, target: string) => string {
  const taken = new Set(before.map(({ kind, target }) => `${kind} ${target}`));
  return (kind, target) => {
    let number = 1;
    while (taken.has(`${kind} ${numbered(target, number)}`)) number += 1;
    const name = numbered(target, number);
    taken.add(`${kind} ${name}`);
    return name;
  };
}
