import type { ReportError } from "../../core/error.ts";
import { isNotVisible, NotVisible } from "../explore/not-visible.ts";
import type { Looker } from "../http/client.ts";
import { retry } from "../http/retry.ts";
import { keepQuery, knownQuery, QUERY_FIELDS } from "./body.ts";
import type { KnownQuery } from "./content.ts";

/** The link that Looker gives for sharing an exploration; it ends with the query's slug. */
export const SHARE_URL = /^(?:https?:\/\/)?[^\s/]+(?:\/[^\s?#]*)?\/x\/(\w+)(?:[/?#].*)?$/i;

/**
 * A query by its id, its slug or its share link. It never changes: asking once in this process is enough. Rejects with
 * NotVisible where it is absent or not to be seen.
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
  const answer = await retry(looker, signal, () =>
    looker.call(
      (sdk, call) =>
        /^\d+$/.test(name)
          ? sdk.query(name, QUERY_FIELDS, call)
          : sdk.query_for_slug(name, QUERY_FIELDS, call),
      signal,
    ),
  ).catch((error: unknown) => {
    throw isNotVisible(error) ? notVisible(name, error) : error;
  });
  const query = knownQuery(answer);
  if (query === null) throw notVisible(name, null);
  return keepQuery(looker, key, query);
}

function notVisible(name: string, cause: ReportError | null): NotVisible {
  const advice =
    "Check the id or slug: it is the last part of the link that Looker gives for sharing an exploration.";
  return new NotVisible("query", `The query "${name}"`, { advice }, cause);
}
