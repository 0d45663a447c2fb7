import type { Kpi } from "../../model/show.ts";
import { type Column, distinctLabels, pivotedLabel, type Table } from "../../model/table.ts";
import { type Wording, wordFor } from "../../model/wording.ts";
import type { FigurePhrases } from "../../words/en/figures.ts";
import { humanLabel } from "./human-label.ts";

/** A table whose columns are called as the report calls them, with the units of their values in its head. Files have Looker's own. */
export function wordedTable<T extends Table>(table: T, wording: Wording | undefined, withUnits: boolean): T {
  if (wording === undefined) return table;
  const measures = new Set(table.columns.filter(isMeasure).map(({ name }) => name));
  const headed = table.columns.map((column) => {
    const { name, pivot } = column;
    const own = Object.hasOwn(wording.labels, name) ? wording.labels[name] : undefined;
    // The section's one unit is that of its one measure.
    const unit =
      measures.size === 1 ? wordFor(wording.unit, name) : wordFor({ ...wording.unit, own: null }, name);
    const hasUnit = withUnits && isMeasure(column) && unit !== null;
    if (own === undefined && !hasUnit) return column;
    const values = pivot?.values ?? [];
    const bare = own ?? withoutPivot(column);
    return { ...column, label: pivotedLabel(hasUnit ? `${bare}, ${unit}` : bare, values) };
  });
  const { labels } = distinctLabels(headed);
  return {
    ...table,
    columns: headed.map((column, index) => ({ ...column, label: labels[index] ?? column.label })),
  };
}

function isMeasure({ kind, isNumeric }: Column): boolean {
  return kind !== "dimension" && isNumeric;
}

function withoutPivot({ label, pivot }: Column): string {
  const suffix = pivot === undefined ? "" : pivotedLabel("", pivot.values);
  return suffix !== "" && label.endsWith(suffix) ? label.slice(0, -suffix.length) : label;
}

/** A figure called as the report calls it, else as people would; with its unit, and which way is good. */
export function wordedKpi<K extends Pick<Kpi, "label" | "value">>(
  kpi: K,
  field: string,
  wording: Wording | undefined,
  words: Pick<FigurePhrases, "unit">,
): K & Pick<Kpi, "label" | "unit" | "better"> {
  const human = humanLabel({ name: field, label: kpi.label });
  const unit =
    (wording === undefined ? null : wordFor(wording.unit, field)) ??
    (human.unit === null ? null : words.unit(human.unit));
  const better = wording === undefined ? null : wordFor(wording.better, field);
  return {
    ...kpi,
    label: wording !== undefined && Object.hasOwn(wording.labels, field) ? kpi.label : human.label,
    ...(unit !== null && isBare(kpi.value) && { unit }),
    ...(better !== null && { better }),
  };
}

/** A number alone, or a short one ("1.2M"): what has a currency, a percent sign or a unit needs no other. */
function isBare(value: string): boolean {
  return /^[-+−(]?\d[\d.,\u00a0\u202f\s'’]*[KMBT]?\)?$/.test(value.trim());
}
