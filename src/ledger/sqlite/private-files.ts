import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What a ledger holds is its owner's alone, whatever the umask. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/**
 * Makes the folder, and those above it, if need be. One that is there keeps its mode: who may enter it was somebody's choice. One by one:
 * Node's `recursive` never ends where a parent says that it is not there and takes no folder, as below /proc.
 */
export function makePrivateFolder(directory: string): void {
  const parent = dirname(directory);
  if (parent !== directory && !existsSync(parent)) makePrivateFolder(parent);
  try {
    mkdirSync(directory, { mode: FOLDER_MODE });
  } catch (cause) {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) throw cause;
  }
}

/**
 * Makes the files if need be, empty, before SQLite does, which goes by the umask; the -wal and -shm files take over the mode of their
 * database. Those that others may read or write are closed to them.
 */
export function makePrivate(...files: readonly string[]): void {
  for (const file of files) {
    try {
      writeFileSync(file, "", { flag: "wx", mode: FILE_MODE });
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause && cause.code === "EEXIST")) throw cause;
      tighten(file);
    }
  }
}

/** Leaves alone what is not there, and what another user owns. */
export function tighten(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined || (found.mode & 0o077) === 0) return;
  try {
    chmodSync(file, FILE_MODE);
  } catch {
    // It is another user's, or on a disk without modes.
  }
}
