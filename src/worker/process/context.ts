import type { Listener } from "../../core/model/event.ts";
import type { ChartRenderer } from "../../core/model/picture.ts";
import type { Report } from "../../core/model/report.ts";
import type { Format, Source } from "../../core/ports/adapter.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { OpenDestination } from "../../core/ports/destination.ts";
import type { FitArtifacts, FitPictures } from "../../core/ports/fit.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import type { LinkStore } from "../../core/ports/link-store.ts";
import type { Notebook } from "../../core/ports/notebook.ts";
import type { OwnerRole } from "../../core/ports/owners.ts";
import type { Fill } from "../../core/ports/template.ts";
import type { Slots } from "../../core/rules/slots.ts";
import type { Circuits } from "./circuits.ts";
import type { Lease } from "./lease.ts";
import type { RefusedLogins } from "./refused-logins.ts";
import type { SpoolFolder } from "./spool-folder.ts";
import type { Traffic } from "./traffic.ts";
import type { UnderWay } from "./under-way.ts";

/** All that a piece of work needs, given once. */
export interface WorkerContext {
  /** Waits for a ledger that cannot be reached for the moment. */
  readonly ledger: Ledger;
  /** The same, and rejects at once. */
  readonly ledgerNow: Pick<Ledger, "commitDelivery">;
  readonly adapters: Adapters;
  readonly spools: SpoolFolder;
  /** The report of that name as reports.yaml has it now, or null. */
  readonly report: (name: string) => Report | null;
  /** No other service is at this ledger: what is not in our file is in no other. */
  readonly isOnlyService: boolean;
  /** This process's right to act, at this moment. */
  readonly lease: () => Lease;
  readonly role: OwnerRole;
  readonly circuits: Circuits;
  readonly traffic: Traffic;
  readonly refusedLogins: RefusedLogins;
  /** Addresses of this worker's own that recipients can be given; null: it serves none. */
  readonly links: LinkStore | null;
  readonly underWay: UnderWay;
  /** For the deliveries of each destination: one that is slow must not hold up the others. */
  readonly slots: (kind: string) => Slots;
  /** What each kind of destination keeps between attempts. */
  readonly notebook: (kind: string) => Notebook;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly newId: () => string;
  readonly listener: Listener;
  /** Takes secrets out of a text before it is written down. */
  readonly redact: (text: string) => string;
  /** Writes the commands in a text as they are called where this worker runs. The ledger has them as `lookpost retry RUN`. */
  readonly spell: (text: string) => string;
  /** Told of failures that belong to no run, such as a ledger that cannot be written for a moment. */
  readonly trouble: (thrown: unknown) => void;
  /** Everything but sending: the run ends as skipped, its files stay in the spool. */
  readonly dryRun: boolean;
}

/**
 * The sources, formats and destinations by their words in the YAML, and what else the worker needs of other rooms. Options were
 * read by the adapter's own schema, which is why they are `unknown` here. The first three throw ReportError `config` for a word it does not know.
 */
export interface Adapters {
  source(kind: string): Source<unknown>;
  format(kind: string): Format<unknown>;
  destination(kind: string): OpenDestination;
  fit: FitArtifacts;
  fitPictures: FitPictures;
  /** Loaded when something is first drawn. */
  readonly chartRenderer: ChartRenderer;
  /** What a file that `brand:` names holds now, by its path as it is written. Rejects with ReportError `config`. */
  brandFile(path: string): Promise<Uint8Array>;
  /** Fills one text of the YAML. Loaded when there is a template. */
  fill(): Promise<Fill>;
}
