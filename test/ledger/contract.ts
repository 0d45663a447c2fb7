import { describe } from "vitest";
import { deliveriesContract } from "./deliveries-contract.ts";
import { inLineContract } from "./in-line-contract.ts";
import { linksContract } from "./links-contract.ts";
import { memoryContract } from "./memory-contract.ts";
import { ownersContract } from "./owners-contract.ts";
import { runsContract } from "./runs-contract.ts";
import type { OpenStore } from "./scene.ts";
import { stormContract } from "./storm-contract.ts";
import { ticksContract } from "./ticks-contract.ts";
import { upkeepContract } from "./upkeep-contract.ts";

/** What every ledger owes, whatever it is kept in. `open` gives an empty store. */
export function ledgerContract(name: string, open: OpenStore): void {
  describe(name, () => {
    ticksContract(open);
    runsContract(open);
    inLineContract(open);
    deliveriesContract(open);
    ownersContract(open);
    memoryContract(open);
    linksContract(open);
    upkeepContract(open);
    stormContract(open);
  });
}
