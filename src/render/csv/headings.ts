import type { Result } from "../../core/model/result.ts";
import { type Column, distinctLabels, pivotedLabel, ROW_TOTAL, type Table } from "../../core/model/table.ts";
import { flatLabel } from "../words/headings.ts";

/** What heads a column in a file: as Looker's own files are headed, or the fields' names, `view.field`. */
export type HeadingStyle = "labels" | "names";

/** One text a column, unique within the file, for results of every size. The digest has shorter ones. */
export function fileHeadings({ table, csv }: Result, style: HeadingStyle): readonly string[] {
  if (style === "names") return nameHeadings(table);
  if (csv !== undefined) return csv.labels;
  const full = table.columns.map((column) => ({ ...column, label: column.fullLabel ?? column.label }));
  return distinctLabels(full.map((column) => ({ name: column.name, label: flatLabel(column) }))).labels;
}

/** "flights.count", and for a pivoted column "flights.count – JFK – 2026". */
function nameHeadings({ columns }: Table): readonly string[] {
  return distinctLabels(
    columns.map((column) => {
      const label = pivotedLabel(column.name, pivotPath(column));
      return { name: label, label };
    }),
  ).labels;
}

/** The pivot values of a column, outermost first; none for one that stands outside the pivot. */
export function pivotPath({ pivot }: Column): readonly string[] {
  if (pivot === undefined) return [];
  return pivot.isRowTotal ? [ROW_TOTAL] : pivot.values;
}
