import { fullLabel } from "../model/field.ts";
import type { Result } from "../result.ts";

/**
 * The header of a flat result: one line of labels, and before it one line for each pivoted dimension, with its label
 * over the dimensions and its values over the columns that belong to them.
 */
export function headerLines(result: Result): string[][] {
  const pivotLines = result.plan.pivots.map((pivot, level) =>
    result.columns.map((column, index) =>
      column.pivot !== null ? (column.pivot.labels[level] ?? "") : index === 0 ? fullLabel(pivot) : "",
    ),
  );
  return [...pivotLines, result.columns.map((column) => column.label)];
}
