import type { Attempt, Delivery, Run, RunKey, SectionRecord } from "../../core/model/run.ts";
import type { Reads } from "../../core/ports/ledger-reads.ts";
import { ms, toAttempt, toDelivery, toRun, toSection } from "../rows.ts";
import { all, one, type Row, type Steps, type VerbSteps } from "../steps.ts";
import { missedWith, streak } from "./streaks.ts";

export const readVerbs: Pick<VerbSteps, keyof Reads> = {
  *run(id) {
    return runOrNull(yield* one("SELECT * FROM runs WHERE id = ?", id));
  },
  *findRun({ report, dueAt, burst }: RunKey) {
    const sql = "SELECT * FROM runs WHERE report = ? AND due_at = ? AND burst = ?";
    return runOrNull(yield* one(sql, report, ms(dueAt), burst));
  },
  runs,
  runAttempts,
  *delivery(id): Steps<Delivery | null> {
    const row = yield* one("SELECT * FROM deliveries WHERE id = ?", id);
    return row === null ? null : toDelivery(row);
  },
  *deliveries(runId): Steps<readonly Delivery[]> {
    const sql = "SELECT * FROM deliveries WHERE run_id = ? ORDER BY position";
    return (yield* all(sql, runId)).map(toDelivery);
  },
  deliveryAttempts,
  *sections(runId): Steps<readonly SectionRecord[]> {
    return (yield* all("SELECT * FROM sections WHERE run_id = ? ORDER BY section", runId)).map(toSection);
  },
  lastTookMs,
  streak,
  missedWith,
};

export function* runAttempts(runId: string): Steps<readonly Attempt[]> {
  const sql = "SELECT * FROM run_attempts WHERE run_id = ? ORDER BY attempt";
  return (yield* all(sql, runId)).map(toAttempt);
}

export function* deliveryAttempts(deliveryId: string): Steps<readonly Attempt[]> {
  const sql = "SELECT * FROM delivery_attempts WHERE delivery_id = ? ORDER BY attempt";
  return (yield* all(sql, deliveryId)).map(toAttempt);
}

function* runs({ report, limit }: { report?: string; limit: number }): Steps<readonly Run[]> {
  const newest = "ORDER BY due_at DESC, claimed_at DESC, id DESC LIMIT ?";
  const rows =
    report === undefined
      ? yield* all(`SELECT * FROM runs ${newest}`, limit)
      : yield* all(`SELECT * FROM runs WHERE report = ? ${newest}`, report, limit);
  return rows.map(toRun);
}

function* lastTookMs(report: string, section: number): Steps<number | null> {
  const row = yield* one(
    `SELECT s.took_ms FROM runs AS r JOIN sections AS s ON s.run_id = r.id
     WHERE r.report = ? AND s.section = ? AND s.took_ms IS NOT NULL ORDER BY r.due_at DESC LIMIT 1`,
    report,
    section,
  );
  return row === null ? null : Number(row.took_ms);
}

function runOrNull(row: Row | null): Run | null {
  return row === null ? null : toRun(row);
}
