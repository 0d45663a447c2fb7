import type { Chosen, Report } from "../core/model/report.ts";
import type { Finding } from "../core/ports/adapter.ts";
import type { Connections } from "./language.ts";

/** Where a finding stands: the section's index, and what is wrong. */
export interface EmbedFinding {
  readonly section: number;
  readonly finding: Finding;
}

/**
 * Contents that recipients of signed links would be refused (403): what a session may do stands in `looker.embed`, unless
 * groups of Looker's say more.
 */
export function embedFindings(
  { link, sections }: Report,
  looker: Connections["looker"] | undefined,
): EmbedFinding[] {
  const embed = looker?.embed;
  if (link !== "embed" || embed === undefined || embed.group_ids.length > 0) return [];
  return sections.flatMap(({ source }, section) => {
    const { permission, model, what } = needsOf(source);
    const findings: EmbedFinding[] = [];
    if (!embed.permissions.includes(permission))
      findings.push({
        section,
        finding: refused(what, `the permission ${permission}`, "permissions", source),
      });
    if (model !== null && !embed.models.includes(model))
      findings.push({ section, finding: refused(what, `the model ${model}`, "models", source) });
    return findings;
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

function refused(what: string, missing: string, key: string, { kind }: Chosen): Finding {
  return {
    message: `recipients of signed links may not open ${what}: looker.embed does not grant ${missing}`,
    advice: `Add it to looker.embed.${key}, or write link: none.`,
    path: [kind],
  };
}
