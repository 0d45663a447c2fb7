import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ReportError } from "../core/error.ts";
import type { Ledger } from "../core/ledger.ts";
import { migrate } from "./schema.ts";
import { sqliteDeliveries } from "./sqlite-deliveries.ts";
import { sqliteRuns } from "./sqlite-runs.ts";

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the ledger in `directory/ledger.sqlite`, making the folder if need be. Several processes may have it open:
 * `history` and `run` work beside the service. Rejects with ReportError `local` when the folder cannot be used.
 */
export async function openSqliteLedger(directory: string): Promise<Ledger> {
  const file = join(directory, "ledger.sqlite");
  const database = open(directory, file);
  const store: Store = {
    database,
    transaction: (work) => told(`The ledger ${file} cannot be written`, () => inTransaction(database, work)),
    reading: (work) => told(`The ledger ${file} cannot be read`, work),
  };
  return {
    ...sqliteRuns(store),
    ...sqliteDeliveries(store),
    async close() {
      database.close();
    },
  };
}

/** The database as the verbs use it. Both ways of using it reject with ReportError `local`. */
export interface Store {
  readonly database: DatabaseSync;
  transaction<T>(work: () => T): Promise<T>;
  reading<T>(work: () => T): Promise<T>;
}

function open(directory: string, file: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true });
    const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    // FULL: a delivery that was written as being sent must be found so after a power cut.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    migrate(database, file);
    return database;
  } catch (cause) {
    throw failure(`The ledger ${file} cannot be opened`, cause);
  }
}

/** Runs `work` as one transaction. It is synchronous on purpose: an await inside would hold the write lock across other work. */
function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const value = work();
    database.exec("COMMIT");
    return value;
  } catch (cause) {
    // On a full disk SQLite has rolled back by itself, and a second time would hide the reason.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw cause;
  }
}

async function told<T>(what: string, work: () => T): Promise<T> {
  try {
    return work();
  } catch (cause) {
    throw failure(what, cause);
  }
}

function failure(what: string, cause: unknown): ReportError {
  if (cause instanceof ReportError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ReportError(`${what}: ${reason}`, {
    code: "local",
    advice:
      "Check that the folder under `store:` exists, belongs to the user lookpost runs as, and has room on its disk.",
    cause,
  });
}
