/**
 * Something that a run leaves for the next one: the rows of a section, the value of a KPI. Only runs for a tick leave something: what
 * a person tries out, or repeats beside the tick, is nothing to compare with.
 */
export interface Remembered {
  /** Unique within the run: "changes 2", "kpi flights.count". */
  readonly name: string;
  /** JSON. */
  readonly data: string;
}

export interface Recalled {
  readonly runId: string;
  readonly dueAt: Date;
  readonly data: string;
}

/** A metric's value of one date. One whose value is no finite number, or whose date has more than 64 characters, is not kept. */
export interface Point {
  /** ISO 8601 date or date and time, as the data has it: sorts as text. */
  readonly on: string;
  readonly value: number;
}

/** How many values of a metric are kept. */
export const POINTS_MAX = 1_000;

/** What stands behind an address that was given to recipients. Of the address itself only a hash is kept. */
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
  | { readonly kind: "embed"; readonly url: string };
