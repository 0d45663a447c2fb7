import type { ReportError } from "../../core/error.ts";
import { isOutOfSight, OutOfSight } from "../explore/not-visible.ts";
import type { Looker } from "../http/client.ts";
import { patiently } from "../http/retry.ts";
import { type KnownQuery, keepQuery, knownQuery, QUERY_FIELDS } from "./body.ts";

/** The link that Looker gives for sharing an exploration; it ends with the query's slug. */
export const SHARE_URL = /^(?:https?:\/\/)?[^\s/]+(?:\/[^\s?#]*)?\/x\/(\w+)(?:[/?#].*)?$/i;

/**
 * A query by its id, its slug or its share link. It never changes: asking once in this process is enough. Rejects with
 * OutOfSight where it is absent or not to be seen.
 */
export async function readQuery(
  looker: Looker,
  options: string | number,
  signal: AbortSignal,
): Promise<KnownQuery> {
  const text = String(options).trim();
  const name = SHARE_URL.exec(text)?.[1] ?? text;
  const key = `name:${name}`;
  const kept = looker.queries.get(key);
  if (kept !== undefined) return kept;
  const answer = await patiently(looker, signal, () =>
    looker.call(
      (sdk, call) =>
        /^\d+$/.test(name)
          ? sdk.query(name, QUERY_FIELDS, call)
          : sdk.query_for_slug(name, QUERY_FIELDS, call),
      signal,
    ),
  ).catch((error: unknown) => {
    throw isOutOfSight(error) ? outOfSight(name, error) : error;
  });
  const query = knownQuery(answer);
  if (query === null) throw outOfSight(name, null);
  return keepQuery(looker, key, query);
}

function outOfSight(name: string, cause: ReportError | null): OutOfSight {
  const advice =
    "Check the id or slug: it is the last part of the link that Looker gives for sharing an exploration.";
  return new OutOfSight("query", `The query "${name}"`, { advice }, cause);
}
