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
  const transaction = <T>(work: () => T): Promise<T> => inTransaction(database, file, work);
  return {
    ...sqliteRuns(database, transaction),
    ...sqliteDeliveries(database, transaction),
    async close() {
      database.close();
    },
  };
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

export type Transaction = <T>(work: () => T) => Promise<T>;

/** Runs `work` as one transaction. It is synchronous on purpose: an await inside would hold the write lock across other work. */
async function inTransaction<T>(database: DatabaseSync, file: string, work: () => T): Promise<T> {
  try {
    database.exec("BEGIN IMMEDIATE");
    try {
      const value = work();
      database.exec("COMMIT");
      return value;
    } catch (cause) {
      database.exec("ROLLBACK");
      throw cause;
    }
  } catch (cause) {
    throw failure(`The ledger ${file} cannot be written`, cause);
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
