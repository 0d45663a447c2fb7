import { createHash } from "node:crypto";
import type { NewQuery } from "./body.ts";

const queriesMax = 100_000;

export interface StoredQuery {
  /** A slug of 22 letters and digits since Looker 25.2: the same as `clientId`. Numeric ids are not found. */
  readonly id: string;
  /** Short, as in the address of a shared query. */
  readonly slug: string;
  /** 22 characters, as in `/x/{client_id}`. */
  readonly clientId: string;
  readonly body: NewQuery;
}

/** Queries are immutable and known by their content: the same content is always the same query. */
export class QueryStore {
  readonly #byContent = new Map<string, StoredQuery>();
  readonly #byName = new Map<string, StoredQuery>();

  create(body: NewQuery): StoredQuery {
    const content = contentHash(body);
    const known = this.#byContent.get(content);
    if (known !== undefined) return known;
    if (this.#byContent.size >= queriesMax)
      throw new Error(`The sandbox keeps at most ${queriesMax} queries`);
    const query = { id: content, slug: content.slice(0, 7), clientId: content, body };
    this.#byContent.set(content, query);
    this.#byName.set(`id:${query.id}`, query);
    this.#byName.set(`slug:${query.slug}`, query);
    this.#byName.set(`slug:${query.clientId}`, query);
    return query;
  }

  find(id: string): StoredQuery | null {
    return this.#byName.get(`id:${id}`) ?? null;
  }

  /** By the slug of either length. */
  findBySlug(slug: string): StoredQuery | null {
    return this.#byName.get(`slug:${slug}`) ?? null;
  }
}

/** 22 letters and digits. The order of properties and of filters says nothing, an empty one is as good as none. */
function contentHash(body: NewQuery): string {
  const said = Object.entries(body).filter(([, value]) => !isEmpty(value));
  const canonical = JSON.stringify(Object.fromEntries(said), (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? sortedByName(value) : value,
  );
  return createHash("sha256").update(canonical).digest("base64").replaceAll(/[+/=]/g, "x").slice(0, 22);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function sortedByName(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A Query as the API shows it. `webUrl` is the address of the web side, without a trailing slash. */
export function queryJson(query: StoredQuery, webUrl: string) {
  const { body } = query;
  const explorePath = explorePathOf(query);
  return {
    can: { show: true, run: true, render: true, explore: true, download: true, download_unlimited: true },
    id: query.id,
    model: body.model,
    view: body.view,
    fields: body.fields ?? null,
    pivots: body.pivots ?? null,
    fill_fields: body.fill_fields ?? null,
    filters: body.filters ?? null,
    filter_expression: body.filter_expression ?? null,
    sorts: body.sorts ?? null,
    limit: body.limit ?? null,
    column_limit: body.column_limit ?? null,
    total: body.total ?? null,
    row_total: body.row_total ?? null,
    subtotals: body.subtotals ?? null,
    vis_config: body.vis_config ?? null,
    filter_config: body.filter_config ?? null,
    visible_ui_sections: body.visible_ui_sections ?? null,
    slug: query.slug,
    dynamic_fields: body.dynamic_fields ?? null,
    client_id: query.clientId,
    share_url: `${webUrl}/x/${query.clientId}`,
    expanded_share_url: `${webUrl}${explorePath}`,
    url: explorePath,
    query_timezone: body.query_timezone ?? null,
    has_table_calculations: hasTableCalculations(body.dynamic_fields ?? null),
  };
}

function explorePathOf({ body }: StoredQuery): string {
  const said = new URLSearchParams();
  if (body.fields?.length) said.set("fields", body.fields.join(","));
  if (body.pivots?.length) said.set("pivots", body.pivots.join(","));
  for (const [field, expression] of Object.entries(body.filters ?? {})) said.set(`f[${field}]`, expression);
  if (body.sorts?.length) said.set("sorts", body.sorts.join(","));
  if (body.limit) said.set("limit", body.limit);
  const search = said.toString();
  const path = `/explore/${encodeURIComponent(body.model)}/${encodeURIComponent(body.view)}`;
  return search === "" ? path : `${path}?${search}`;
}

/** Custom measures and dimensions are dynamic fields too; only table calculations keep a result from streaming. */
function hasTableCalculations(dynamicFields: string | null): boolean {
  return (dynamicFields ?? "").includes('"table_calculation"');
}
