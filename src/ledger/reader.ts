import { ReportError } from "../core/error.ts";
import type { ReadableLedger } from "../core/ports/readable-ledger.ts";

/** A ledger that is only looked at. */
export interface LedgerReader {
  /** Where it is, for people and without secrets: the file's path, or the server and the database. */
  readonly name: string;
  /** Why what changes something is refused there, and what to do, in sentences; null: it is not, or that cannot be known. */
  readonly readOnly: string | null;
  readonly ledger: ReadableLedger;
  close(): Promise<void>;
}

/** A command that looks, or mends, never makes one. */
export function noLedger(name: string): ReportError {
  return new ReportError(
    `There is no ledger at ${name}; the service may use another store (LOOKPOST_STORE).`,
    {
      code: "config",
      advice:
        "Call it as the service is called: with the same reports.yaml, and with LOOKPOST_STORE and DATABASE_URL as they are set there. A ledger is made by `lookpost start`, `lookpost run` and `lookpost preview`.",
    },
  );
}
