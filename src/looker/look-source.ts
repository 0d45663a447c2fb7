import { z } from "zod";
import type { Finding, Source } from "../core/adapter.ts";
import { ReportError } from "../core/error.ts";
import type { Result } from "../core/result.ts";
import { webUrl } from "./base-url.ts";
import { checkQuery } from "./check-query.ts";
import type { Looker } from "./client.ts";
import { isObject, textIn } from "./loose-json.ts";
import { isOutOfSight, OutOfSight } from "./out-of-sight.ts";
import { patiently } from "./patience.ts";
import { knownQuery, QUERY_FIELDS } from "./query-body.ts";
import { readQuery } from "./read-query.ts";
import { runContent } from "./run-content.ts";
import type { Content } from "./run-query.ts";

const LOOK_URL = /^(?:https?:\/\/)?[^\s/]+(?:\/[^\s?#]*)?\/looks\/(\d+)(?:[/?#].*)?$/i;

const NO_LOOK = "Expected the id of a Look, such as 42, or the address of its page.";

const OUT_OF_SIGHT_ADVICE =
  "Check the id (lookpost looks lists those that can be seen) and the API user's access to the Look's folder and model.";

/** The id of a Look, or the address of its page. */
export const lookOptions = z
  .union(
    [
      z.int().positive({ error: NO_LOOK }),
      z.string().regex(/^\s*\d+\s*$/),
      z.string().trim().regex(LOOK_URL),
    ],
    { error: NO_LOOK },
  )
  .describe("A saved Look: its id (the number in its address), or the address of its page.");

export type LookOptions = z.infer<typeof lookOptions>;

/** Runs a Look; with filters or a limit of the section's own, a query made from the Look's. */
export function lookSource(looker: Looker): Source<LookOptions> {
  return {
    kind: "look",
    describe: (options) => `Look ${lookId(options)}`,
    async run(options, request, context): Promise<Result> {
      const look = await readLook(looker, options, context.signal);
      return { ...(await runContent(looker, look, request, context)), title: look.title };
    },
    async check(options, request, signal): Promise<readonly Finding[]> {
      const read = async () => (await readLook(looker, options, signal)).query.body;
      return checkQuery(looker, read, request, signal);
    },
  };
}

interface LookContent extends Content {
  readonly title: string | null;
}

/** The Look's query, title and address. Rejects with ReportError `not_found` where it is absent, in the trash or not to be seen. */
export async function readLook(
  looker: Looker,
  options: LookOptions,
  signal: AbortSignal,
): Promise<LookContent> {
  const id = lookId(options);
  const fields = `id,title,deleted,query_id,short_url,query(${QUERY_FIELDS})`;
  const look = await patiently(looker, signal, () =>
    looker.call((sdk, call) => sdk.look(id, fields, call), signal),
  ).catch((error: unknown) => {
    throw isOutOfSight(error)
      ? new OutOfSight("look", `Look ${id}`, { advice: OUT_OF_SIGHT_ADVICE }, error)
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

function lookId(options: LookOptions): string {
  const text = String(options).trim();
  return LOOK_URL.exec(text)?.[1] ?? text;
}

function titled(title: unknown): string {
  const text = textIn(title);
  return text === null ? "" : ` ("${text}")`;
}
