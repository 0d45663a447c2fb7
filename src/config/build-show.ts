import type { ChartPlan, KpiHistory, ShowPlan } from "../core/model/report.ts";
import { type Comparison, parseComparison } from "../core/rules/comparison.ts";
import { BUILT_IN } from "./schema/settings.ts";
import type { HistoryText, SectionText } from "./schema/shape.ts";

/** How a section is shown, as its keys say together. `historyOf` reads the content that a figure's past comes from. */
export function showOf(
  section: SectionText,
  historyOf: (text: HistoryText) => KpiHistory["source"],
): ShowPlan {
  const { kpi, compare, history, chart, vega_lite: spec } = section;
  if (kpi !== undefined)
    return {
      kind: "kpi",
      field: kpi,
      compare: compare ?? BUILT_IN.compare,
      history: history ? { source: historyOf(history), date: history.date, value: history.value } : null,
    };
  if (chart !== undefined) return { kind: "chart", chart: chartOf(chart) };
  if (spec !== undefined) return { kind: "chart", chart: { kind: "vega_lite", spec } };
  switch (section.show) {
    case "none":
      return { kind: "none" };
    case "image":
      return {
        kind: "image",
        width: section.width ?? BUILT_IN.width,
        height: section.height ?? BUILT_IN.height,
      };
    case "changes":
      return { kind: "changes", key: [section.key ?? []].flat() };
    default:
      return { kind: "table", highlight: highlightOf(section) };
  }
}

function chartOf({ mark, x, y, color }: NonNullable<SectionText["chart"]>): ChartPlan {
  return { kind: "fields", mark, x, y: [y].flat(), color: color ?? null };
}

function highlightOf({ highlight = {} }: SectionText) {
  return Object.entries(highlight).flatMap(([field, text]) => {
    // The schema has refused whatever is no comparison.
    const when: Comparison | null = parseComparison(text);
    return when === null ? [] : [{ field, when }];
  });
}
