import type { ReportRecipient } from "./unsubscription.ts";

/**
 * Something that a run leaves for later ones. Only runs that count as a tick leave something: a trial, or a repeat next to the tick,
 * is nothing to compare with.
 */
export type Remembered = RememberedData | RememberedPoints;

/** The rows of a section, the value of a KPI. */
export interface RememberedData {
  /** Unique within the run; at most NAME_LENGTH_MAX characters. */
  readonly name: string;
  /** JSON. */
  readonly data: string;
  /** The run that it was compared with under this name, or null: made again, it is compared with the same one. */
  readonly comparedWith: string | null;
}

/** Values of a metric, whose name has at most NAME_LENGTH_MAX characters. */
export interface RememberedPoints {
  readonly metric: string;
  readonly points: readonly Point[];
  /**
   * False: told by the run, and counted once something of it was sent. True: imported from elsewhere, counted at once, and never in
   * place of what a run told.
   */
  readonly isImport: boolean;
}

/** Names are parts of index entries, and of those Postgres takes some 2,700 bytes. */
export const NAME_LENGTH_MAX = 200;

export interface Recalled {
  readonly runId: string;
  readonly dueAt: Date;
  readonly data: string;
  readonly comparedWith: string | null;
}

/** A metric's value of one date. One whose value is not a finite number, or whose date has more than 64 characters, is not kept. */
export interface Point {
  /** ISO 8601 date or date and time, as the data has it: sorts as text. */
  readonly on: string;
  readonly value: number;
}

/** How many values of a metric are kept. */
export const POINTS_MAX = 1_000;

/** How many metrics of a report: each query, and each carrier that was ever on top, has its own. Those told longest ago go. */
export const METRICS_MAX = 100;

/** What is behind an address that was given to recipients. Of the address itself only a hash is kept. */
export interface Link {
  /** SHA-256 of the token, in hex. */
  readonly tokenHash: string;
  readonly runId: string;
  readonly expiresAt: Date;
  readonly target: LinkTarget;
}

export type LinkTarget =
  /** A file of the run's spool. `path` is relative to the folder of all spools. */
  | {
      readonly kind: "file";
      readonly path: string;
      readonly filename: string;
      readonly contentType: string;
      readonly bytes: number;
      readonly rows: number | null;
    }
  /** A page of Looker's, to be opened in a signed embed session. */
  | { readonly kind: "embed"; readonly url: string }
  /** Where one recipient ends that the report is sent to them. */
  | { readonly kind: "unsubscribe"; readonly who: ReportRecipient };
