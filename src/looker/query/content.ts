import type { IWriteQuery } from "@looker/sdk";

/** A query that is to be run, and what it belongs to. */
export interface Content {
  readonly query: KnownQuery;
  readonly lookId: string | null;
  /** Where people find it in Looker. */
  readonly url: string;
  /** Settings of its page where they are not the query's own: those of a dashboard's tile. */
  readonly visConfig?: unknown;
}

/** How its page in Looker shows it. */
export function visConfigOf({ visConfig, query }: Content): unknown {
  return visConfig ?? query.body.vis_config;
}

/** A query as it is kept by Looker, ready to run. */
export interface KnownQuery {
  readonly id: string;
  readonly body: QueryBody;
  /** Where people find it, or null. */
  readonly url: string | null;
}

export type QueryBody = Partial<IWriteQuery> & { readonly model: string; readonly view: string };
