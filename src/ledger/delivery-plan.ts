import type { DeliveryPlan } from "../core/ledger.ts";
import type { Purpose, Run } from "../core/run.ts";
import type { Dialect } from "./dialect.ts";
import { ms } from "./rows.ts";
import { one, run, type Steps } from "./steps.ts";

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

interface Planned {
  readonly purpose: Purpose;
  readonly plans: readonly DeliveryPlan[];
}

/** Writes the deliveries of a run that is locked. Those that stand already are left as they are. */
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
    JSON.stringify(rows),
  );
}
