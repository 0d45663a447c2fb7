import type { NewQuery } from "../../query/body.ts";
import { type QueryStore, queryJson, type StoredQuery } from "../../query/store.ts";
import type { QueryContext } from "../../query/task/tasks.ts";
import { type Look, lookWithQueryJson } from "../looks.ts";
import type { DashboardFixture, TileFixture, TileSource } from "./fixtures.ts";

/** A dashboard with its queries stored. */
export interface Dashboard {
  readonly fixture: DashboardFixture;
  readonly tiles: readonly Tile[];
}

export interface Tile {
  readonly fixture: TileFixture;
  /** What it shows before any of the dashboard's filters; null where it shows no data. */
  readonly query: StoredQuery | null;
  readonly look: Look | null;
}

export function openDashboard(
  fixture: DashboardFixture,
  context: QueryContext,
  looks: readonly Look[],
): Dashboard {
  const tiles = fixture.tiles.map((tile) => {
    const look = tile.source.kind === "look" ? lookOf(looks, tile.source.lookId) : null;
    const body = queryOf(tile.source);
    return {
      fixture: tile,
      look,
      query: look?.query ?? (body === null ? null : context.queries.create(body)),
    };
  });
  return { fixture, tiles };
}

function queryOf(source: TileSource): NewQuery | null {
  return "query" in source ? source.query : null;
}

function lookOf(looks: readonly Look[], id: string): Look {
  const look = looks.find(({ fixture }) => fixture.id === id);
  if (look === undefined) throw new Error(`The sandbox has no Look ${id} to put on its dashboard`);
  return look;
}

/**
 * A tile's query with what the dashboard's filters change in it: each filter that the tile listens to overrides the query's
 * own filter on that field, with its value or its default. Null for a tile that shows no data.
 */
export function tileQuery(
  { fixture }: Dashboard,
  tile: Tile,
  values: ReadonlyMap<string, string>,
  queries: QueryStore,
): StoredQuery | null {
  if (tile.query === null) return null;
  const { body } = tile.query;
  const filters = { ...body.filters };
  for (const [name, field] of Object.entries(tile.fixture.listen ?? {})) {
    const filter = fixture.filters.find((one) => one.name === name);
    const value = values.get(name) ?? filter?.defaultValue;
    if (value !== undefined && value !== null) filters[field] = value;
  }
  return queries.create({ ...body, filters });
}

/** A dashboard's filters in a URL's query string, by their names or titles; what the dashboard does not have is left out. */
export function readFilterValues({ fixture }: Dashboard, query: string | null): Map<string, string> {
  const given = new URLSearchParams(query ?? "");
  const values = new Map<string, string>();
  for (const { name, title } of fixture.filters) {
    const value = given.get(name) ?? given.get(title);
    if (value !== null) values.set(name, value);
  }
  return values;
}

/** A DashboardElement of the API. */
export function elementJson({ fixture }: Dashboard, tile: Tile, webUrl: string) {
  const { id, title, titleHidden, note, source } = tile.fixture;
  return {
    ...emptyElement,
    id,
    title,
    title_hidden: titleHidden ?? false,
    dashboard_id: fixture.id,
    dashboard_layout_id: tile.fixture.place === null ? null : `${fixture.id}1`,
    lookml_link_id: fixture.lookmlModel === undefined ? null : (id.split("::").at(-1) ?? null),
    ...(note && {
      note_text: note.text,
      note_text_as_html: asHtml(note.text),
      note_display: note.display,
      note_state: "collapsed",
    }),
    ...(source.kind === "text" && textJson(source)),
    ...(source.kind === "button" && buttonJson(source)),
    ...(tile.query !== null && dataJson(tile, tile.query, webUrl)),
  };
}

function dataJson(tile: Tile, query: StoredQuery, webUrl: string) {
  const shown = queryJson(query, webUrl);
  const merged = tile.fixture.source.kind === "merged" ? tile.fixture.source.mergeResultId : null;
  const makerId = `1${tile.fixture.id}`;
  const maker = {
    id: makerId,
    filterables: [filterable(tile, query)],
    query_id: merged === null ? query.id : null,
    merge_result_id: merged,
    sql_query_id: null,
    dynamic_fields: query.body.dynamic_fields ?? null,
    sorts: [...(query.body.sorts ?? [])],
    total: query.body.total ?? false,
    vis_config: query.body.vis_config ?? null,
    ...(merged === null && { query: shown }),
  };
  switch (tile.fixture.source.kind) {
    case "look":
      // Elements of before there were result makers have the Look alone.
      if (tile.fixture.listen === undefined)
        return {
          look_id: tile.look?.fixture.id ?? null,
          ...(tile.look && { look: lookWithQueryJson(tile.look, webUrl) }),
        };
      return {
        look_id: tile.look?.fixture.id ?? null,
        ...(tile.look && { look: lookWithQueryJson(tile.look, webUrl) }),
        result_maker_id: makerId,
        result_maker: maker,
      };
    case "merged":
      return { merge_result_id: merged, result_maker_id: makerId, result_maker: maker };
    case "result_maker":
      return { result_maker_id: makerId, result_maker: maker };
    default:
      // Elements made before there were result makers have none, and listen to nothing.
      return tile.fixture.listen === undefined
        ? { query_id: query.id, query: shown }
        : { query_id: query.id, query: shown, result_maker_id: makerId, result_maker: maker };
  }
}

function filterable(tile: Tile, { body }: StoredQuery) {
  const listen = Object.entries(tile.fixture.listen ?? {}).map(([dashboard_filter_name, field]) => {
    return { dashboard_filter_name, field };
  });
  return { model: body.model, view: body.view, name: null, listen };
}

function textJson(source: Extract<TileSource, { kind: "text" }>) {
  const html = (text: string | null) => (text === null ? null : asHtml(text));
  return {
    type: "text",
    title_text: source.title,
    title_text_as_html: html(source.title),
    subtitle_text: source.subtitle,
    subtitle_text_as_html: html(source.subtitle),
    body_text: source.body,
    body_text_as_html: html(source.body),
    ...(source.rich && { rich_content_json: '{"format":"slate"}' }),
  };
}

function buttonJson({ label, href }: Extract<TileSource, { kind: "button" }>) {
  const content = { text: label, description: "", newTab: true, alignment: "center", size: "medium", href };
  return { type: "button", rich_content_json: JSON.stringify(content) };
}

/** As much of Markdown as the sandbox's own text tiles use. */
function asHtml(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const paragraphs = escaped.replaceAll(/\*\*(.+?)\*\*/g, "<strong>$1</strong>").split("\n\n");
  return paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join("\n");
}

const emptyElement = {
  can: { show: true, run: true },
  type: "vis",
  body_text: null as string | null,
  body_text_as_html: null as string | null,
  edit_uri: null,
  look_id: null as string | null,
  merge_result_id: null as string | null,
  note_display: null as string | null,
  note_state: null as string | null,
  note_text: null as string | null,
  note_text_as_html: null as string | null,
  query_id: null as string | null,
  refresh_interval: null,
  refresh_interval_to_i: null,
  result_maker_id: null as string | null,
  subtitle_text: null as string | null,
  title_text: null as string | null,
  alert_count: 0,
  title_text_as_html: null as string | null,
  subtitle_text_as_html: null as string | null,
};
