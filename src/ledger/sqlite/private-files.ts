import { chmodSync, mkdirSync, statSync, writeFileSync } from "node:fs";

/** What a ledger holds is its owner's alone, whatever the umask. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Makes the folder if need be. One that is there keeps its mode: who may enter it was somebody's choice. */
export function makePrivateFolder(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: FOLDER_MODE });
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
