import type { Ledger, Settlement } from "../core/ledger.ts";
import { type DeliveryState, endState, type Run } from "../core/run.ts";
import { toDelivery, toRun } from "./rows.ts";
import type { Store } from "./sqlite.ts";

type DeliveryVerbs = Pick<
  Ledger,
  "planDeliveries" | "startDelivery" | "settleDelivery" | "delivery" | "deliveries"
>;

/** The verbs that speak of deliveries: written before anything is sent, settled after. */
export function sqliteDeliveries(store: Store): DeliveryVerbs {
  const { database, reading } = store;
  const byId = database.prepare("SELECT * FROM deliveries WHERE id = ?");
  const byRun = database.prepare("SELECT * FROM deliveries WHERE run_id = ? ORDER BY rowid");
  return {
    ...planning(store),
    ...settling(store),
    delivery: (id) =>
      reading(() => {
        const row = byId.get(id);
        return row === undefined ? null : toDelivery(row);
      }),
    deliveries: (runId) => reading(() => byRun.all(runId).map(toDelivery)),
  };
}

function planning({ database, transaction }: Store): Pick<Ledger, "planDeliveries" | "startDelivery"> {
  const advance = database.prepare(
    "UPDATE runs SET state = 'delivering', rows = ? WHERE id = ? AND state = 'running'",
  );
  const insert = database.prepare(
    `INSERT INTO deliveries (id, run_id, kind, target, recipients, state, planned_at) VALUES (?, ?, ?, ?, ?, 'pending', ?)
     ON CONFLICT (run_id, kind, target, recipients) DO NOTHING`,
  );
  const byRun = database.prepare("SELECT * FROM deliveries WHERE run_id = ? ORDER BY rowid");
  const start = database.prepare(
    `UPDATE deliveries SET state = 'sending', attempts = attempts + 1
     WHERE id = ? AND state = 'pending' RETURNING *`,
  );
  const attempt = database.prepare(
    "INSERT INTO attempts (delivery_id, attempt, started_at) VALUES (?, ?, ?)",
  );
  return {
    planDeliveries: (runId, plans, rows, at) =>
      transaction(() => {
        advance.run(rows, runId);
        for (const plan of plans) {
          insert.run(plan.id, runId, plan.kind, plan.target, plan.recipients, at.getTime());
        }
        return byRun.all(runId).map(toDelivery);
      }),
    startDelivery: (id, at) =>
      transaction(() => {
        const row = start.get(id);
        if (row === undefined) return null;
        const delivery = toDelivery(row);
        attempt.run(id, delivery.attempts, at.getTime());
        return delivery;
      }),
  };
}

function settling({ database, transaction }: Store): Pick<Ledger, "settleDelivery"> {
  const settle = database.prepare(
    `UPDATE deliveries SET state = ?, external_id = ?, reason = ?, advice = ?, refused = ?, bytes = ?, settled_at = ?
     WHERE id = ? AND settled_at IS NULL RETURNING run_id, attempts`,
  );
  const closeAttempt = database.prepare(
    "UPDATE attempts SET ended_at = ?, outcome = ?, reason = ? WHERE delivery_id = ? AND attempt = ?",
  );
  const byRun = database.prepare("SELECT * FROM deliveries WHERE run_id = ?");
  const end = database.prepare(
    "UPDATE runs SET state = ?, ended_at = ? WHERE id = ? AND state = 'delivering' RETURNING *",
  );

  function endRunIfSettled(runId: string, at: Date): Run | null {
    const deliveries = byRun.all(runId).map(toDelivery);
    if (deliveries.some((delivery) => delivery.settledAt === null)) return null;
    const row = end.get(endState(deliveries), at.getTime(), runId);
    return row === undefined ? null : toRun(row);
  }

  return {
    settleDelivery: (id, settled, at) =>
      transaction(() => {
        const words = inColumns(settled);
        const row = settle.get(
          words.state,
          words.externalId,
          words.reason,
          words.advice,
          words.refused,
          settled.bytes,
          at.getTime(),
          id,
        );
        if (row === undefined) return null;
        closeAttempt.run(at.getTime(), words.state, words.reason, id, Number(row.attempts));
        return endRunIfSettled(String(row.run_id), at);
      }),
  };
}

function inColumns({ outcome }: Settlement) {
  const state: DeliveryState = outcome.kind;
  const none = { state, externalId: null, reason: null, advice: null, refused: "[]" };
  switch (outcome.kind) {
    case "sent":
      return {
        ...none,
        externalId: outcome.externalId,
        reason: outcome.note ?? null,
        refused: JSON.stringify(outcome.refused),
      };
    case "refused":
      return { ...none, reason: outcome.reason, advice: outcome.advice };
    default:
      return { ...none, reason: outcome.reason };
  }
}
