import { ReportError } from "../../core/error.ts";
import { webUrl } from "../connection/base-url.ts";
import { isNotVisible, NotVisible } from "../explore/not-visible.ts";
import type { Looker } from "../http/client.ts";
import { keptBriefly } from "../http/client.ts";
import { isObject, textIn } from "../http/loose-json.ts";
import { retry } from "../http/retry.ts";
import { knownQuery, QUERY_FIELDS } from "../query/body.ts";
import type { Content } from "../query/content.ts";
import { readQuery } from "../query/read.ts";

const NOT_VISIBLE_ADVICE =
  "Check the id (lookpost looks lists those that can be seen) and the API user's access to the Look's folder and model.";

/** The reports of one tick may ask for the same Look; a person who changes it and tries again takes longer than this. */
const KEPT_MS = 5_000;
const KEPT_MAX = 200;

export interface LookContent extends Content {
  readonly title: string | null;
}

const briefly = keptBriefly<LookContent>(KEPT_MS, KEPT_MAX);

/**
 * The Look's query, title and address, asked for once for all who want them within a few seconds: the signal ends only the
 * caller's own waiting. Rejects with ReportError `not_found` where it is absent, in the trash or not to be seen.
 */
export function readLook(looker: Looker, id: string, signal: AbortSignal): Promise<LookContent> {
  return briefly(looker, id, signal, () => askLook(looker, id));
}

async function askLook(looker: Looker, id: string): Promise<LookContent> {
  // None of the callers' own: the others may still wait. The time limit of each request ends it.
  const { signal } = new AbortController();
  const fields = `id,title,deleted,query_id,short_url,query(${QUERY_FIELDS})`;
  const look = await retry(looker, signal, () =>
    looker.call((sdk, call) => sdk.look(id, fields, call), signal),
  ).catch((error: unknown) => {
    throw isNotVisible(error)
      ? new NotVisible("look", `Look ${id}`, { advice: NOT_VISIBLE_ADVICE }, error)
      : error;
  });
  if (look.deleted === true) {
    throw new ReportError(`Look ${id}${titled(look.title)} is in Looker's trash.`, {
      code: "not_found",
      advice: "Restore it in Looker, or name another Look.",
    });
  }
  const queryId = textIn(look.query_id);
  const query =
    knownQuery(isObject(look.query) ? { ...look.query, id: look.query.id ?? queryId } : null) ??
    (queryId === null ? null : await readQuery(looker, queryId, signal));
  if (query === null) {
    throw new ReportError(`Look ${id}${titled(look.title)} has no query that can be run.`, {
      code: "not_found",
      advice: "Open the Look in Looker and save it again.",
    });
  }
  const url = `${webUrl(looker.baseUrl, query.url)}/looks/${id}`;
  return { query, lookId: id, title: textIn(look.title), url };
}

function titled(title: unknown): string {
  const text = textIn(title);
  return text === null ? "" : ` ("${text}")`;
}
