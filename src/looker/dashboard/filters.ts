import { ReportError } from "../../core/error.ts";
import { isTemplate } from "../../core/ports/template.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import type { NamedDashboard } from "./id.ts";
import type { Dashboard, DashboardFilter } from "./read.ts";

/** What a dashboard is filtered by. */
export interface FilterValues {
  /** Of all its filters, by their names; "" is any value. */
  readonly values: ReadonlyMap<string, string>;
  /** Of fields that none of its filters is for: Looker's expressions by field. */
  readonly fields: Readonly<Record<string, string>>;
  /** Names that are neither a filter's nor a field's. */
  readonly unknown: readonly string[];
  /** Names in the address that are no filter's. */
  readonly unknownInAddress: readonly string[];
}

/** What the address of a page holds besides filters: how it looks and what it lets people do. */
const PAGE_SETTINGS = new Set([
  "allow_login_screen",
  "dark",
  "edit",
  "embed",
  "embed_domain",
  "filter_config",
  "fullscreen",
  "hide_filter",
  "hide_title",
  "layout",
  "locale",
  "nav",
  "print",
  "query_timezone",
  "refresh",
  "run",
  "sandboxed_host",
  "sdk",
  "show_filters",
  "size",
  "tab",
  "theme",
  "tile",
  "timezone",
  "toggle",
  "vis",
]);

/** Looker's own begin with an underscore ("_theme"), those of campaigns with "utm_". */
function isPageSetting(word: string): boolean {
  return PAGE_SETTINGS.has(word.toLowerCase()) || /^(?:_|utm_)/i.test(word);
}

/** The defaults, over them what the address says, over that what the YAML says. */
export function filterValues(
  { filters }: Dashboard,
  { addressed }: NamedDashboard,
  given: Readonly<Record<string, string>>,
): FilterValues {
  const values = new Map(filters.map(({ name, value }) => [name, value]));
  const unknownInAddress: string[] = [];
  for (const [word, value] of addressed) {
    const filter = filterCalled(filters, word);
    if (filter !== null) values.set(filter.name, value);
    else if (!isPageSetting(word)) unknownInAddress.push(word);
  }
  const fields: Record<string, string> = {};
  const unknown: string[] = [];
  for (const [word, value] of Object.entries(given)) {
    const filter = filterCalled(filters, word);
    if (filter !== null) values.set(filter.name, value);
    else if (word.includes(".")) fields[word] = value;
    else unknown.push(word);
  }
  return { values, fields, unknown, unknownInAddress };
}

export function unknownFilter(dashboard: Dashboard, word: string): ReportError {
  return new ReportError(noFilter(dashboard, word), {
    code: "config",
    advice:
      "Name one of the dashboard's filters, or a field as view.field, which filters all tiles that have it.",
  });
}

/** Its page would leave it out without a word, and show all. */
export function unknownInAddress(dashboard: Dashboard, word: string): ReportError {
  return new ReportError(`${noFilter(dashboard, word)} The address gives it a value.`, {
    code: "config",
    advice: "Take it out of the address, or put it under `filters:` with the name that it has now.",
  });
}

function noFilter({ id, filters }: Dashboard, word: string): string {
  const titles = filters.map(({ title }) => title);
  const known =
    titles.length === 0 ? "It has none." : `It has ${titles.map((title) => `"${title}"`).join(", ")}.`;
  return `Dashboard ${id} has no filter "${word}".${didYouMean(word, titles)} ${known}`;
}

/** Those that Looker would not run the dashboard without, and those whose default only Looker can fill in. */
export function missingValues({ filters }: Dashboard, { values }: FilterValues): readonly DashboardFilter[] {
  return filters.filter(({ name, isRequired }) => {
    const value = values.get(name) ?? "";
    return (isRequired && value.trim() === "") || isTemplate(value);
  });
}

/** Of the values, those to give to a drawing: Looker fills its own templates in (`{{ _user_attributes['state'] }}`). */
export function drawnWith(values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...values].filter(([, value]) => !isTemplate(value)));
}

/** "Departure=7%20days&Carrier=WN": as in the address of the dashboard's page. */
export function asQueryString(values: ReadonlyMap<string, string>): string {
  return [...values]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
}

/** The dashboard's page with the filters that were changed. */
export function pageUrl({ url, filters }: Dashboard, { values }: FilterValues): string {
  const changed = filters.flatMap(({ name, value }) => {
    const now = values.get(name);
    return now === undefined || now === value ? [] : [[name, now] as const];
  });
  return changed.length === 0 ? url : `${url}?${asQueryString(new Map(changed))}`;
}

/** By its name, or as its page calls it. */
function filterCalled(filters: readonly DashboardFilter[], word: string): DashboardFilter | null {
  const wanted = word.trim().toLowerCase();
  const named = filters.find(({ name }) => name.toLowerCase() === wanted);
  return named ?? filters.find(({ title }) => title.trim().toLowerCase() === wanted) ?? null;
}
