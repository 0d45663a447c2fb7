import { describe } from "vitest";
import { deliveriesContract } from "./deliveries.ts";
import { inLineContract } from "./in-line.ts";
import { linksContract } from "./links.ts";
import { memoryContract } from "./memory.ts";
import { notesContract } from "./notes.ts";
import { noticesContract } from "./notices.ts";
import { ownersContract } from "./owners.ts";
import { runsContract } from "./runs.ts";
import type { OpenStore } from "./scene.ts";
import { stormContract } from "./storm.ts";
import { ticksContract } from "./ticks.ts";
import { unsubscriptionsContract } from "./unsubscriptions.ts";
import { upkeepContract } from "./upkeep.ts";

/** What every ledger owes, whatever it is kept in. `open` gives an empty store. */
export function ledgerContract(name: string, open: OpenStore): void {
  describe(name, () => {
    ticksContract(open);
    runsContract(open);
    inLineContract(open);
    deliveriesContract(open);
    noticesContract(open);
    ownersContract(open);
    memoryContract(open);
    linksContract(open);
    unsubscriptionsContract(open);
    notesContract(open);
    upkeepContract(open);
    stormContract(open);
  });
}
