import type { StoredQuery } from "./store.ts";

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
