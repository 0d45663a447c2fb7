import { type Problem, problemAt } from "../core/model/problem.ts";
import type { Chosen, Report } from "../core/model/report.ts";
import type { Connections } from "./language.ts";

/**
 * Contents that recipients of signed links would be refused (403): what a session may do is in `looker.embed`, unless groups of
 * Looker's say more. Paths begin at the report.
 */
export function embedProblems(
  { link, sections }: Report,
  looker: Connections["looker"] | undefined,
): Problem[] {
  const embed = looker?.embed;
  if (link !== "embed" || embed === undefined || embed.group_ids.length > 0) return [];
  return sections.flatMap(({ source }, section) => {
    const { permission, model, what } = needsOf(source);
    const refused = (missing: string, key: string) =>
      problemAt(
        ["sections", section, source.kind],
        `recipients of signed links may not open ${what}: looker.embed does not grant ${missing}`,
        `Add it to looker.embed.${key}, or write link: none.`,
      );
    return [
      ...(embed.permissions.includes(permission)
        ? []
        : [refused(`the permission ${permission}`, "permissions")]),
      ...(model === null || embed.models.includes(model) ? [] : [refused(`the model ${model}`, "models")]),
    ];
  });
}

/** Looker's own names of permissions (https://cloud.google.com/looker/docs/admin-panel-users-roles#permissions_list). */
function needsOf({ kind, options }: Chosen): { permission: string; model: string | null; what: string } {
  if (kind === "look") return { permission: "see_looks", model: null, what: "a Look" };
  if (kind === "query") return { permission: "explore", model: modelOf(options), what: "a query" };
  const isLookml = String(options).includes("::") || String(options).includes("%3A%3A");
  return isLookml
    ? { permission: "see_lookml_dashboards", model: null, what: "a LookML dashboard" }
    : { permission: "see_user_dashboards", model: null, what: "a dashboard" };
}

function modelOf(options: unknown): string | null {
  const isMapping = typeof options === "object" && options !== null && "model" in options;
  return isMapping ? String(options.model) : null;
}
