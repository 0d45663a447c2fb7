/** The id of a dashboard, or the address of its page. */
export type DashboardOptions = string | number;

/** A dashboard of LookML: its model and its name. */
export const LOOKML_ID = /^[\w-]+::[\w-]+$/;

/** The page of a dashboard, in Looker or embedded; its query string holds values of filters. */
export const DASHBOARD_URL =
  /^(?:https?:\/\/)?[^\s/]+(?:\/[^\s?#]*)?\/dashboards(?:-next|-legacy)?\/([\w%:.-]+)\/?(?:\?([^\s#]*))?(?:#.*)?$/i;

export interface NamedDashboard {
  readonly id: string;
  /** What the address says after the question mark: values of filters by their names, and settings of the page. */
  readonly addressed: readonly (readonly [string, string])[];
}

export function namedDashboard(options: DashboardOptions): NamedDashboard {
  const text = String(options).trim();
  const [, id, query] = DASHBOARD_URL.exec(text) ?? [];
  if (id === undefined) return { id: text, addressed: [] };
  return { id: unescaped(id), addressed: [...new URLSearchParams(query ?? "")] };
}

/** "faa%3A%3Adelays" -> "faa::delays". */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
