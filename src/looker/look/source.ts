import type { Problem } from "../../core/model/problem.ts";
import type { Result } from "../../core/model/result.ts";
import type { Source } from "../../core/ports/adapter.ts";
import { refuseElsewhere } from "../connection/same-looker.ts";
import { drawBody, runRenderTask } from "../drawing/task.ts";
import type { Looker } from "../http/client.ts";
import { overridden } from "../query/body.ts";
import { checkQuery } from "../query/check.ts";
import { hasOverrides, runContent } from "../query/run.ts";
import { type LookOptions, lookId } from "./id.ts";
import { type LookContent, readLook } from "./read.ts";

/** Runs a Look; with filters or a limit of the section's own, a query made from the Look's. */
export function lookSource(looker: Looker): Source<LookOptions> {
  /** Throws ReportError for the address of a Look elsewhere. */
  async function read(options: LookOptions, signal: AbortSignal): Promise<LookContent> {
    const look = await readLook(looker, lookId(options), signal);
    refuseElsewhere(options, looker.baseUrl, look.url);
    return look;
  }

  return {
    kind: "look",
    describe: (options) => `Look ${lookId(options)}`,
    async run(options, request, context): Promise<Result> {
      const look = await read(options, context.signal);
      return { ...(await runContent(looker, look, request, context)), title: look.title };
    },
    async draw(options, request, order, context) {
      const id = lookId(options);
      const isAddress = id !== String(options).trim();
      if (!hasOverrides(request)) {
        // Only an address can be one of elsewhere.
        if (isAddress) await read(options, context.signal);
        return runRenderTask(looker, { kind: "look", id }, `Look ${id}`, order, context);
      }
      const { query } = await read(options, context.signal);
      const body = overridden(query.body, request.filters, request.limit);
      return drawBody(looker, body, `Look ${id}`, order, context);
    },
    async check(options, request, signal): Promise<readonly Problem[]> {
      const query = { read: async () => (await read(options, signal)).query.body, place: null };
      return checkQuery(looker, query, request, signal);
    },
  };
}
