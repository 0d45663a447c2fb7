import { ReportError } from "../../core/error.ts";
import { webUrl } from "../connection/base-url.ts";
import { isNotVisible, NotVisible } from "../explore/not-visible.ts";
import type { Looker } from "../http/client.ts";
import { keptBriefly } from "../http/client.ts";
import { isObject, type JsonObject, objectIn, objectsIn, textIn } from "../http/loose-json.ts";
import { retry } from "../http/retry.ts";
import { QUERY_FIELDS } from "../query/body.ts";

const NOT_VISIBLE_ADVICE =
  "Check the id: it is the number in the dashboard's address, or model::name. The API user needs access to its folder and model.";

/** A report is expanded, checked and drawn within seconds. */
const briefly = keptBriefly<Dashboard>(5_000, 100);

const QUERY = `query(${QUERY_FIELDS})`;
const FIELDS = [
  "id",
  "title",
  "deleted",
  "dashboard_filters(name,title,default_value,required,row)",
  `dashboard_elements(${[
    "id,type,title,title_text,subtitle_text,body_text,note_text,rich_content_json,extension_id,filter_id",
    `look_id,look(id,title,${QUERY}),query_id,${QUERY},merge_result_id`,
    `result_maker(vis_config,query_id,merge_result_id,sql_query_id,${QUERY},filterables(model,view,listen(dashboard_filter_name,field)))`,
  ].join(",")})`,
  "dashboard_layouts(id,active,deleted,order,dashboard_layout_components(dashboard_element_id,row,column,deleted))",
].join(",");

export interface Dashboard {
  readonly id: string;
  readonly title: string | null;
  /** Where people open it. */
  readonly url: string;
  /** Where links lead that begin at Looker's root. */
  readonly webUrl: string;
  readonly filters: readonly DashboardFilter[];
  /** Those that its page shows, in the order of reading. */
  readonly elements: readonly JsonObject[];
}

export interface DashboardFilter {
  /** By which tiles listen to it. */
  readonly name: string;
  /** As its page shows it. */
  readonly title: string;
  /** A filter expression of Looker's; "" for any value. */
  readonly value: string;
  /** Looker runs nothing that listens to it before it has a value. */
  readonly isRequired: boolean;
}

/** Rejects with ReportError `not_found` where it is absent, in the trash or not to be seen. */
export function readDashboard(looker: Looker, id: string, signal: AbortSignal): Promise<Dashboard> {
  return briefly(looker, id, signal, () => askDashboard(looker, id));
}

async function askDashboard(looker: Looker, id: string): Promise<Dashboard> {
  const { signal } = new AbortController();
  const answer = await retry(looker, signal, () =>
    looker.call((sdk, options) => sdk.dashboard(id, FIELDS, options), signal),
  ).catch((error: unknown) => {
    throw isNotVisible(error)
      ? new NotVisible("dashboard", `Dashboard ${id}`, { advice: NOT_VISIBLE_ADVICE }, error)
      : error;
  });
  const title = textIn(answer.title);
  if (answer.deleted === true) {
    const named = title === null ? "" : ` ("${title}")`;
    throw new ReportError(`Dashboard ${id}${named} is in Looker's trash.`, {
      code: "not_found",
      advice: "Restore it in Looker, or name another dashboard.",
    });
  }
  const elements = objectsIn(answer.dashboard_elements);
  const ownId = textIn(answer.id) ?? id;
  const ofPeople = webUrl(looker.baseUrl, shareUrl(elements));
  return {
    id: ownId,
    title,
    webUrl: ofPeople,
    url: `${ofPeople}/dashboards/${encodeURIComponent(ownId).replaceAll("%3A", ":")}`,
    filters: filtersOf(answer.dashboard_filters),
    elements: asRead(elements, objectsIn(answer.dashboard_layouts)),
  };
}

function filtersOf(raw: unknown): DashboardFilter[] {
  return objectsIn(raw)
    .toSorted((a, b) => Number(a.row ?? 0) - Number(b.row ?? 0))
    .flatMap((filter) => {
      const name = textIn(filter.name) ?? textIn(filter.title);
      if (name === null) return [];
      const isRequired = filter.required === true;
      return [
        { name, title: textIn(filter.title) ?? name, value: textIn(filter.default_value) ?? "", isRequired },
      ];
    });
}

/**
 * The elements by row and column of the layout in use, or of several (tabs) one after the other. The list of elements also has those
 * that were taken off the page.
 */
function asRead(elements: readonly JsonObject[], layouts: readonly JsonObject[]): readonly JsonObject[] {
  const present = layouts.filter(({ deleted }) => deleted !== true);
  const active = present.filter(({ active }) => active === true);
  const shown = (active.length > 0 ? active : present.slice(0, 1))
    .toSorted((a, b) => Number(a.order ?? 0) - Number(b.order ?? 0))
    .flatMap((layout) => componentsOf(layout));
  if (shown.length === 0) return elements;
  const byId = new Map(elements.map((element) => [textIn(element.id), element]));
  return [...new Set(shown)].map((id) => byId.get(id)).filter((element) => element !== undefined);
}

function componentsOf(layout: JsonObject): (string | null)[] {
  return objectsIn(layout.dashboard_layout_components)
    .filter(({ deleted }) => deleted !== true)
    .toSorted(
      (a, b) => Number(a.row ?? 0) - Number(b.row ?? 0) || Number(a.column ?? 0) - Number(b.column ?? 0),
    )
    .map((component) => textIn(component.dashboard_element_id));
}

/** Queries know the address that people use, which may be another than the API's. */
function shareUrl(elements: readonly JsonObject[]): string | null {
  for (const { query, look, result_maker: maker } of elements) {
    for (const holder of [query, objectIn(look).query, objectIn(maker).query]) {
      const url = isObject(holder) ? textIn(holder.share_url) : null;
      if (url !== null) return url;
    }
  }
  return null;
}
