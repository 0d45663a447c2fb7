import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ReportError } from "../../core/error.ts";
import { diskFault } from "./disk-fault.ts";
import { refuseNetworkDisk } from "./network-disk.ts";
import { makePrivate, makePrivateFolder } from "./private-files.ts";

export interface FolderLock {
  release(): void;
}

/** Held as long as the process lives: a connection without a reference would be collected, and the lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Makes `owner` the only service of the ledger in `directory` for as long as it lives. The lock is the operating system's, on a
 * file next to the ledger: it ends with the process, however that ends. Throws ReportError `config` where another service has it,
 * in this process or another, and `local` where the folder cannot be used.
 */
export function lockFolder(directory: string, owner: string): FolderLock {
  const holder = join(directory, "owner.txt");
  const database = lock(directory, holder);
  held.add(database);
  try {
    writeFileSync(holder, `owner: ${owner}\npid: ${process.pid}\nsince: ${new Date().toISOString()}\n`);
  } catch {
    // It only helps a person: that the lock is held, the lock itself says.
  }
  return {
    release() {
      if (!held.delete(database)) return;
      rmSync(holder, { force: true });
      database.close();
    },
  };
}

/** Whether a service works on the folder, or is stopped there: the lock is held for as long as its process lives. */
export function isFolderLocked(directory: string): boolean {
  const file = join(directory, "owner.lock");
  if (!existsSync(file)) return false;
  const database = new DatabaseSync(file, { timeout: 0, readOnly: true });
  try {
    database.prepare("SELECT count(*) FROM sqlite_master").get();
    return false;
  } catch {
    return true;
  } finally {
    database.close();
  }
}

/** A process that only looks whether it is held holds it for a moment. */
const LOOKING_MS_MAX = 1_000;

function lock(directory: string, holder: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    makePrivateFolder(directory);
    refuseNetworkDisk(directory);
    makePrivate(join(directory, "owner.lock"), holder);
    database = new DatabaseSync(join(directory, "owner.lock"), { timeout: LOOKING_MS_MAX });
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (cause) {
    database?.close();
    const BUSY = 5;
    if (cause instanceof Error && "errcode" in cause && cause.errcode === BUSY)
      throw taken(directory, holder);
    throw diskFault(`The folder ${directory} cannot be locked`, directory, cause);
  }
}

function taken(directory: string, holder: string): ReportError {
  return new ReportError(
    `Another lookpost service is already using the folder ${directory}${whose(holder)}.`,
    {
      code: "config",
      advice:
        "Stop that one first, or name another folder under `store:`. `run`, `history`, `retry`, `resend` and `cancel` can be used while it runs.",
    },
  );
}

/** Who has it, as far as the text next to the lock says. */
function whose(holder: string): string {
  try {
    const lines = readFileSync(holder, "utf8").trim().split("\n");
    return ` (${lines.join(", ")})`;
  } catch {
    return "";
  }
}
