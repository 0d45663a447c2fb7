import { createHash } from "node:crypto";
import type { IQuery, IWriteQuery } from "@looker/sdk";
import type { Result } from "../../core/model/result.ts";
import type { Looker } from "../http/client.ts";
import { withoutId } from "../http/failure.ts";
import { isObject, objectIn, textIn, textsIn } from "../http/loose-json.ts";
import { retry } from "../http/retry.ts";
import type { KnownQuery, QueryBody } from "./content.ts";

/** What decides a query's result: Looker's writable properties without those that only concern its pages. */
const COPIED = [
  "model",
  "view",
  "fields",
  "pivots",
  "fill_fields",
  "filters",
  "filter_expression",
  "sorts",
  "limit",
  "column_limit",
  "total",
  "row_total",
  "subtotals",
  "vis_config",
  "visible_ui_sections",
  "dynamic_fields",
  "query_timezone",
] as const satisfies readonly (keyof IWriteQuery)[];

/** For the `fields` parameter: all of a query that is needed to show it, to run it and to make another of it. */
export const QUERY_FIELDS = ["id", "slug", "share_url", ...COPIED].join(",");

/** Of a query just made. The API's schema holds every query to have a model and a view, also where few fields are asked for. */
const MADE_FIELDS = "id,model,view,share_url";

const LIMIT_DEFAULT = 5_000;
/** https://cloud.google.com/looker/docs/filtering-and-limiting#column_limits */
const COLUMNS_DEFAULT = 50;
const COLUMNS_MAX = 200;
/** How many queries are kept in memory. */
const QUERIES_MAX = 5_000;

/** Reads a query as the API answers it; null where it has no id, model or explore. */
export function knownQuery(query: unknown): KnownQuery | null {
  if (!isObject(query)) return null;
  const { id, model, view } = { id: textIn(query.id), model: textIn(query.model), view: textIn(query.view) };
  if (id === null || model === null || view === null) return null;
  const copied = COPIED.flatMap((name) => {
    const value = query[name];
    return value === undefined || value === null ? [] : [[name, value]];
  });
  return { id, body: { ...Object.fromEntries(copied), model, view }, url: textIn(query.share_url) };
}

/** The query with other filters and another limit. Filters for fields it filters already take their place. */
export function overridden(
  body: QueryBody,
  filters: Readonly<Record<string, string>>,
  limit: number | null,
): QueryBody {
  return {
    ...body,
    ...(Object.keys(filters).length > 0 && { filters: { ...body.filters, ...filters } }),
    ...(limit !== null && { limit: String(limit) }),
  };
}

/** The row limit it runs with: its own, or Looker's default of 5,000. -1 is unlimited. */
export function limitOf(body: QueryBody): number {
  const limit = Number(body.limit ?? LIMIT_DEFAULT);
  return Number.isInteger(limit) ? limit : LIMIT_DEFAULT;
}

/** How many pivoted columns it brings at most: its own limit, or Looker's default of 50; 200 is the most. */
export function columnLimitOf(body: QueryBody): number {
  const limit = Number(body.column_limit ?? COLUMNS_DEFAULT);
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, COLUMNS_MAX) : COLUMNS_DEFAULT;
}

/** What it sorts by first: "view.field", "view.field desc", of a pivoted one "view.field desc 0". Empty: it leaves that to Looker. */
export function sortOf(body: QueryBody): Pick<Result, "sortedBy"> {
  const [, field, way] =
    /^(\S+)(?:\s+(asc|desc))?(?:\s+\d+)?$/i.exec(textsIn(body.sorts)[0]?.trim() ?? "") ?? [];
  return field === undefined ? {} : { sortedBy: { field, isDescending: way?.toLowerCase() === "desc" } };
}

/** The filters it runs with, Looker's expressions by field. */
export function filtersOf(body: QueryBody): Readonly<Record<string, string>> {
  const entries = Object.entries(objectIn(body.filters));
  return Object.fromEntries(
    entries.flatMap(([field, value]) => (typeof value === "string" ? [[field, value]] : [])),
  );
}

export function fieldOrder(body: QueryBody): readonly string[] {
  return textsIn(body.fields);
}

/** The id under which Looker keeps this query. Looker gives equal queries one id; asking once in this process is enough. */
export async function createQuery(looker: Looker, body: QueryBody, signal: AbortSignal): Promise<KnownQuery> {
  const digest = createHash("sha256")
    .update(JSON.stringify(sorted(body)))
    .digest("base64");
  const kept = looker.queries.get(digest);
  if (kept !== undefined) return kept;
  // Made twice it would be the same query again: a try that failed temporarily may be repeated.
  const made = await retry(looker, signal, () =>
    looker.call((sdk, options) => sdk.create_query(body, MADE_FIELDS, options), signal),
  );
  const query = knownQuery({ ...made, model: body.model, view: body.view } satisfies Partial<IQuery>);
  if (query === null) throw withoutId("query");
  return keepQuery(looker, digest, { ...query, body });
}

/** Keeps a query under a key of `Looker.queries`, and gives it back. */
export function keepQuery(looker: Looker, key: string, query: KnownQuery): KnownQuery {
  if (looker.queries.size >= QUERIES_MAX) looker.queries.clear();
  looker.queries.set(key, query);
  return query;
}

/** Forgets a query that Looker no longer has; says whether it was kept. */
export function forgetQuery(looker: Looker, id: string): boolean {
  for (const [digest, query] of looker.queries) {
    if (query.id === id) return looker.queries.delete(digest);
  }
  return false;
}

/** The same whatever order the keys were written in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
