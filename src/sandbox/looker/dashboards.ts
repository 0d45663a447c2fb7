import { type Call, param } from "./call.ts";
import { search } from "./content-search.ts";
import { dashboardElements } from "./dashboard-elements.ts";
import { notFound } from "./errors.ts";
import { contentTimes, folder } from "./folder.ts";
import type { Look } from "./looks.ts";
import { apiUser } from "./people.ts";
import type { QueryRoom } from "./query-room.ts";
import { json } from "./reply.ts";
import type { Route } from "./router.ts";

/** What the list of dashboards says of one. There is no `model`: it is for dashboards written in LookML. */
const base = {
  can: { show: true, index: true, run: true, download: true, update: false },
  content_favorite_id: null,
  content_metadata_id: "107",
  description: "One tile of every kind that an element can be",
  hidden: false,
  id: "7",
  query_timezone: "UTC",
  readonly: false,
  refresh_interval: null,
  refresh_interval_to_i: null,
  folder,
  title: "Flight operations",
  user_id: apiUser.id,
  slug: "sandboxFlightOperation",
  preferred_viewer: "dashboards-next",
};

export function dashboardRoutes(room: QueryRoom, looks: readonly Look[]): Route[] {
  const elements = () => dashboardElements(room, looks, base.id);
  const whole = () => dashboardJson(elements());
  const asked = (call: Call): void => {
    const id = param(call, "dashboard_id");
    if (id !== base.id && id !== base.slug) throw notFound();
  };
  return [
    { operation: "all_dashboards", method: "GET", path: "/dashboards", answer: () => json([base]) },
    {
      operation: "search_dashboards",
      method: "GET",
      path: "/dashboards/search",
      answer: (call) => json(search(call, [whole()], searchFacts)),
    },
    {
      operation: "dashboard",
      method: "GET",
      path: "/dashboards/{dashboard_id}",
      answer: (call) => {
        asked(call);
        return json(whole());
      },
    },
    {
      operation: "dashboard_dashboard_elements",
      method: "GET",
      path: "/dashboards/{dashboard_id}/dashboard_elements",
      answer: (call) => {
        asked(call);
        return json(elements());
      },
    },
    {
      operation: "dashboard_element",
      method: "GET",
      path: "/dashboard_elements/{dashboard_element_id}",
      answer: (call) => {
        const element = elements().find(({ id }) => id === param(call, "dashboard_element_id"));
        if (element === undefined) throw notFound();
        return json(element);
      },
    },
  ];
}

function dashboardJson(elements: ReturnType<typeof dashboardElements>) {
  return {
    ...base,
    ...contentTimes,
    crossfilter_enabled: false,
    dashboard_elements: elements,
    dashboard_filters: [dateFilter],
    dashboard_layouts: [],
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
    url: `/dashboards/${base.id}`,
  };
}

const dateFilter = {
  can: { show: true },
  id: "71",
  dashboard_id: base.id,
  name: "Departure",
  title: "Departure",
  type: "field_filter",
  default_value: "28 days ago for 28 days",
  model: "faa",
  explore: "flights",
  dimension: "flights.date_date",
  row: 0,
  listens_to_filters: [],
  allow_multiple_values: true,
  required: false,
};

function searchFacts({ id, slug, title, description, user_id }: ReturnType<typeof dashboardJson>) {
  return { id, slug, title, description, user_id, folder_id: folder.id, deleted: false };
}
