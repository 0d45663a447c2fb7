import { type Call, param } from "../../http/call.ts";
import { notFound } from "../../http/errors.ts";
import { json } from "../../http/reply.ts";
import type { Route } from "../../http/router.ts";
import { contentTimes, folder } from "../folder.ts";
import { apiUser } from "../people.ts";
import { pageOf, search } from "../search.ts";
import { type Dashboard, elementJson } from "./elements.ts";
import type { DashboardFixture } from "./fixtures.ts";

export function dashboardRoutes(dashboards: readonly Dashboard[], webUrl: () => string): Route[] {
  const named = (call: Call): Dashboard => findDashboard(dashboards, param(call, "dashboard_id"));
  return [
    {
      operation: "all_dashboards",
      method: "GET",
      path: "/dashboards",
      answer: () => json(dashboards.map(({ fixture }) => baseJson(fixture))),
    },
    {
      operation: "search_dashboards",
      method: "GET",
      path: "/dashboards/search",
      answer: (call) => {
        // Those written in LookML are not searched: as in Looker.
        const searched = dashboards.filter(({ fixture }) => fixture.lookmlModel === undefined);
        const found = search(call, searched, searchFacts);
        return pageOf(call, found, (dashboard) => dashboardJson(dashboard, webUrl()), webUrl());
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
  const found = dashboards.find(({ fixture }) => fixture.id === id || fixture.slug === id);
  if (found === undefined) throw notFound();
  return found;
}

/** @throws ApiError 404 */
export function findTile(dashboards: readonly Dashboard[], id: string) {
  for (const dashboard of dashboards) {
    const tile = dashboard.tiles.find(({ fixture }) => fixture.id === id);
    if (tile !== undefined) return { dashboard, tile };
  }
  throw notFound();
}

function elements(dashboard: Dashboard, webUrl: string) {
  return dashboard.tiles.map((tile) => elementJson(dashboard, tile, webUrl));
}

/** What the list of dashboards says of one. Only those written in LookML have a `model`. */
function baseJson({ id, title, description, slug, lookmlModel }: DashboardFixture) {
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
  const { fixture } = dashboard;
  return {
    ...baseJson(fixture),
    ...contentTimes,
    crossfilter_enabled: false,
    dashboard_elements: elements(dashboard, webUrl),
    dashboard_filters: filtersJson(fixture),
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
    url: `/dashboards/${fixture.id}`,
  };
}

function filtersJson({ id, filters }: DashboardFixture) {
  return filters.map((filter, row) => ({
    can: { show: true },
    id: `${id}${row + 1}`,
    dashboard_id: id,
    name: filter.name,
    title: filter.title,
    type: filter.type ?? "field_filter",
    default_value: filter.defaultValue,
    model: filter.type === undefined ? filter.model : null,
    explore: filter.type === undefined ? filter.explore : null,
    dimension: filter.type === undefined ? filter.field : null,
    row,
    listens_to_filters: [...(filter.listensTo ?? [])],
    allow_multiple_values: true,
    required: filter.required ?? false,
  }));
}

function searchFacts({ fixture: { id, slug, title, description } }: Dashboard) {
  return { id, slug, title, description, user_id: apiUser.id, folder_id: folder.id, deleted: false };
}

/**
 * The page as Looker lays it out now, and a layout from before that, no longer active, in another order. The components
 * are in the order in which they were put there, which says nothing.
 */
function layoutsJson({ fixture, tiles }: Dashboard) {
  const components = (layoutId: string, places: "as shown" | "as once") =>
    tiles.flatMap(({ fixture: tile, query }, index) => {
      if (tile.place === null) return [];
      const { row, column, width, height, removed } = tile.place;
      const once = { row: index * 4, column: 0, width: 24, height: 4 };
      return {
        can: { show: true },
        id: `${layoutId}${index + 1}`,
        dashboard_layout_id: layoutId,
        dashboard_element_id: tile.id,
        ...(places === "as shown" ? { row, column, width, height } : once),
        deleted: removed ?? false,
        element_title: tile.title,
        element_title_hidden: tile.titleHidden ?? false,
        vis_type: typeof query?.body.vis_config?.type === "string" ? query.body.vis_config.type : null,
      };
    });
  const layout = (id: string, type: string, active: boolean, places: "as shown" | "as once") => ({
    can: { show: true },
    id,
    dashboard_id: fixture.id,
    type,
    active,
    column_width: null,
    width: null,
    deleted: false,
    dashboard_title: fixture.title,
    dashboard_layout_components: components(id, places),
  });
  const shown = layout(`${fixture.id}1`, "newspaper", true, "as shown");
  return fixture.lookmlModel === undefined
    ? [layout(`${fixture.id}0`, "drag", false, "as once"), shown]
    : [shown];
}
