import type { Ledger } from "../../core/ports/ledger.ts";
import type { Dialect, PlainVerb, Steps, Verb, VerbSteps } from "../steps.ts";
import { deliveryVerbs } from "./deliveries.ts";
import { linkVerbs } from "./links.ts";
import { memoryVerbs, packed, rememberPacked } from "./memory.ts";
import { noteVerbs } from "./notes.ts";
import { ownerVerbs } from "./owners.ts";
import { readVerbs } from "./reads.ts";
import { runVerbs } from "./runs.ts";
import { tickVerbs } from "./ticks.ts";
import { unsubscriptionVerbs } from "./unsubscriptions.ts";
import { upkeepVerbs } from "./upkeep.ts";

/** How a database carries out steps. `begin` is called once for each attempt at the transaction. */
export interface Driver {
  write<T>(begin: () => Steps<T>): Promise<T>;
  /** Only reads, and needs no transaction. */
  read<T>(begin: () => Steps<T>): Promise<T>;
}

const READS: ReadonlySet<string> = new Set<PlainVerb>([
  "plans",
  "cancelsAsked",
  "lastServiceBeat",
  "deadOwners",
  "work",
  "circuits",
  "traffic",
  "run",
  "findRun",
  "runs",
  "runAttempts",
  "delivery",
  "deliveries",
  "deliveryAttempts",
  "sections",
  "lastTookMs",
  "streak",
  "missedWith",
  "recall",
  "kept",
  "points",
  "isImported",
  "link",
  "unsubscribed",
  "notes",
]);

/** The ledger's verbs over one database. */
export function ledgerVerbs(dialect: Dialect, driver: Driver): Pick<Ledger, Verb> {
  const verbs: VerbSteps = {
    ...tickVerbs(dialect),
    ...runVerbs(dialect),
    ...deliveryVerbs(dialect),
    ...ownerVerbs(dialect),
    ...memoryVerbs,
    ...linkVerbs,
    ...unsubscriptionVerbs,
    ...noteVerbs(dialect),
    ...upkeepVerbs(dialect),
    ...readVerbs,
  };
  const methods = Object.entries(verbs).map(([name, verb]) => {
    const steps = verb as unknown as (...values: unknown[]) => Steps<unknown>;
    const carryOut = READS.has(name) ? driver.read : driver.write;
    return [name, (...values: unknown[]) => carryOut(() => steps(...values))];
  });
  return {
    ...(Object.fromEntries(methods) as Pick<Ledger, PlainVerb>),
    async remember(fence, kept, at) {
      const ready = await packed(kept);
      return driver.write(() => rememberPacked(dialect, fence, ready, at));
    },
  };
}
