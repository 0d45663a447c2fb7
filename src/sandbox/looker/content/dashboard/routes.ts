import { type Call, param } from "../../http/call.ts";
import { notFound } from "../../http/errors.ts";
import { json } from "../../http/reply.ts";
import type { Route } from "../../http/router.ts";
import { contentTimes, folder } from "../folder.ts";
import { apiUser } from "../people.ts";
import { search } from "../search.ts";
import { type Dashboard, elementJson } from "./elements.ts";
import type { ShelvedDashboard } from "./fixtures.ts";
import { layoutsJson } from "./layout.ts";

export function dashboardRoutes(dashboards: readonly Dashboard[], webUrl: () => string): Route[] {
  const named = (call: Call): Dashboard => findDashboard(dashboards, param(call, "dashboard_id"));
  return [
    {
      operation: "all_dashboards",
      method: "GET",
      path: "/dashboards",
      answer: () => json(dashboards.map(({ shelved }) => baseJson(shelved))),
    },
    {
      operation: "search_dashboards",
      method: "GET",
      path: "/dashboards/search",
      answer: (call) => {
        // Those written in LookML are not searched: so it is in Looker.
        const searched = dashboards.filter(({ shelved }) => shelved.lookmlModel === undefined);
        const found = search(call, searched, searchFacts);
        return json(found.map((dashboard) => dashboardJson(dashboard, webUrl())));
      },
    },
    {
      operation: "dashboard",
      method: "GET",
      path: "/dashboards/{dashboard_id}",
      answer: (call) => json(dashboardJson(named(call), webUrl())),
    },
    {
      operation: "dashboard_dashboard_elements",
      method: "GET",
      path: "/dashboards/{dashboard_id}/dashboard_elements",
      answer: (call) => json(elements(named(call), webUrl())),
    },
    {
      operation: "dashboard_element",
      method: "GET",
      path: "/dashboard_elements/{dashboard_element_id}",
      answer: (call) => {
        const { dashboard, tile } = findTile(dashboards, param(call, "dashboard_element_id"));
        return json(elementJson(dashboard, tile, webUrl()));
      },
    },
  ];
}

/**
 * By id or slug.
 *
 * @throws ApiError 404
 */
export function findDashboard(dashboards: readonly Dashboard[], id: string): Dashboard {
  const found = dashboards.find(({ shelved }) => shelved.id === id || shelved.slug === id);
  if (found === undefined) throw notFound();
  return found;
}

/** @throws ApiError 404 */
export function findTile(dashboards: readonly Dashboard[], id: string) {
  for (const dashboard of dashboards) {
    const tile = dashboard.tiles.find(({ shelved }) => shelved.id === id);
    if (tile !== undefined) return { dashboard, tile };
  }
  throw notFound();
}

function elements(dashboard: Dashboard, webUrl: string) {
  return dashboard.tiles.map((tile) => elementJson(dashboard, tile, webUrl));
}

/** What the list of dashboards says of one. Only those written in LookML have a `model`. */
function baseJson({ id, title, description, slug, lookmlModel }: ShelvedDashboard) {
  return {
    can: { show: true, index: true, run: true, download: true, update: false },
    content_favorite_id: null,
    content_metadata_id: `10${id}`,
    description,
    hidden: false,
    id,
    ...(lookmlModel !== undefined && { model: { id: lookmlModel, label: lookmlModel.toUpperCase() } }),
    query_timezone: "UTC",
    readonly: lookmlModel !== undefined,
    refresh_interval: null,
    refresh_interval_to_i: null,
    folder,
    title,
    user_id: lookmlModel === undefined ? apiUser.id : null,
    slug,
    preferred_viewer: "dashboards-next",
  };
}

function dashboardJson(dashboard: Dashboard, webUrl: string) {
  const { shelved } = dashboard;
  return {
    ...baseJson(shelved),
    ...contentTimes,
    crossfilter_enabled: false,
    dashboard_elements: elements(dashboard, webUrl),
    dashboard_filters: filtersJson(shelved),
    dashboard_layouts: layoutsJson(dashboard),
    deleted: false,
    deleted_at: null,
    deleter_id: null,
    favorite_count: 0,
    filters_bar_collapsed: false,
    folder_id: folder.id,
    last_updater_id: apiUser.id,
    last_updater_name: apiUser.display_name,
    load_configuration: "prefetch_cache_run",
    lookml_link_id: null,
    show_filters_bar: true,
    show_title: true,
    user_name: apiUser.display_name,
    view_count: 0,
    is_owner_disabled: false,
    url: `/dashboards/${shelved.id}`,
  };
}

function filtersJson({ id, filters }: ShelvedDashboard) {
  return filters.map((filter, row) => ({
    can: { show: true },
    id: `${id}${row + 1}`,
    dashboard_id: id,
    name: filter.name,
    title: filter.title,
    type: "field_filter",
    default_value: filter.defaultValue,
    model: filter.model,
    explore: filter.explore,
    dimension: filter.field,
    row,
    listens_to_filters: [...(filter.listensTo ?? [])],
    allow_multiple_values: true,
    required: filter.required ?? false,
  }));
}

function searchFacts({ shelved: { id, slug, title, description } }: Dashboard) {
  return { id, slug, title, description, user_id: apiUser.id, folder_id: folder.id, deleted: false };
}
