import type { Owners, Ticks, Upkeep } from "./ledger.ts";
import type { Reads } from "./ledger-reads.ts";

/** What can be asked of a ledger without writing anything. */
export type ReadableLedger = Reads &
  Pick<Ticks, "plans"> &
  Pick<Owners, "lastServiceBeat" | "deadOwners"> &
  Pick<Upkeep, "circuits">;
