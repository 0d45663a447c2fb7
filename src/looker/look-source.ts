import type { Finding, Source } from "../core/adapter.ts";
import type { Result } from "../core/result.ts";
import { checkQuery } from "./check-query.ts";
import type { Looker } from "./client.ts";
import type { LookOptions } from "./look-schema.ts";
import { readLook } from "./read-look.ts";
import { runContent } from "./run-content.ts";

export const LOOK_URL = /^(?:https?:\/\/)?[^\s/]+(?:\/[^\s?#]*)?\/looks\/(\d+)(?:[/?#].*)?$/i;

/** Runs a Look; with filters or a limit of the section's own, a query made from the Look's. */
export function lookSource(looker: Looker): Source<LookOptions> {
  return {
    kind: "look",
    describe: (options) => `Look ${lookId(options)}`,
    async run(options, request, context): Promise<Result> {
      const look = await readLook(looker, lookId(options), context.signal);
      return { ...(await runContent(looker, look, request, context)), title: look.title };
    },
    async check(options, request, signal): Promise<readonly Finding[]> {
      const read = async () => (await readLook(looker, lookId(options), signal)).query.body;
      return checkQuery(looker, read, request, signal);
    },
  };
}

/** Its id alone, whichever way it is written. */
export function lookId(options: LookOptions): string {
  const text = String(options).trim();
  return LOOK_URL.exec(text)?.[1] ?? text;
}
