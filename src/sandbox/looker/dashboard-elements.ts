import { type Look, lookWithQueryJson } from "./looks.ts";
import { queryJson } from "./query-json.ts";
import type { QueryRoom } from "./query-room.ts";

const merged = "mergeResultOfTwoQuerys";

/** An element's data can come in four ways, and a text tile has none: here is one of each. */
export function dashboardElements(room: QueryRoom, looks: readonly Look[], dashboardId: string) {
  const webUrl = room.webUrl();
  const queryOf = (lookId: string) => lookOf(looks, lookId).query;
  const tile = (id: string, title: string) => ({ ...emptyElement, id, title, dashboard_id: dashboardId });
  const filterables = [
    {
      model: "faa",
      view: "flights",
      name: null,
      listen: [{ dashboard_filter_name: "Departure", field: "flights.date_date" }],
    },
  ];
  const total = room.queries.create({ model: "faa", view: "flights", fields: ["flights.count"], limit: "1" });
  return [
    { ...tile("701", "Flights"), query_id: total.id, query: queryJson(total, webUrl) },
    { ...tile("702", "By airport"), look_id: "42", look: lookWithQueryJson(lookOf(looks, "42"), webUrl) },
    {
      ...tile("703", "Delay by day"),
      result_maker_id: "1703",
      result_maker: {
        id: "1703",
        filterables,
        query_id: queryOf("44").id,
        query: queryJson(queryOf("44"), webUrl),
        merge_result_id: null,
        sql_query_id: null,
        dynamic_fields: null,
        sorts: ["flights.date_date"],
        total: false,
        vis_config: { type: "looker_line" },
      },
    },
    { ...tile("704", "Two queries merged"), merge_result_id: merged },
    {
      ...tile("705", ""),
      type: "text",
      title: null,
      title_text: "About these figures",
      body_text: "Delays count early arrivals **below zero**.",
      body_text_as_html: "<p>Delays count early arrivals <strong>below zero</strong>.</p>",
    },
  ];
}

const emptyElement = {
  can: { show: true, run: true },
  type: "vis",
  body_text: null,
  body_text_as_html: null,
  dashboard_layout_id: null,
  edit_uri: null,
  look_id: null,
  lookml_link_id: null,
  merge_result_id: null,
  note_display: null,
  note_state: null,
  note_text: null,
  note_text_as_html: null,
  query_id: null,
  refresh_interval: null,
  refresh_interval_to_i: null,
  result_maker_id: null,
  subtitle_text: null,
  title_hidden: false,
  title_text: null,
  alert_count: 0,
  title_text_as_html: null,
  subtitle_text_as_html: null,
};

function lookOf(looks: readonly Look[], id: string): Look {
  const look = looks.find(({ shelved }) => shelved.id === id);
  if (look === undefined) throw new Error(`The sandbox has no Look ${id} to put on its dashboard`);
  return look;
}
