import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { type LedgerReader, noLedger } from "../reader.ts";
import type { Steps } from "../steps.ts";
import { ledgerVerbs } from "../verbs/verbs.ts";
import { diskFault } from "./disk-fault.ts";
import { isFolderLocked } from "./folder-lock.ts";
import { migrate, versionOf } from "./schema.ts";
import { sqliteDialect, sqliteSteps } from "./sqlite.ts";

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the ledger in `directory` for looking alone: no byte of the folder is changed, nothing is made there, and no lock of a writer is
 * waited for. It can be on a full disk, on one that is read-only, and belong to another user. Rejects with ReportError: `config` where there is none,
 * `local` where it cannot be read.
 */
export async function openSqliteReader(directory: string): Promise<LedgerReader> {
  const file = resolve(directory, "ledger.sqlite");
  if (!existsSync(file)) throw noLedger(file);
  const fault = (cause: unknown) => diskFault(`The ledger ${file} cannot be read`, directory, cause);
  let opened: Opened;
  try {
    opened = await open(file);
  } catch (cause) {
    throw fault(cause);
  }
  const read = async <T>(begin: () => Steps<T>): Promise<T> => {
    try {
      if (opened.isOutdated()) {
        opened.close();
        opened = await open(file);
      }
      return opened.steps(begin(), []);
    } catch (cause) {
      throw fault(cause);
    }
  };
  const verbs = ledgerVerbs(sqliteDialect, {
    read,
    write: () => Promise.reject(new Error("It only reads.")),
  });
  return {
    name: file,
    readOnly: null,
    ledger: {
      ...verbs,
      // A service that is suspended is not dead.
      deadOwners: async (dead, at) => (isLocked(directory) ? [] : verbs.deadOwners(dead, at)),
    },
    close: async () => opened.close(),
  };
}

interface Opened {
  readonly steps: ReturnType<typeof sqliteSteps>;
  /** Whether a writer has come since. */
  isOutdated(): boolean;
  close(): void;
}

/**
 * A database in WAL mode is normally read through its -shm file, which a reader makes or mends, and the last process to close it takes the
 * log away. These ways do neither (sqlite.org/uri.html, sqlite.org/wal.html, "Read-Only Databases"; `readonly_shm`: os_unix.c).
 */
async function open(file: string): Promise<Opened> {
  const opened = openInPlace(file);
  const { version, known } = versionOf(opened.database, file);
  if (version === known) return opened;
  // Of an older lookpost: this one's tables are made in a copy.
  const folder = temporaryFolder();
  const copy = join(folder, "ledger.sqlite");
  try {
    await backup(opened.database, copy);
    return inFolder(folder, new DatabaseSync(copy));
  } finally {
    opened.close();
  }
}

function openInPlace(file: string): Opened & { readonly database: DatabaseSync } {
  const hasLog = () => (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  if (!hasLog()) return inPlace(file, "immutable=1", hasLog);
  if (existsSync(`${file}-shm`)) return inPlace(file, "readonly_shm=1", () => false);
  // A log without its index, as a copy of the folder may have it.
  const folder = temporaryFolder();
  const copy = join(folder, "ledger.sqlite");
  for (const end of ["", "-wal"]) copyFileSync(`${file}${end}`, `${copy}${end}`);
  return inFolder(folder, new DatabaseSync(copy));
}

function inPlace(file: string, parameters: string, isOutdated: () => boolean) {
  const url = pathToFileURL(file);
  url.search = parameters;
  const database = new DatabaseSync(url, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  return { database, steps: sqliteSteps(database), isOutdated, close: () => database.close() };
}

function inFolder(folder: string, database: DatabaseSync) {
  migrate(database, join(folder, "ledger.sqlite"));
  return {
    database,
    steps: sqliteSteps(database),
    isOutdated: () => false,
    close() {
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "lookpost-read-"));
}

/** What another user's lock is like cannot be known. */
function isLocked(directory: string): boolean {
  try {
    return isFolderLocked(directory);
  } catch {
    return false;
  }
}
