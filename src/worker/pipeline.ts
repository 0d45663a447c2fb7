import type { Clock } from "../core/clock.ts";
import type { Pipeline } from "../core/engine.ts";
import type { Listener } from "../core/event.ts";
import type { Ledger, OwnerRole } from "../core/ledger.ts";
import type { Report } from "../core/report.ts";
import type { Adapters } from "./adapters.ts";
import { makeDelivery } from "./delivery.ts";
import { carryOut } from "./run.ts";
import type { SpoolFolder } from "./spool-folder.ts";

/** All that a run needs, given once. */
export interface Workshop {
  readonly ledger: Ledger;
  readonly adapters: Adapters;
  readonly spools: SpoolFolder;
  /** The report of that name as reports.yaml has it now, or null. */
  readonly report: (name: string) => Report | null;
  /** This process in the ledger. */
  readonly owner: string;
  readonly role: OwnerRole;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly listener: Listener;
  /** Takes secrets out of a text before it is written down. */
  readonly redact: (text: string) => string;
  /** Hears of failures that belong to no run, such as a ledger that cannot be written for a moment. */
  readonly trouble: (thrown: unknown) => void;
  /** Everything but sending: the run ends as skipped, its files stay in the spool. */
  readonly dryRun: boolean;
}

/**
 * What fails in a run or a delivery is written into the ledger. Where that cannot be written, `trouble` hears of it, and what
 * was under way stands in the ledger as it was: the next sweep finds it.
 */
export function createPipeline(workshop: Workshop): Pipeline {
  return {
    run: (runId, signal) =>
      carryOut(runId, signal, workshop).catch((thrown) => {
        workshop.trouble(thrown);
        return [];
      }),
    deliver: (deliveryId, signal) => makeDelivery(deliveryId, signal, workshop).catch(workshop.trouble),
  };
}
