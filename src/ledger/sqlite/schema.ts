import type { DatabaseSync } from "node:sqlite";
import { ReportError } from "../../core/error.ts";
import { VERSION_2 } from "./version/v2.ts";
import { VERSION_3 } from "./version/v3.ts";
import { VERSION_4 } from "./version/v4.ts";
import { VERSION_5 } from "./version/v5.ts";
import { VERSION_6 } from "./version/v6.ts";

/** As it was released, never to be edited. Times are milliseconds since 1970 in UTC. */
const VERSION_1 = `
  CREATE TABLE runs (
    id         TEXT PRIMARY KEY,
    report     TEXT NOT NULL,
    due_at     INTEGER NOT NULL,
    burst      TEXT NOT NULL,
    trigger    TEXT NOT NULL,
    state      TEXT NOT NULL,
    owner      TEXT,
    reason     TEXT,
    advice     TEXT,
    rows       INTEGER,
    claimed_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at   INTEGER,
    UNIQUE (report, due_at, burst)
  ) STRICT;
  CREATE INDEX runs_by_claim ON runs (claimed_at);
  CREATE INDEX runs_under_way ON runs (state) WHERE ended_at IS NULL;

  CREATE TABLE sections (
    run_id   TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    section  INTEGER NOT NULL,
    title    TEXT NOT NULL,
    task_id  TEXT,
    rows     INTEGER,
    took_ms  INTEGER,
    warnings TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (run_id, section)
  ) STRICT;

  CREATE TABLE deliveries (
    id          TEXT PRIMARY KEY,
    run_id      TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,
    target      TEXT NOT NULL,
    recipients  TEXT NOT NULL,
    state       TEXT NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    external_id TEXT,
    reason      TEXT,
    advice      TEXT,
    refused     TEXT NOT NULL DEFAULT '[]',
    bytes       INTEGER,
    planned_at  INTEGER NOT NULL,
    settled_at  INTEGER,
    UNIQUE (run_id, kind, target, recipients)
  ) STRICT;

  CREATE TABLE attempts (
    delivery_id TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    attempt     INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    outcome     TEXT,
    reason      TEXT,
    PRIMARY KEY (delivery_id, attempt)
  ) STRICT;

  CREATE TABLE owners (
    owner   TEXT PRIMARY KEY,
    role    TEXT NOT NULL,
    beat_at INTEGER NOT NULL
  ) STRICT;
  `;

/** One entry for each released version of the tables, applied in order. */
const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5, VERSION_6];

/** Brings the tables to this version. Refuses a ledger that a newer lookpost has written. */
export function migrate(database: DatabaseSync, file: string): void {
  // The version is read under the lock: of two processes that open a new folder at once, one makes the tables.
  database.exec("BEGIN IMMEDIATE");
  try {
    const { version } = versionOf(database, file);
    for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
    if (version < MIGRATIONS.length) database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    database.exec("COMMIT");
  } catch (cause) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw cause;
  }
}

/** Its version, and the latest that is known. Throws ReportError `local` for a newer one. */
export function versionOf(
  database: DatabaseSync,
  file: string,
): { readonly version: number; readonly known: number } {
  const version = Number(database.prepare("PRAGMA user_version").get()?.user_version ?? 0);
  if (version > MIGRATIONS.length) throw tooNew(version, file);
  return { version, known: MIGRATIONS.length };
}

function tooNew(version: number, file: string): ReportError {
  return new ReportError(
    `The ledger ${file} is of version ${version}; this lookpost knows up to ${MIGRATIONS.length}.`,
    {
      code: "local",
      advice: "Start the newer lookpost that wrote it, or name another folder under `store:`.",
    },
  );
}
