import { ReportError } from "../core/error.ts";
import type { Looker } from "./client.ts";
import { patiently } from "./patience.ts";
import { type KnownQuery, knownQuery, QUERY_FIELDS } from "./query-body.ts";

/** The link that Looker gives for sharing an exploration; it ends with the query's slug. */
export const SHARE_URL = /^(?:https?:\/\/)?[^\s/]+(?:\/[^\s?#]*)?\/x\/(\w+)(?:[/?#].*)?$/i;

/**
 * A query by its id, its slug or its share link. It never changes: asking once in this process is enough. Rejects with
 * ReportError `not_found` where it is absent or not to be seen.
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
    throw error instanceof ReportError && (error.status === 404 || error.status === 403)
      ? notVisible(name, error)
      : error;
  });
  const query = knownQuery(answer);
  if (query === null) throw notVisible(name, null);
  looker.queries.set(key, query);
  return query;
}

function notVisible(name: string, cause: ReportError | null): ReportError {
  return new ReportError(`The query "${name}" does not exist, or the API user may not see it.`, {
    code: "not_found",
    advice:
      "Check the id or slug: it is the last part of the link that Looker gives for sharing an exploration.",
    ...(cause?.status != null && { status: cause.status }),
    ...(cause !== null && { cause }),
  });
}
