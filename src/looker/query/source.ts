import type { Problem } from "../../core/model/problem.ts";
import type { Source } from "../../core/ports/adapter.ts";
import { drawBody, runRenderTask } from "../drawing/task.ts";
import type { Looker } from "../http/client.ts";
import { overridden } from "./body.ts";
import { checkQuery } from "./check.ts";
import type { QueryBody } from "./content.ts";
import { readQuery } from "./read.ts";
import { exploreUrl, hasOverrides, runBody, runContent } from "./run.ts";
import type { InlineQuery, QueryOptions } from "./schema.ts";

/** Runs a query that is written in the YAML, or one that Looker keeps. */
export function querySource(looker: Looker): Source<QueryOptions> {
  return {
    kind: "query",
    describe: named,
    async run(options, request, context) {
      if (typeof options === "object") {
        const body = overridden(bodyOf(options), request.filters, request.limit);
        return runBody(looker, body, request, context);
      }
      const query = await readQuery(looker, options, context.signal);
      const url = query.url ?? exploreUrl(looker, query.body);
      return runContent(looker, { query, lookId: null, url }, request, context);
    },
    async draw(options, request, order, context) {
      if (typeof options === "object") {
        const body = overridden(bodyOf(options), request.filters, request.limit);
        return drawBody(looker, body, named(options), order, context);
      }
      const { id, body } = await readQuery(looker, options, context.signal);
      if (!hasOverrides(request))
        return runRenderTask(looker, { kind: "query", id }, named(options), order, context);
      const changed = overridden(body, request.filters, request.limit);
      return drawBody(looker, changed, named(options), order, context);
    },
    async check(options, request, signal): Promise<readonly Problem[]> {
      const query =
        typeof options === "object"
          ? { read: async () => bodyOf(options), place: ["query"] }
          : { read: async () => (await readQuery(looker, options, signal)).body, place: null };
      return checkQuery(looker, query, request, signal);
    },
  };
}

function named(options: QueryOptions): string {
  return typeof options === "object" ? `${options.model}/${options.explore}` : `query ${options}`;
}

function bodyOf(options: InlineQuery): QueryBody {
  const { dynamic_fields: dynamic } = options;
  return {
    model: options.model,
    view: options.explore,
    fields: options.fields,
    ...(options.filters && { filters: options.filters }),
    ...(options.sorts && { sorts: options.sorts }),
    ...(options.pivots && { pivots: options.pivots }),
    ...(options.limit !== undefined && { limit: String(options.limit) }),
    ...(options.column_limit !== undefined && { column_limit: String(options.column_limit) }),
    ...(options.totals && { total: true }),
    // Looker names the side that the row totals are on.
    ...(options.row_totals && { row_total: "right" }),
    ...(dynamic && { dynamic_fields: typeof dynamic === "string" ? dynamic : JSON.stringify(dynamic) }),
    ...(options.filter_expression && { filter_expression: options.filter_expression }),
    ...(options.timezone && { query_timezone: options.timezone }),
  };
}
