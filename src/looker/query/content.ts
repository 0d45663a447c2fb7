import type { KnownQuery } from "./body.ts";

/** A query that is to be run, and what it belongs to. */
export interface Content {
  readonly query: KnownQuery;
  readonly lookId: string | null;
  /** Where people find it in Looker. */
  readonly url: string;
}
