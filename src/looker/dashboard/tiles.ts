import { ReportError } from "../../core/error.ts";
import type { ContentPart } from "../../core/ports/adapter.ts";
import { exploreFields } from "../explore/explore.ts";
import { NotVisible } from "../explore/not-visible.ts";
import type { Looker } from "../http/client.ts";
import { isObject, type JsonObject, objectIn, objectsIn, textIn } from "../http/loose-json.ts";
import { createQuery, knownQuery } from "../query/body.ts";
import type { KnownQuery, QueryBody } from "../query/content.ts";
import { readQuery } from "../query/read.ts";
import { type FilterValues, missingValues, pageUrl } from "./filters.ts";
import type { Dashboard, DashboardFilter } from "./read.ts";
import type { TileOptions } from "./tile-source.ts";
import { htmlAsMarkdown } from "./words/html-markdown.ts";
import { textTile } from "./words/text-tile.ts";

interface Setting {
  readonly dashboard: Dashboard;
  readonly filters: FilterValues;
  /** Filters of the dashboard's own that need a value and have none. */
  readonly missing: readonly DashboardFilter[];
  /** Of `filters.fields`, those that some tile knows. */
  readonly known: Set<string>;
}

/** What the tiles of a dashboard come to: a part each, in its order. Throws ReportError `config` for a field that none of them knows. */
export async function partsOfDashboard(
  looker: Looker,
  dashboard: Dashboard,
  filters: FilterValues,
  signal: AbortSignal,
): Promise<readonly ContentPart[]> {
  const missing = missingValues(dashboard, filters);
  const setting: Setting = { dashboard, filters, missing, known: new Set() };
  const parts: ContentPart[] = [];
  for (const element of dashboard.elements) {
    // A filter among the tiles is a control, not content.
    if (textIn(element.filter_id) !== null) continue;
    const part = await partOf(looker, element, setting, signal);
    if (part !== null) parts.push(part);
  }
  const unknown = Object.keys(filters.fields).find((field) => !setting.known.has(field));
  if (unknown !== undefined) throw knownToNone(dashboard, unknown);
  return parts;
}

async function partOf(
  looker: Looker,
  element: JsonObject,
  setting: Setting,
  signal: AbortSignal,
): Promise<ContentPart | null> {
  const type = textIn(element.type);
  if (type === "text" || type === "button") {
    const words = textTile(element, setting.dashboard.webUrl);
    return words && { ...words, content: null, notice: null };
  }
  const title = textIn(element.title) ?? textIn(objectIn(element.look).title) ?? textIn(element.title_text);
  const note = textIn(element.note_text);
  const text = note === null ? null : htmlAsMarkdown(note, setting.dashboard.webUrl) || null;
  const named = title === null ? "A tile without a title" : `The tile "${title}"`;
  const query = reasonAgainst(element, setting) ?? (await queryOf(looker, element, signal));
  if (typeof query === "string") return { title, text, content: null, notice: `${named} ${query}` };
  const { dashboard, filters } = setting;
  const options: TileOptions = {
    dashboard: dashboard.id,
    element: textIn(element.id) ?? "",
    title,
    query,
    url: pageUrl(dashboard, filters),
    ...visConfigIn(element),
  };
  const reaching = {
    ...listenedFilters(element, query.body, filters),
    ...(await knownFields(looker, query.body, setting, signal)),
  };
  return { title, text, content: { source: { kind: "tile", options }, filters: reaching }, notice: null };
}

/** A tile may show a query otherwise than the query's own page does. */
function visConfigIn(element: JsonObject): Pick<TileOptions, "visConfig"> {
  const settings = objectIn(objectIn(element.result_maker).vis_config);
  return Object.keys(settings).length === 0 ? {} : { visConfig: settings };
}

/** Why the tile cannot be run as one query, to follow its name; null: nothing speaks against it. */
function reasonAgainst(element: JsonObject, { missing }: Setting): string | null {
  const maker = objectIn(element.result_maker);
  if (textIn(element.merge_result_id) !== null || textIn(maker.merge_result_id) !== null)
    return "merges the results of several queries, which cannot be run as one: open the dashboard to see it.";
  if (textIn(maker.sql_query_id) !== null)
    return "shows a query of SQL Runner, which cannot be run here: open the dashboard to see it.";
  if (textIn(element.extension_id) !== null || textIn(element.type) === "extension")
    return "is an extension, which has no data of its own: open the dashboard to see it.";
  const listened = new Set(listensOf(element).map(({ filter }) => filter));
  const wanting = missing.find(({ name }) => listened.has(name));
  return wanting === undefined
    ? null
    : `needs a value for the filter "${wanting.title}": give it one under filters, or in Looker.`;
}

/** Its query, or in words why there is none. */
async function queryOf(
  looker: Looker,
  element: JsonObject,
  signal: AbortSignal,
): Promise<KnownQuery | string> {
  const maker = objectIn(element.result_maker);
  for (const [query, id] of [
    [element.query, element.query_id],
    [objectIn(element.look).query, null],
    [maker.query, maker.query_id],
  ]) {
    if (!isObject(query)) continue;
    const known = knownQuery({ ...query, id: query.id ?? id });
    if (known !== null) return known;
    // A dashboard of LookML may name a query that Looker has not made yet.
    const unmade = knownQuery({ ...query, id: "unmade" });
    if (unmade !== null) return createQuery(looker, unmade.body, signal);
  }
  const id = textIn(element.query_id) ?? textIn(maker.query_id);
  if (id === null) return "has no query that can be run.";
  return readQuery(looker, id, signal).catch((error: unknown) => {
    if (error instanceof NotVisible) return "has a query that the API user may not see.";
    throw error;
  });
}

function listensOf(element: JsonObject): { readonly filter: string; readonly field: string }[] {
  return objectsIn(objectIn(element.result_maker).filterables)
    .flatMap(({ listen }) => objectsIn(listen))
    .flatMap((listen) => {
      const [filter, field] = [textIn(listen.dashboard_filter_name), textIn(listen.field)];
      return filter === null || field === null ? [] : [{ filter, field }];
    });
}

/** What the dashboard's filters come to for this tile. "Any value" too takes the place of a filter that the tile has on the field. */
function listenedFilters(
  element: JsonObject,
  body: QueryBody,
  { values }: FilterValues,
): Record<string, string> {
  const entries = listensOf(element).flatMap(({ filter, field }) => {
    const value = values.get(filter);
    if (value === undefined || (value === "" && !objectIn(body.filters)[field])) return [];
    return [[field, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Of the fields that the report filters in addition to the dashboard's own filters, those that the tile's explore has. */
async function knownFields(
  looker: Looker,
  body: QueryBody,
  { filters, known }: Setting,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const wanted = Object.entries(filters.fields);
  if (wanted.length === 0) return {};
  const fields = await exploreFields(looker, body.model, body.view, signal).catch((error: unknown) => {
    if (error instanceof NotVisible) return [];
    throw error;
  });
  const names = new Set(fields.map(({ name }) => name));
  const reaching = wanted.filter(([field]) => names.has(field));
  for (const [field] of reaching) known.add(field);
  return Object.fromEntries(reaching);
}

function knownToNone({ id }: Dashboard, field: string): ReportError {
  return new ReportError(`No tile of dashboard ${id} has the field "${field}".`, {
    code: "config",
    advice:
      "Names are case-sensitive, view.field. See those of an explore: lookpost fields <model> <explore>",
  });
}
