import type { Brand } from "../core/model/brand.ts";
import type { Problem } from "../core/model/problem.ts";
import type { DeliverTo, Report } from "../core/model/report.ts";
import type { Schema } from "../core/ports/adapter.ts";
import type { RecipientKeys } from "../core/ports/destination.ts";
import type { CheckTemplate } from "../core/ports/template.ts";
import type { LocatedProblem } from "./problems/problem.ts";
import type { Keep, Server } from "./schema/file-keys.ts";
import type { StoreAddress } from "./schema/store.ts";

/** The words that adapters bring into reports.yaml, each with the schema that reads what is under it. */
export interface Language<C> {
  /** Top-level blocks by name. */
  readonly connections: { readonly [K in keyof C]: ConnectionWord<C[K]> };
  readonly sources: readonly SourceWord[];
  /** A format's word may be alone: then its schema reads `{}`. */
  readonly formats: readonly FormatWord[];
  readonly destinations: readonly DestinationWord[];
  /** Checks the texts that are templates. */
  readonly templates: CheckTemplate;
}

export interface ConnectionWord<T> {
  readonly schema: Schema<T>;
  /** Environment variables, any of which can replace the whole block. */
  readonly environment?: readonly string[];
}

export interface Word {
  readonly kind: string;
  readonly schema: Schema<unknown>;
  readonly description: string;
}

export interface SourceWord extends Word {
  /** It is a content of several parts, each of which becomes a section: a dashboard. */
  readonly hasParts?: boolean;
}

export interface FormatWord extends Word {
  /** It can be made of contents of several parts alone. */
  readonly needsParts?: boolean;
}

export interface DestinationWord extends Word {
  /** The block it cannot do without, or null. */
  readonly connection: string | null;
  /** Where its options name recipients. Absent: nowhere that an audience may be. */
  readonly recipients?: RecipientKeys;
}

/** A reports.yaml that has been checked. */
export interface Config<C> {
  readonly file: string;
  /** It, and those that it includes, in the order in which they were read. */
  readonly files: readonly string[];
  /** Its directory is as it is written: relative to the file. */
  readonly store: StoreAddress;
  readonly keep: Keep;
  /** Pinged every minute while the scheduler is well; with `/fail` at the end of its path when it is not. Null: nothing is. */
  readonly heartbeat: string | null;
  /** Where `/healthz` and `/readyz` are served; null: nowhere. */
  readonly server: Server | null;
  /** Font files for charts, as they are written: relative to the file. */
  readonly fonts: readonly string[];
  /** That of what belongs to no report. */
  readonly brand: Brand;
  /** Absent: not in the file. */
  readonly connections: Partial<C>;
  /** `defaults.on_failure`: those who are told of what belongs to no report. */
  readonly onFailure: readonly DeliverTo[];
  /** In the order of the files. */
  readonly reports: readonly Report[];
  /** Of every report whose schedule can be read, though the rest of it may have problems. In the order of the files. */
  readonly schedules: readonly Pick<Report, "name" | "schedule">[];
  /** The blocks that were left out since a reference in them leads to nothing here, and why. Empty unless that was asked for. */
  readonly unset: Readonly<Record<string, Problem>>;
  /** What is worth knowing, where nothing is wrong. */
  readonly notes: readonly LocatedProblem[];
  /** Values that must not be shown anywhere. */
  readonly secrets: readonly string[];
  /** Where some of them are too short to be hidden: "slack.token". */
  readonly secretsTooShort: readonly string[];
  /**
   * Where a problem is in the file, by its path in a report with every default filled in: a report in the short form has its one section
   * at `sections, 0` too.
   */
  locate(problem: Problem): LocatedProblem;
}

/** With problems, the configuration holds the reports without any; null where the rest of the file cannot be used either. */
export type Loaded<C> =
  | { readonly config: Config<C>; readonly problems: readonly [] }
  | { readonly config: Config<C> | null; readonly problems: readonly LocatedProblem[] };
