import { ReportError } from "../../core/error.ts";
import { later } from "../../core/later.ts";
import type { Result } from "../../core/model/result.ts";
import type { SourceContext, SourceRequest } from "../../core/ports/adapter.ts";
import { explained } from "../explore/names.ts";
import type { Looker } from "../http/client.ts";
import { createQuery, filtersOf, forgetQuery, limitOf, overridden } from "./body.ts";
import type { Content, KnownQuery, QueryBody } from "./content.ts";
import { DETAIL_ROWS_MAX, runDetailed } from "./run-detailed.ts";

const large = later(() => import("./run-large.ts"));

/** Runs the content as it is, or with the request's filters and limit as a query of its own. */
export async function runContent(
  looker: Looker,
  content: Content,
  request: SourceRequest,
  context: SourceContext,
): Promise<Result> {
  if (!changes(content.query.body, request)) return runQuery(looker, content, request, context);
  const body = overridden(content.query.body, request.filters, request.limit);
  return runBody(looker, body, request, context, content.visConfig);
}

/** Whether the request's filters and limit make another query of it. Dashboards often lay over a tile what it has itself. */
export function changes(body: QueryBody, { filters, limit }: SourceRequest): boolean {
  const own = filtersOf(body);
  const isFilteredOtherwise = Object.entries(filters).some(([field, value]) => own[field] !== value);
  return isFilteredOtherwise || (limit !== null && limit !== limitOf(body));
}

export function hasOverrides({ filters, limit }: SourceRequest): boolean {
  return Object.keys(filters).length > 0 || limit !== null;
}

/** Runs a query that is given by its body. `visConfig`: settings of its page that are not its own. */
export function runBody(
  looker: Looker,
  body: QueryBody,
  request: SourceRequest,
  context: SourceContext,
  visConfig?: unknown,
): Promise<Result> {
  return withQuery(looker, body, context.signal, (query) => {
    const url = query.url ?? exploreUrl(looker, body);
    return runQuery(looker, { query, lookId: null, url, visConfig }, request, context);
  });
}

/** Makes a query of the body and uses it. Its id is kept; where Looker has forgotten it, it is made once more. */
export async function withQuery<T>(
  looker: Looker,
  body: QueryBody,
  signal: AbortSignal,
  use: (query: KnownQuery) => Promise<T>,
): Promise<T> {
  for (let round = 1; ; round += 1) {
    const query = await createQuery(looker, body, signal).catch(async (error: unknown) => {
      throw await explained(looker, body, error, signal);
    });
    try {
      return await use(query);
    } catch (error) {
      const isGone = error instanceof ReportError && error.status === 404;
      if (round === 2 || !isGone || !forgetQuery(looker, query.id)) throw error;
    }
  }
}

export function exploreUrl(looker: Looker, body: QueryBody): string {
  return `${looker.webUrl}/explore/${encodeURIComponent(body.model)}/${encodeURIComponent(body.view)}`;
}

/** Runs a query that Looker has and brings its result back. Throws ReportError. */
async function runQuery(
  looker: Looker,
  content: Content,
  request: SourceRequest,
  context: SourceContext,
): Promise<Result> {
  const { body } = content.query;
  try {
    if (!isLarge(body)) return await runDetailed(looker, content, request, context);
    const { runLarge } = await large();
    return await runLarge(looker, content, request, context);
  } catch (error) {
    throw await explained(looker, body, error, context.signal);
  }
}

/** Whether the query may bring more rows than are held in memory. */
function isLarge(body: QueryBody): boolean {
  const limit = limitOf(body);
  return limit === -1 || limit > DETAIL_ROWS_MAX;
}
