import { basename, dirname, join } from "node:path";
import { ReportError } from "../../core/error.ts";

/*
 * A ledger that a running process can no longer trust. Retryable: work waits for a person rather than failing, and goes on with the next
 * start.
 */

/** `reason`: in SQLite's own words. */
export function damagedLedger(file: string, reason: string): ReportError {
  return new ReportError(`The ledger ${file} is damaged: ${reason}.`, {
    code: "local",
    advice: repairAdvice(file),
    retryable: true,
  });
}

/** `what` happened to which of its files. */
export function lostLedger(file: string, what: string): ReportError {
  return new ReportError(`The ledger ${file} is not the one this process works with any more: ${what}.`, {
    code: "local",
    advice: `Stop the service first. Then put the ledger that is to count into ${dirname(file)}: ${names(file)} as they were together, or a backup of ${basename(file)} alone. Start the service again: it goes on from what that ledger knows. ${TWICE}`,
    retryable: true,
  });
}

/** What to do about a damaged ledger, step by step. */
export function repairAdvice(file: string): string {
  const recovered = join(dirname(file), "recovered.sqlite");
  return [
    `Stop the service first, and keep a copy of ${dirname(file)}.`,
    `Then put back a backup, or save what can be read: sqlite3 ${file} .recover | sqlite3 ${recovered}`,
    `Put the one that is to count in the place of ${basename(file)}, with ${basename(file)}-wal and ${basename(file)}-shm moved away; see \`lookpost history\`, and start the service.`,
    'Where sqlite3 has no .recover ("SQL logic error"), docs/operations.md has another way.',
    TWICE,
  ].join(" ");
}

const TWICE =
  'What a backup does not know of may be sent twice: docs/operations.md, "A damaged ledger", says how to avoid that.';

function names(file: string): string {
  const name = basename(file);
  return `${name}, ${name}-wal and ${name}-shm`;
}
