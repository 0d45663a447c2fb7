import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Work } from "../../core/model/work.ts";
import type { Announce, Ledger } from "../../core/ports/ledger.ts";
import type { Steps } from "../steps.ts";
import { ledgerVerbs } from "../verbs/verbs.ts";
import { compactSqlite } from "./compact.ts";
import { sqliteDialect } from "./dialect.ts";
import { diskFault } from "./disk-fault.ts";
import { refuseNetworkDisk } from "./network-disk.ts";
import { migrate } from "./schema.ts";
import { sqliteSteps } from "./steps.ts";

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the ledger in `directory/ledger.sqlite`, making the folder if need be. Several processes may have it open:
 * `history` and `run` work beside the service. `announce` hears of work right after the commit that made it. Rejects with
 * ReportError `local` when the folder cannot be used.
 */
export async function openSqliteLedger(
  directory: string,
  announce: Announce = () => undefined,
): Promise<Ledger> {
  const file = join(directory, "ledger.sqlite");
  const database = open(directory, file);
  const steps = sqliteSteps(database);
  const fault = (cause: unknown, how: string) =>
    diskFault(`The ledger ${file} cannot be ${how}`, directory, cause);
  return {
    ...ledgerVerbs(sqliteDialect, {
      async write<T>(begin: () => Steps<T>): Promise<T> {
        const announced: Work[] = [];
        let value: T;
        try {
          value = inTransaction(database, () => steps(begin(), announced));
        } catch (cause) {
          throw fault(cause, "written");
        }
        if (announced.length > 0) announce(announced);
        return value;
      },
      async read<T>(begin: () => Steps<T>): Promise<T> {
        try {
          return steps(begin(), []);
        } catch (cause) {
          throw fault(cause, "read");
        }
      },
    }),
    async compact() {
      try {
        compactSqlite(database);
      } catch (cause) {
        throw fault(cause, "written");
      }
    },
    async close() {
      database.close();
    },
  };
}

function open(directory: string, file: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    mkdirSync(directory, { recursive: true });
    refuseNetworkDisk(directory);
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    // FULL: a delivery that was written as being sent must be found so after a power cut. auto_vacuum counts for a new file.
    database.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
                   PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;`);
    migrate(database, file);
    return database;
  } catch (cause) {
    database?.close();
    throw diskFault(`The ledger ${file} cannot be opened`, directory, cause);
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
