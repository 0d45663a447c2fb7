import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Those of SQLite's extended codes that tell of a write (sqlite.org/rescode.html): IOERR_WRITE, _FSYNC, _TRUNCATE, _SHMSIZE. */
const OF_A_WRITE: ReadonlySet<number> = new Set([778, 1034, 1546, 4874]);

/** More than SQLite writes in one go. */
const PROBE_BYTES = 64 * 1024;

/**
 * The system's word (errno(3)) for why the ledger in `directory` could not be written, which SQLite keeps to itself: it says "disk I/O error" of a quota,
 * a limit and a disk that became read-only. Found by writing a file of our own there for a moment. Null: it was no write, or such a file
 * can be written.
 */
export function whyUnwritable(directory: string, extended: number): string | null {
  if (!OF_A_WRITE.has(extended)) return null;
  if (isAtSizeLimit(directory)) return "EFBIG";
  const probe = join(directory, `.probe-${process.pid}`);
  try {
    const file = openSync(probe, "wx", 0o600);
    try {
      writeSync(file, Buffer.alloc(PROBE_BYTES));
    } finally {
      closeSync(file);
    }
    return null;
  } catch (cause) {
    return cause instanceof Error && "code" in cause ? String(cause.code) : null;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** Whether one of the ledger's files has come to the size that this process may write (setrlimit(2), RLIMIT_FSIZE). */
function isAtSizeLimit(directory: string): boolean {
  const limit = sizeLimit();
  return ["", "-wal", "-shm"].some((end) => {
    const found = statSync(join(directory, `ledger.sqlite${end}`), { throwIfNoEntry: false });
    return found !== undefined && found.size + PROBE_BYTES > limit;
  });
}

/** The soft limit of this process in bytes (proc(5)); infinity where there is none, or the system does not say. */
function sizeLimit(): number {
  try {
    const [, soft] = /^Max file size\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
