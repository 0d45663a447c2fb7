import type { Run } from "../../core/model/run.ts";
import type { Dead, OwnerRole, Owners } from "../../core/ports/owners.ts";
import { ms, text, timeOrNull } from "../rows.ts";
import { all, type Dialect, one, run, type Steps, type VerbSteps } from "../steps.ts";
import { freeOwner } from "./free.ts";
import { forgetLinks } from "./links.ts";
import { forgetNotes } from "./notes.ts";
import { claimTask, dropTask, forgetTasks, releaseSlot, shareTask, takeSlot } from "./queries.ts";

/** The processes that carry out runs, and what they share. */
export function ownerVerbs(dialect: Dialect): Pick<VerbSteps, keyof Owners> {
  return {
    signIn: (owner, role, at) => signIn(dialect, owner, role, at),
    beat: (owner, at) => beat(dialect, owner, at),
    signOff: (owner, at) => signOff(dialect, owner, at),
    lastServiceBeat,
    deadOwners: (dead, at) => deadOwners(dialect, dead, at),
    sweep: (dead, at) => sweep(dialect, dead, at),
    claimTask: (key, owner, at) => claimTask(dialect, key, owner, at),
    shareTask,
    dropTask,
    takeSlot: (pool, slotsMax, owner) => takeSlot(dialect, pool, slotsMax, owner),
    releaseSlot,
  };
}

function* signIn(dialect: Dialect, owner: string, role: OwnerRole, at: Date): Steps<void> {
  yield* run(
    `INSERT INTO owners (owner, role, beat_at) VALUES (?, ?, ${dialect.now})
     ON CONFLICT (owner) DO UPDATE SET role = excluded.role, beat_at = excluded.beat_at`,
    owner,
    role,
    ms(at),
  );
}

function* beat(dialect: Dialect, owner: string, at: Date): Steps<boolean> {
  const sql = `UPDATE owners SET beat_at = ${dialect.now} WHERE owner = ? RETURNING owner`;
  return (yield* one(sql, ms(at), owner)) !== null;
}

function* signOff(dialect: Dialect, owner: string, at: Date): Steps<void> {
  yield* run("DELETE FROM owners WHERE owner = ?", owner);
  yield* freeOwner(dialect, owner, "handed_back", at);
}

function* lastServiceBeat(): Steps<Date | null> {
  const row = yield* one("SELECT max(beat_at) AS beat_at FROM owners WHERE role = 'service'");
  return timeOrNull(row?.beat_at);
}

function* sweep(dialect: Dialect, dead: Dead, at: Date): Steps<readonly Run[]> {
  yield* forgetTasks(at);
  yield* forgetLinks(at);
  yield* forgetNotes(dialect, at);
  const isAnyDead = (yield* silent(dialect, dead, at)).length > 0;
  if (!isAnyDead && (yield* orphaning()).length === 0) return [];
  // One after the other: two that free the same runs would wait for each other's rows.
  yield* dialect.lock("sweep");
  // Locked, so that one who beats at this very moment is not among them.
  for (const owner of yield* silent(dialect, dead, at, dialect.forUpdate))
    yield* run("DELETE FROM owners WHERE owner = ?", owner);
  const touched: Run[] = [];
  for (const owner of yield* orphaning()) touched.push(...(yield* freeOwner(dialect, owner, "lost", at)));
  return touched;
}

function* deadOwners(dialect: Dialect, dead: Dead, at: Date): Steps<readonly string[]> {
  return [...new Set([...(yield* silent(dialect, dead, at)), ...(yield* orphaning())])];
}

/** Owners that are dead and still signed in. */
function* silent(
  dialect: Dialect,
  { silentMs, onlyService }: Dead,
  at: Date,
  lock = "",
): Steps<readonly string[]> {
  const rows = yield* all(
    `SELECT owner FROM owners WHERE beat_at < ${dialect.now} - ? OR (role = 'service' AND owner <> coalesce(?, owner))
     ORDER BY owner${lock}`,
    ms(at),
    silentMs,
    onlyService,
  );
  return rows.map((row) => text(row.owner));
}

/** Owners that are not signed in and have something all the same. Each branch has an index of just that. */
function* orphaning(): Steps<readonly string[]> {
  const rows = yield* all(
    `SELECT DISTINCT owner FROM (
       SELECT owner FROM runs WHERE owner IS NOT NULL
       UNION ALL SELECT reserved_for AS owner FROM runs WHERE reserved_for IS NOT NULL
       UNION ALL SELECT owner FROM deliveries WHERE owner IS NOT NULL
       UNION ALL SELECT reserved_for AS owner FROM deliveries WHERE reserved_for IS NOT NULL
       UNION ALL SELECT owner FROM places
       UNION ALL SELECT owner FROM tasks WHERE task_id IS NULL
     ) AS holders WHERE owner NOT IN (SELECT owner FROM owners) ORDER BY owner`,
  );
  return rows.map((row) => text(row.owner));
}
