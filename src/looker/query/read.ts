import type { ReportError } from "../../core/error.ts";
import { webUrl } from "../connection/base-url.ts";
import { refuseElsewhere } from "../connection/same-looker.ts";
import { isNotVisible, NotVisible } from "../explore/not-visible.ts";
import type { Looker } from "../http/client.ts";
import { retry } from "../http/retry.ts";
import { keepQuery, knownQuery, QUERY_FIELDS } from "./body.ts";
import type { KnownQuery } from "./content.ts";

/** The link that Looker gives for sharing an exploration; it ends with the query's slug. */
export const SHARE_URL = /^(?:https?:\/\/)?[^\s/]+(?:\/[^\s?#]*)?\/x\/(\w+)(?:[/?#].*)?$/is;

/** The address of an exploration that is open in Looker, which names its query by slug. */
export const EXPLORE_URL =
  /^(?:https?:\/\/)?[^\s/]+(?:\/[^\s?#]*)?\/explore\/[^\s/?#]+\/[^\s/?#]+\/?\?(?:[^\s#]*&)?qid=(\w+)(?:[&#].*)?$/is;

/** Of queries before Looker 25.2. */
const NUMERIC = /^\d+$/;

/** The slug or id, whichever way it is written. */
function slugOf(options: string | number): string {
  const text = String(options).trim();
  return SHARE_URL.exec(text)?.[1] ?? EXPLORE_URL.exec(text)?.[1] ?? text;
}

/**
 * A query by its slug, its share link, the address of an exploration, or its id of before Looker 25.2. It never changes: asking once in this process is enough. Rejects with
 * NotVisible where it is absent or not to be seen.
 */
export async function readQuery(
  looker: Looker,
  options: string | number,
  signal: AbortSignal,
): Promise<KnownQuery> {
  const query = await readSlug(looker, slugOf(options), signal);
  refuseElsewhere(options, looker.baseUrl, webUrl(looker.baseUrl, query.url));
  return query;
}

async function readSlug(looker: Looker, name: string, signal: AbortSignal): Promise<KnownQuery> {
  const key = `name:${name}`;
  const kept = looker.queries.get(key);
  if (kept !== undefined) return kept;
  const answer = await retry(looker, signal, () =>
    looker.call(
      (sdk, call) =>
        NUMERIC.test(name)
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
  const advice = NUMERIC.test(name)
    ? "Numeric ids of queries are gone since Looker 25.2: take the slug, the last part of the link that Looker gives for sharing an exploration."
    : "Check the slug: it is the last part of the link that Looker gives for sharing an exploration.";
  return new NotVisible("query", `The query "${name}"`, { advice }, cause);
}
