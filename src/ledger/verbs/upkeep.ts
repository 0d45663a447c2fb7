import type { ServerTraffic, Upkeep } from "../../core/ports/ledger.ts";
import { type Circuit, closedCircuit } from "../../core/rules/circuit.ts";
import { ms, text, textOrNull, timeOrNull, toCircuit, toDelivery, toRun } from "../rows.ts";
import { all, announce, type Dialect, one, type Row, run, type Steps, type VerbSteps } from "../steps.ts";
import { forgetPoints } from "./points.ts";
import { work, workOfDelivery, workOfRun } from "./work.ts";

export function upkeepVerbs(dialect: Dialect): Pick<VerbSteps, Exclude<keyof Upkeep, "compact" | "inspect">> {
  return {
    work,
    circuits,
    saveCircuit,
    servedBy,
    traffic,
    hasten,
    closeCircuit: (name, at) => closeCircuit(dialect, name, at),
    prune: (endedBefore, limit) => prune(dialect, endedBefore, limit),
  };
}

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

function* servedBy(server: string, at: Date): Steps<void> {
  yield* run(
    "INSERT INTO servers (name, served_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET served_at = excluded.served_at",
    server,
    ms(at),
  );
}

function* traffic(server: string, kind: string, owner: string): Steps<ServerTraffic> {
  const served = yield* one("SELECT served_at FROM servers WHERE name = ?", server);
  const under = yield* one(
    `SELECT count(*) AS begun, count(a.committed_at) AS committed FROM deliveries AS d
     JOIN delivery_attempts AS a ON a.delivery_id = d.id AND a.attempt = d.attempts
     WHERE d.owner IS NOT NULL AND d.owner <> ? AND d.kind = ?`,
    owner,
    kind,
  );
  const others = Number(under?.committed) > 0 ? "committed" : Number(under?.begun) > 0 ? "begun" : "none";
  return { servedAt: timeOrNull(served?.served_at), others };
}

/** What is reserved for a command is that command's to try. */
function* hasten(
  { runs, deliveries }: { readonly runs: boolean; readonly deliveries: readonly string[] },
  at: Date,
): Steps<void> {
  const waiting = "state = 'waiting' AND next_at > ? AND reserved_for IS NULL";
  if (runs) {
    const woken = yield* all(`UPDATE runs SET next_at = ? WHERE ${waiting} RETURNING *`, ms(at), ms(at));
    yield* announce(
      woken.map((row) => workOfRun(toRun(row))),
      null,
    );
  }
  for (const kind of deliveries) {
    const woken = yield* all(
      `UPDATE deliveries SET next_at = ? WHERE ${waiting} AND kind = ? RETURNING *`,
      ms(at),
      ms(at),
      kind,
    );
    yield* announce(
      woken.map((row) => workOfDelivery(toDelivery(row))),
      null,
    );
  }
}

function* closeCircuit(dialect: Dialect, name: string, at: Date): Steps<void> {
  yield* saveCircuit(closedCircuit(name));
  // Runs first, each in order, as all that locks both: two workers may find out at the same moment.
  for (const { table, workOf } of WAITING) {
    const waiting = "WHERE waits_for = ? AND state = 'waiting' AND next_at > ?";
    const rows = yield* all(
      `SELECT * FROM ${table} ${waiting} ORDER BY id${dialect.forUpdate}`,
      name,
      ms(at),
    );
    yield* run(
      `UPDATE ${table} SET woken_from = next_at, next_at = ?, waits_for = NULL ${waiting}`,
      ms(at),
      name,
      ms(at),
    );
    for (const [reservedFor, works] of Map.groupBy(rows, (row) => textOrNull(row.reserved_for)))
      yield* announce(
        works.map((row) => ({ ...workOf(row), at })),
        reservedFor,
      );
  }
}

const WAITING = [
  { table: "runs", workOf: (row: Row) => workOfRun(toRun(row)) },
  { table: "deliveries", workOf: (row: Row) => workOfDelivery(toDelivery(row)) },
];

/** A run is kept until the notice of its failure is planned. */
function* prune(dialect: Dialect, endedBefore: Date, limit: number): Steps<number> {
  // Sections, deliveries, attempts, links and what it left for later ones go with the run, by their foreign keys.
  const deleted = yield* all(
    `DELETE FROM runs WHERE id IN (
       SELECT r.id FROM runs AS r WHERE r.ended_at < ? AND r.failed_due_at IS NULL AND r.notice_due_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM deliveries AS d WHERE d.run_id = r.id AND d.settled_at IS NULL)
       ORDER BY r.ended_at, r.due_at LIMIT ?) RETURNING report`,
    ms(endedBefore),
    limit,
  );
  const removed = yield* all(
    `DELETE FROM plans WHERE next_at IS NULL AND paused_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.report = plans.report) RETURNING report`,
  );
  yield* forgetPoints(dialect, [...new Set([...deleted, ...removed].map((row) => text(row.report)))]);
  return deleted.length;
}
