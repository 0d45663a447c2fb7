import { statSync } from "node:fs";
import type { ReportError } from "../../core/error.ts";
import type { Generation } from "./generation.ts";
import { damagedLedger, lostLedger } from "./lost.ts";
import { openIndex } from "./open-index.ts";

/**
 * Whether the ledger that a process has open is still the one at its path. A file that was moved, removed or replaced stays open, and
 * what is written into it is seen by no one else; a damaged one is damaged further. Once it is lost, it is for good: what has happened
 * to it meanwhile this process cannot know.
 */
export interface Guard {
  /** Throws the same ReportError each time once the ledger is lost. Costs a few microseconds. */
  confirm(): void;
  /** The same after this process has written. */
  confirmWritten(): void;
  /** As `confirm`, without looking at the files. */
  refuseIfLost(): void;
  /**
   * Where something other than this process has written since this was asked before: "log": into the log, or its index does not fit; "all": into
   * the database's file too.
   */
  writtenByOthers(): "none" | "log" | "all";
  /** The ledger is damaged. Returns the error to throw. */
  damaged(reason: string): ReportError;
  /** To be called once the database is closed. */
  close(): void;
}

/** `file`: the database, open in WAL mode, so that its -wal and -shm files are there. `tell` is called once. */
export function guardLedger(
  file: string,
  generation: Pick<Generation, "goesOn">,
  tell: (lost: ReportError) => void,
): Guard {
  const opened = [file, `${file}-wal`, `${file}-shm`].map((path) => ({
    path,
    identity: seen(path)?.identity,
  }));
  let lost: ReportError | null = null;
  // In WAL mode this file is written at checkpoints alone: those of this process are known.
  let stamp = seen(file)?.stamp;
  let logStamp = seen(`${file}-wal`)?.stamp;
  let foreign: "none" | "log" | "all" = "none";
  const index = openIndex(`${file}-shm`);
  const lose = (error: ReportError): ReportError => {
    if (lost === null) {
      lost = error;
      tell(error);
    }
    return lost;
  };
  const refuseIfLost = () => {
    if (lost !== null) throw lost;
  };
  /** Whether the database's file and its log were written since the last time. */
  const look = (): { readonly isWritten: boolean; readonly isLogWritten: boolean } => {
    refuseIfLost();
    const before = { stamp, logStamp };
    for (const { path, identity } of opened) {
      const found = seen(path);
      if (identity !== undefined && found?.identity !== identity && found?.identity !== UNKNOWN)
        throw lose(lostLedger(file, wordsOf(path, found)));
      if (path === file) stamp = found?.stamp;
      if (path.endsWith("-wal")) logStamp = found?.stamp;
    }
    const isWritten = stamp !== before.stamp;
    if (isWritten && !generation.goesOn())
      throw lose(lostLedger(file, `an older state, such as a backup, was copied over ${file}`));
    return { isWritten, isLogWritten: logStamp !== before.logStamp };
  };
  const confirm = () => {
    const { isWritten, isLogWritten } = look();
    if (isWritten) foreign = "all";
    else if (isLogWritten && foreign === "none") foreign = "log";
  };
  return {
    confirm,
    refuseIfLost,
    confirmWritten: () => void look(),
    writtenByOthers() {
      confirm();
      const was = foreign === "none" && !index.fits() ? "log" : foreign;
      foreign = "none";
      return was;
    },
    close: () => index.close(),
    damaged: (reason) => lose(damagedLedger(file, reason)),
  };
}

interface Seen {
  /** Device and inode. */
  readonly identity: string;
  /** When it was last written, and its size. */
  readonly stamp: string;
}

const UNKNOWN = "unknown";

/** Null: there is no such file. A disk that fails says so when it is read or written. */
function seen(path: string): Seen | null {
  try {
    const { dev, ino, mtimeNs, ctimeNs, size } = statSync(path, { bigint: true });
    return { identity: `${dev} ${ino}`, stamp: `${mtimeNs} ${ctimeNs} ${size}` };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : null;
    return code === "ENOENT" || code === "ENOTDIR" ? null : { identity: UNKNOWN, stamp: UNKNOWN };
  }
}

function wordsOf(path: string, now: Seen | null): string {
  return now === null
    ? `${path} was removed or moved away`
    : `${path} was replaced: it is another file than the one this process has open`;
}
