import type { z } from "zod";
import { didYouMean } from "../../core/rules/nearest.ts";

/** Which of the values a word stands for, as advice; null: none is near. */
export function suggestion(input: unknown, values: readonly z.core.util.Primitive[]): string | null {
  const word = String(input).toLowerCase();
  const mark = MARK_MEANT[word];
  // A chart says what it shows: the word alone does not.
  if (mark !== undefined && values.includes("chart"))
    return `Write chart: { mark: ${mark}, x: …, y: … } in place of it.`;
  const meant = FORMAT_MEANT[word] ?? mark;
  if (meant !== undefined && values.includes(meant)) return `Did you mean "${meant}"?`;
  return didYouMean(String(input), values.map(String)).trim() || null;
}

/** What people call a chart's marks, by Vega-Lite's own words too. */
const MARK_MEANT: Readonly<Record<string, string>> = {
  arc: "arc",
  area: "area",
  bar: "bar",
  column: "bar",
  columns: "bar",
  donut: "arc",
  line: "line",
  pie: "arc",
  point: "point",
  scatter: "point",
  scatterplot: "point",
};

/** What people call a format that has another word. */
const FORMAT_MEANT: Readonly<Record<string, string>> = {
  excel: "xlsx",
  exel: "xlsx",
  xls: "xlsx",
  jpg: "png",
  jpeg: "png",
};
