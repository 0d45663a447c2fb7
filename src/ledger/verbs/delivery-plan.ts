import type { DeliveryPlan } from "../../core/model/entry.ts";
import type { Purpose, Run } from "../../core/model/run.ts";
import { ms } from "../rows.ts";
import { type Dialect, json, one, run, type Steps } from "../steps.ts";

const COLUMNS = {
  id: "text",
  run_id: "text",
  purpose: "text",
  kind: "text",
  target: "text",
  recipients: "text",
  state: "text",
  reserved_for: "text",
  planned_at: "whole",
  position: "whole",
} as const;

const ADDRESS = { kind: "text", target: "text", recipients: "text" } as const;

/**
 * A run that is done again is planned by the file as it is now: where a person corrected an address, the delivery to the old one is
 * gone, with its attempts. What someone may have received is kept, and so is what was sent before. For all that existed already, the time
 * to try it begins now: making the files may have taken hours.
 */
export function* planAnew(
  dialect: Dialect,
  runId: string,
  plans: readonly DeliveryPlan[],
  at: Date,
): Steps<void> {
  yield* run(
    `DELETE FROM deliveries AS d WHERE d.run_id = ? AND d.purpose = 'report' AND d.state IN ('pending', 'waiting')
       AND d.is_uncertain = 0 AND d.remaining IS NULL
       AND NOT EXISTS (SELECT 1 FROM delivery_attempts AS a WHERE a.delivery_id = d.id
         AND (a.ended_as IN ('sent', 'unknown') OR (a.ended_as = 'lost' AND a.committed_at IS NOT NULL)))
       AND NOT EXISTS (SELECT 1 FROM ${dialect.rows("v", ADDRESS)}
         WHERE v.kind = d.kind AND v.target = d.target AND v.recipients = d.recipients)`,
    runId,
    json(plans),
  );
  yield* run(
    "UPDATE deliveries SET planned_at = ? WHERE run_id = ? AND purpose = 'report' AND state = 'pending'",
    ms(at),
    runId,
  );
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
  const rows = plans.map(({ id, kind, target, recipients }, index) => ({
    id,
    run_id: runId,
    purpose,
    kind,
    target,
    recipients,
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
