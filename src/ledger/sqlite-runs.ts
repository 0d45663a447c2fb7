import type { Ledger } from "../core/ledger.ts";
import type { Run } from "../core/run.ts";
import { toRun, toSection } from "./rows.ts";
import type { Store } from "./sqlite.ts";

type RunVerbs = Pick<
  Ledger,
  | "claimRun"
  | "startRun"
  | "recordTask"
  | "recordSection"
  | "endRun"
  | "beat"
  | "lastServiceBeat"
  | "signOff"
  | "sweep"
  | "run"
  | "findRun"
  | "runs"
  | "sections"
  | "lastTookMs"
>;

/** The verbs that speak of runs and their owners. */
export function sqliteRuns(store: Store): RunVerbs {
  return { ...claims(store), ...records(store), ...owners(store), ...reads(store) };
}

function claims({ database, transaction }: Store): Pick<Ledger, "claimRun" | "startRun" | "endRun"> {
  const insert = database.prepare(
    `INSERT INTO runs (id, report, due_at, burst, trigger, state, owner, claimed_at) VALUES (?, ?, ?, ?, ?, 'planned', ?, ?)
     ON CONFLICT (report, due_at, burst) DO NOTHING RETURNING *`,
  );
  const start = database.prepare(
    "UPDATE runs SET state = 'running', owner = ?, started_at = ? WHERE id = ? AND state = 'planned' RETURNING *",
  );
  const end = database.prepare(
    "UPDATE runs SET state = ?, reason = ?, advice = ?, ended_at = ? WHERE id = ? AND ended_at IS NULL",
  );
  return {
    claimRun: (claim) =>
      transaction(() => {
        const row = insert.get(
          claim.id,
          claim.report,
          claim.dueAt.getTime(),
          claim.burst,
          claim.trigger,
          claim.owner,
          claim.at.getTime(),
        );
        return row === undefined ? null : toRun(row);
      }),
    startRun: (id, owner, at) =>
      transaction(() => {
        const row = start.get(owner, at.getTime(), id);
        return row === undefined ? null : toRun(row);
      }),
    endRun: (id, ended, at) =>
      transaction(() => {
        end.run(ended.state, ended.reason, ended.advice, at.getTime(), id);
      }),
  };
}

function records({ database, transaction }: Store): Pick<Ledger, "recordTask" | "recordSection"> {
  const task = database.prepare(
    `INSERT INTO sections (run_id, section, title, task_id) VALUES (?, ?, ?, ?)
     ON CONFLICT (run_id, section) DO UPDATE SET task_id = excluded.task_id`,
  );
  const record = database.prepare(
    `INSERT INTO sections (run_id, section, title, task_id, rows, took_ms, warnings) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id, section) DO UPDATE SET title = excluded.title, task_id = coalesce(excluded.task_id, task_id), rows = excluded.rows,
       took_ms = excluded.took_ms, warnings = excluded.warnings`,
  );
  return {
    recordTask: (runId, section, title, taskId) =>
      transaction(() => {
        task.run(runId, section, title, taskId);
      }),
    recordSection: (runId, { section, title, taskId, rows, tookMs, warnings }) =>
      transaction(() => {
        record.run(runId, section, title, taskId, rows, tookMs, JSON.stringify(warnings));
      }),
  };
}

const DIED = "The worker that had it stopped without a word.";
const LOOK_FIRST = "Look at its deliveries, then run it again.";

function owners({
  database,
  transaction,
  reading,
}: Store): Pick<Ledger, "beat" | "lastServiceBeat" | "signOff" | "sweep"> {
  const beat = database.prepare(
    "INSERT INTO owners (owner, role, beat_at) VALUES (?, ?, ?) ON CONFLICT (owner) DO UPDATE SET beat_at = excluded.beat_at",
  );
  const last = database.prepare("SELECT max(beat_at) AS beat_at FROM owners WHERE role = 'service'");
  const signOff = database.prepare("DELETE FROM owners WHERE owner = ?");
  const bury = database.prepare("DELETE FROM owners WHERE beat_at < ?");
  const orphans = `SELECT id FROM runs WHERE ended_at IS NULL AND owner IS NOT NULL
                   AND owner NOT IN (SELECT owner FROM owners)`;
  const unknown = database.prepare(
    `UPDATE deliveries SET state = 'unknown', reason = '${DIED} It may have been delivered.', settled_at = ?
     WHERE state = 'sending' AND run_id IN (${orphans})`,
  );
  const unsent = database.prepare(
    `UPDATE deliveries SET state = 'cut_short', reason = '${DIED}', settled_at = ?
     WHERE state = 'pending' AND run_id IN (${orphans})`,
  );
  const cut = database.prepare(
    `UPDATE runs SET state = 'cut_short', reason = '${DIED}', advice = '${LOOK_FIRST}', ended_at = ? WHERE id IN (${orphans}) RETURNING *`,
  );
  return {
    beat: (owner, role, at) =>
      transaction(() => {
        beat.run(owner, role, at.getTime());
      }),
    lastServiceBeat: () =>
      reading(() => {
        const at = last.get()?.beat_at;
        return typeof at === "number" ? new Date(at) : null;
      }),
    signOff: (owner) =>
      transaction(() => {
        signOff.run(owner);
      }),
    sweep: (deadline, at) =>
      transaction(() => {
        bury.run(deadline.getTime());
        unknown.run(at.getTime());
        unsent.run(at.getTime());
        return cut.all(at.getTime()).map(toRun);
      }),
  };
}

function reads({
  database,
  reading,
}: Store): Pick<Ledger, "run" | "findRun" | "runs" | "sections" | "lastTookMs"> {
  const byId = database.prepare("SELECT * FROM runs WHERE id = ?");
  const byKey = database.prepare("SELECT * FROM runs WHERE report = ? AND due_at = ? AND burst = ?");
  const latest = database.prepare(
    "SELECT * FROM runs WHERE (?1 IS NULL OR report = ?1) ORDER BY claimed_at DESC, id DESC LIMIT ?2",
  );
  const sections = database.prepare("SELECT * FROM sections WHERE run_id = ? ORDER BY section");
  const took = database.prepare(
    `SELECT took_ms FROM sections JOIN runs ON runs.id = run_id
     WHERE report = ? AND section = ? AND took_ms IS NOT NULL ORDER BY claimed_at DESC LIMIT 1`,
  );
  const one = (row: ReturnType<typeof byId.get>): Run | null => (row === undefined ? null : toRun(row));
  return {
    run: (id) => reading(() => one(byId.get(id))),
    findRun: (key) => reading(() => one(byKey.get(key.report, key.dueAt.getTime(), key.burst))),
    runs: ({ report, limit }) => reading(() => latest.all(report ?? null, limit).map(toRun)),
    sections: (runId) => reading(() => sections.all(runId).map(toSection)),
    lastTookMs: (report, section) =>
      reading(() => {
        const ms = took.get(report, section)?.took_ms;
        return typeof ms === "number" ? ms : null;
      }),
  };
}
