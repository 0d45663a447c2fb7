import type { IWriteQuery } from "@looker/sdk";

/** A query that is to be run, and what it belongs to. */
export interface Content {
  readonly query: KnownQuery;
  readonly lookId: string | null;
  /** Where people find it in Looker. */
  readonly url: string;
}

/** A query as it is kept by Looker, ready to run. */
export interface KnownQuery {
  readonly id: string;
  readonly body: QueryBody;
  /** Where people find it, or null. */
  readonly url: string | null;
}

export type QueryBody = Partial<IWriteQuery> & { readonly model: string; readonly view: string };
