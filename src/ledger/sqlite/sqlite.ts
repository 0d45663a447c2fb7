import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { ReportError } from "../../core/error.ts";
import type { Work } from "../../core/model/work.ts";
import type { Announce, Ledger } from "../../core/ports/ledger.ts";
import type { Dialect, Steps } from "../steps.ts";
import { ledgerVerbs } from "../verbs/verbs.ts";
import { diskFault, isDamage } from "./disk-fault.ts";
import { countGenerations } from "./generation.ts";
import { guardLedger } from "./guard.ts";
import { inspector, type StartInspection } from "./inspect.ts";
import { refuseNetworkDisk } from "./network-disk.ts";
import { makePrivate, makePrivateFolder, tighten } from "./private-files.ts";
import { migrate } from "./schema.ts";

const BUSY_TIMEOUT_MS = 5_000;

/** Told once when the ledger is damaged, moved or replaced while it is open: from then on every verb rejects with this. */
export type Lost = (error: ReportError) => void;

/**
 * Opens the ledger in `directory/ledger.sqlite`, making the folder if need be. Several processes may have it open:
 * `history` and `run` work next to the service. `announce` gets the work right after the commit that made it. Rejects with
 * ReportError `local` when the folder cannot be used.
 */
export async function openSqliteLedger(
  directory: string,
  announce: Announce = () => undefined,
  lost: Lost = () => undefined,
  startInspection?: StartInspection,
): Promise<Ledger> {
  const file = join(directory, "ledger.sqlite");
  const { database, generation } = open(directory, file);
  const guard = guardLedger(file, generation, lost);
  const steps = sqliteSteps(database);
  const inspect = inspector(file, guard, startInspection);
  const fault = (cause: unknown, how: string) => {
    // What went wrong with a file that is not at its path any more says nothing about the ledger.
    guard.confirm();
    if (isDamage(cause)) return guard.damaged(messageOf(cause));
    return diskFault(`The ledger ${file} cannot be ${how}`, directory, cause);
  };
  return {
    ...ledgerVerbs(sqliteDialect, {
      async write<T>(begin: () => Steps<T>): Promise<T> {
        const announced: Work[] = [];
        let value: T;
        guard.confirm();
        try {
          value = inTransaction(database, () => {
            generation.advance();
            return steps(begin(), announced);
          });
        } catch (cause) {
          throw fault(cause, "written");
        }
        // Now it is in the file at this path, and not in one that was moved away meanwhile.
        guard.confirmWritten();
        if (announced.length > 0) announce(announced);
        return value;
      },
      async read<T>(begin: () => Steps<T>): Promise<T> {
        guard.refuseIfLost();
        try {
          return steps(begin(), []);
        } catch (cause) {
          throw fault(cause, "read");
        }
      },
    }),
    async compact() {
      guard.confirm();
      try {
        compactSqlite(database);
        guard.confirmWritten();
      } catch (cause) {
        throw fault(cause, "written");
      }
    },
    inspect: () => inspect(),
    async close() {
      await inspect.stop();
      database.close();
      guard.close();
    },
  };
}

function open(directory: string, file: string) {
  let database: DatabaseSync | null = null;
  try {
    makePrivateFolder(directory);
    refuseNetworkDisk(directory);
    makePrivate(file);
    for (const end of ["-wal", "-shm"]) tighten(`${file}${end}`);
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    // FULL: a delivery that was written as being sent must be found so after a power cut. auto_vacuum counts for a new file.
    database.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
                   PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;`);
    migrate(database, file);
    return { database, generation: countGenerations(database, file) };
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

/**
 * Carries out steps on one connection, without ever giving way to other work. Every statement is prepared once: their texts are
 * a fixed set. What the steps announce is added to `announced`.
 */
export function sqliteSteps(database: DatabaseSync): <T>(steps: Steps<T>, announced: Work[]) => T {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return (steps, announced) => {
    for (let step = steps.next([]); ; ) {
      if (step.done === true) return step.value;
      if ("sql" in step.value) {
        step = steps.next(prepared(step.value.sql).all(...step.value.values));
      } else {
        announced.push(...step.value.announced);
        step = steps.next([]);
      }
    }
  };
}

/** A write transaction has the whole file for itself: nothing is to be locked. There is one clock, the machine's. */
export const sqliteDialect: Dialect = {
  forUpdate: "",
  now: "?",
  rows(alias, columns) {
    const values = Object.entries(columns).map(([name, type]) => {
      const part = `value ->> '${name}'`;
      return `${type === "real" ? `CAST(${part} AS REAL)` : part} AS ${name}`;
    });
    return `(SELECT ${values.join(", ")} FROM json_each(?)) AS ${alias}`;
  },
  *lock() {
    // See above.
  },
};

/** Less than this is left for new rows, which will want it again. */
const FREE_SHARE_MIN = 0.25;
const FREE_PAGES_MIN = 256;

/** Pages given back in one go, about 20 MB: nothing else is written meanwhile, nor beats of this process. */
const PAGES_AT_ONCE_MAX = 5_000;

const INCREMENTAL = 2;

/** Gives free pages back to the disk where they are a good part of the file, and empties the write-ahead log. */
function compactSqlite(database: DatabaseSync): void {
  const free = pragma(database, "freelist_count");
  const pages = pragma(database, "page_count");
  if (free >= FREE_PAGES_MIN && free >= pages * FREE_SHARE_MIN) {
    if (pragma(database, "auto_vacuum") === INCREMENTAL)
      database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE_MAX})`);
    // A file of the first version: rewritten once, from then on it shrinks in steps.
    else database.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
  }
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
}
