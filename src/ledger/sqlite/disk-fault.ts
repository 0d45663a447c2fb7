import { accessSync, constants, existsSync, lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { diskRefusal } from "../../core/disk.ts";
import { ReportError } from "../../core/error.ts";
import { shortageOf } from "../../core/shortage.ts";
import { repairAdvice } from "./lost.ts";
import { whyUnwritable } from "./why-unwritable.ts";

/** SQLite's primary result codes (sqlite.org/rescode.html); the low byte of what node:sqlite gives as `errcode`. */
const BUSY = 5;
const NOMEM = 7;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;

/** Whether SQLite says that the file itself is not as it should be. */
export function isDamage(cause: unknown): boolean {
  const code = codeOf(cause);
  return code === CORRUPT || code === NOTADB;
}

interface Fault {
  readonly what: string;
  readonly advice: string;
  readonly retryable?: boolean;
}

/** What went wrong with the ledger's file or folder, as ReportError `local`. `what` says what could not be done. */
export function diskFault(what: string, directory: string, cause: unknown): ReportError {
  if (cause instanceof ReportError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const code = codeOf(cause);
  const known = systemCode(code, cause, directory) ?? code;
  const { what: words, advice, retryable = false } = faultOf(known, reason, directory, cause);
  return new ReportError(`${what}: ${words}`, { code: "local", advice, retryable, cause });
}

function faultOf(code: number | string | null, reason: string, directory: string, cause: unknown): Fault {
  const refusal = diskRefusal(code, directory);
  if (refusal !== null) {
    // A disk that is read-only from the start is a mistake; one that becomes so under a service is what SQLite has no word for.
    const retryable = refusal.passes || primaryOf(cause) === IOERR;
    const goesOn = retryable ? " lookpost goes on by itself once it can write." : READ_AS_IT_IS;
    return {
      what: `${refusal.what}. Nothing of what is written there is damaged.`,
      advice: `${refusal.advice}${goesOn}`,
      retryable,
    };
  }
  if (code === BUSY)
    return {
      what: "another process kept it locked for 5 s.",
      advice: `Look for what holds ${directory} for so long (a backup, a slow disk).`,
      retryable: true,
    };
  if (code === READONLY || code === "EACCES" || code === "EPERM")
    return {
      what: `the folder or the file is read-only for this user (${reason}).`,
      advice: `Give the user lookpost runs as the right to write in ${directory}, mount its disk for writing, or name another folder under \`store:\`.${READ_AS_IT_IS}`,
    };
  if (code === "EEXIST" && lstatSync(directory, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    return {
      what: `${directory} is a link to a folder that is not there.`,
      advice: "Mount the disk that it leads to, make the folder there, or name another one under `store:`.",
    };
  if (code === "EEXIST" || code === "ENOTDIR")
    return {
      what: `a file is in the place of the folder ${directory}, or of one above it.`,
      advice: "Name another folder under `store:`, or move the file away.",
    };
  if (code === CORRUPT || code === NOTADB)
    return {
      what: `it is damaged, or not a ledger at all (${reason}).`,
      advice: repairAdvice(join(directory, "ledger.sqlite")),
    };
  if (code === IOERR)
    return {
      what: `the disk failed (${reason}).`,
      advice: `Look at the disk of ${directory}: it may be gone, or failing (see \`dmesg\`).`,
      retryable: true,
    };
  // The folder is there and may be written: what is missing is descriptors, or memory.
  if (code === CANTOPEN || code === NOMEM || shortageOf(cause) !== null)
    return { what: reason, advice: shortageOf(cause)?.advice ?? CHECK_LIMITS, retryable: true };
  return { what: reason, advice: CHECK_FOLDER };
}

const READ_AS_IT_IS = " `lookpost history` reads it as it is.";

const CHECK_LIMITS =
  "Check how many files lookpost may have open (`ulimit -n`; LimitNOFILE= in systemd), and whether the machine has free memory.";

const CHECK_FOLDER =
  "Check that the folder under `store:` exists, belongs to the user lookpost runs as, and has room on its disk.";

/** The system's word for what SQLite or mkdir says no reason of; null: there is none, or the code says it itself. */
function systemCode(code: number | string | null, cause: unknown, directory: string): string | null {
  if (code === FULL) return "ENOSPC";
  // Where a file or folder would have to be made says why it cannot be.
  if (code === CANTOPEN || code === READONLY || code === "ENOENT") return refusalOf(directory);
  return code === IOERR ? whyUnwritable(directory, extendedOf(cause) ?? IOERR) : null;
}

/** Why this user may not write in the folder, or where it would have to be made; null where he may. */
function refusalOf(directory: string): string | null {
  let nearest = directory;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK);
    return null;
  } catch (cause) {
    return String(codeOf(cause));
  }
}

function codeOf(cause: unknown): number | string | null {
  const primary = primaryOf(cause);
  if (primary !== null || !(cause instanceof Error)) return primary;
  return "code" in cause && typeof cause.code === "string" ? cause.code : null;
}

function primaryOf(cause: unknown): number | null {
  const extended = extendedOf(cause);
  return extended === null ? null : extended & 0xff;
}

function extendedOf(cause: unknown): number | null {
  return cause instanceof Error && "errcode" in cause && typeof cause.errcode === "number"
    ? cause.errcode
    : null;
}
