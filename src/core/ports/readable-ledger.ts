import type { Ticks, Upkeep } from "./ledger.ts";
import type { Reads } from "./ledger-reads.ts";
import type { Owners } from "./owners.ts";
import type { UnsubscriptionReads } from "./unsubscriptions.ts";

/** What can be asked of a ledger without writing anything. */
export type ReadableLedger = Reads &
  UnsubscriptionReads &
  Pick<Ticks, "plans"> &
  Pick<Owners, "lastServiceBeat" | "deadOwners"> &
  Pick<Upkeep, "circuits">;
