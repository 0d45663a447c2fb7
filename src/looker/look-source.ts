import { z } from "zod";
import type { Finding, Source } from "../core/adapter.ts";
import type { Result } from "../core/result.ts";
import { checkQuery } from "./check-query.ts";
import type { Looker } from "./client.ts";
import { readLook } from "./read-look.ts";
import { runContent } from "./run-content.ts";

const LOOK_URL = /^(?:https?:\/\/)?[^\s/]+(?:\/[^\s?#]*)?\/looks\/(\d+)(?:[/?#].*)?$/i;

const NO_LOOK = "Expected the id of a Look, such as 42, or the address of its page.";

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
