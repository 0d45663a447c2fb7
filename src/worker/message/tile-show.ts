import { ReportError } from "../../core/error.ts";
import type { Report, SectionPlan } from "../../core/model/report.ts";
import type { Result } from "../../core/model/result.ts";
import type { Kpi } from "../../core/model/show.ts";
import type { Table } from "../../core/model/table.ts";
import { didYouMean } from "../../core/rules/nearest.ts";
import { wordedKpi } from "../../core/rules/wording/worded.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { inPart, type Part } from "../run/parts.ts";

const FIELDS_NAMED_MAX = 12;

/** How a part is shown: of a dashboard's highlights a tile has those that concern it, since few fields are on all of them. */
export function tilePlan({ plan, isTile }: Part, { columns }: Table): SectionPlan {
  if (!isTile || plan.show.kind !== "table") return plan;
  const names = new Set(columns.map(({ name }) => name));
  const highlight = plan.show.highlight.filter(({ field }) => names.has(field));
  return { ...plan, show: { ...plan.show, highlight } };
}

/**
 * A tile of one number, as dashboards have them at their top: a grid or a picture of it would say no more than the number. Null
 * for others, and where its author wants to see cells highlighted.
 */
export function tileFigure(
  { plan: { show, wording }, isTile }: Part,
  table: Table,
  { figures }: Phrases,
): Kpi | null {
  const isReplaceable = show.kind !== "none" && (show.kind !== "table" || show.highlight.length === 0);
  const { columns, rows, rowCount, totals } = table;
  const [column, ...others] = columns;
  const cell = rows[0]?.[0];
  if (!isTile || !isReplaceable || column === undefined || others.length > 0 || cell === undefined)
    return null;
  if (rowCount !== 1 || !column.isNumeric || totals !== undefined) return null;
  const bare = { of: null, change: null, withoutChange: null, sparkline: null, points: [] };
  return wordedKpi({ label: column.label, value: cell.rendered, ...bare }, column.name, wording, figures);
}

/** Throws ReportError `config` for a dashboard's highlight of a field that none of its tiles has. */
export function refuseStrayHighlights(
  parts: readonly Part[],
  results: readonly (Result | null)[],
  report: Report,
): void {
  for (const [sectionIndex, { show }] of report.sections.entries()) {
    const tiles = parts.flatMap((part, index) =>
      part.sectionIndex === sectionIndex && part.isTile ? [index] : [],
    );
    if (tiles.length === 0 || show.kind !== "table") continue;
    const columns = tiles.flatMap((index) => results[index]?.table.columns ?? []);
    const names = [...new Set(columns.map(({ name }) => name))];
    const stray = show.highlight.find(({ field }) => !names.includes(field));
    if (stray !== undefined)
      throw inPart(strayField(stray.field, names), { sectionIndex, title: null, isTile: false }, report);
  }
}

function strayField(field: string, names: readonly string[]): ReportError {
  const more = names.length > FIELDS_NAMED_MAX ? ", …" : "";
  return new ReportError(`No tile of the dashboard has a field "${field}", which highlight names.`, {
    code: "config",
    advice: `Name a field of its tiles: ${names.slice(0, FIELDS_NAMED_MAX).join(", ")}${more}.${didYouMean(field, names)}`,
  });
}
