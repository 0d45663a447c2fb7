import { ReportError } from "../../core/error.ts";
import type { Result } from "../../core/model/result.ts";
import type { SourceContext, SourceRequest } from "../../core/ports/adapter.ts";
import type { Looker } from "../http/client.ts";
import { createQuery, filtersOf, forgetQuery, limitOf, overridden, type QueryBody } from "./body.ts";
import type { Content } from "./content.ts";
import { explained } from "./explain-failure.ts";
import { runQuery } from "./run.ts";

/** Runs the content as it stands, or with the request's filters and limit as a query of its own. */
export async function runContent(
  looker: Looker,
  content: Content,
  request: SourceRequest,
  context: SourceContext,
): Promise<Result> {
  if (!changes(content.query.body, request)) return runQuery(looker, content, request, context);
  return runBody(looker, overridden(content.query.body, request.filters, request.limit), request, context);
}

/** Whether the request's filters and limit make another query of it. Dashboards often lay over a tile what it has itself. */
export function changes(body: QueryBody, { filters, limit }: SourceRequest): boolean {
  const own = filtersOf(body);
  const isFilteredAnew = Object.entries(filters).some(([field, value]) => own[field] !== value);
  return isFilteredAnew || (limit !== null && limit !== limitOf(body));
}

export function hasOverrides({ filters, limit }: SourceRequest): boolean {
  return Object.keys(filters).length > 0 || limit !== null;
}

/** Runs a query that is given by its body. Its id is kept; where Looker has forgotten it, it is made once more. */
export async function runBody(
  looker: Looker,
  body: QueryBody,
  request: SourceRequest,
  context: SourceContext,
): Promise<Result> {
  for (let round = 1; ; round += 1) {
    const query = await createQuery(looker, body, context.signal).catch(async (error: unknown) => {
      throw await explained(looker, body, error, context.signal);
    });
    try {
      const url = query.url ?? exploreUrl(looker, body);
      return await runQuery(looker, { query, lookId: null, url }, request, context);
    } catch (error) {
      const isGone = error instanceof ReportError && error.status === 404;
      if (round === 2 || !isGone || !forgetQuery(looker, query.id)) throw error;
    }
  }
}

export function exploreUrl(looker: Looker, body: QueryBody): string {
  return `${looker.webUrl}/explore/${encodeURIComponent(body.model)}/${encodeURIComponent(body.view)}`;
}
