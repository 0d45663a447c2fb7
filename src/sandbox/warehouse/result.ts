import type { TableCalculation } from "./model/dynamic-fields.ts";
import { evaluate } from "./model/expression.ts";
import { type Field, fullLabel, type Value } from "./model/field.ts";
import type { Plan } from "./plan.ts";
import { type Render, renderOf } from "./value-format.ts";

export const ROW_TOTAL_KEY = "$$$_row_total_$$$";

/** One value of the pivoted dimensions, or the column of row totals. */
export interface PivotColumn {
  /** The values joined by `|FIELD|`, or `$$$_row_total_$$$`. */
  key: string;
  data: Record<string, Value>;
  /** One shown value for each pivoted dimension. */
  labels: readonly string[];
  isTotal: boolean;
}

/** One column of the flat result: what a CSV file has as a column. */
export interface Column {
  name: string;
  label: string;
  source: { kind: "field"; field: Field } | { kind: "calculation"; calculation: TableCalculation };
  isNumeric: boolean;
  render: Render;
  pivot: PivotColumn | null;
}

export interface Result {
  plan: Plan;
  sql: string;
  columns: readonly Column[];
  pivots: readonly PivotColumn[];
  /** Can be read again from the start. A row is only good until the next one is read. */
  rows: Iterable<readonly Value[]>;
  rowCount: number;
  /** Aligned with `columns`; null for dimensions. */
  totals: readonly Value[] | null;
  /** The limit cut the rows, or there is nothing to say whether it did. */
  truncated: boolean;
  /** The column limit cut the pivots. */
  columnsTruncated: boolean;
}

export function fieldColumn(field: Field, pivot: PivotColumn | null = null): Column {
  return {
    name: field.name,
    label: fullLabel(field),
    source: { kind: "field", field },
    isNumeric: field.isNumeric,
    render: renderOf(field),
    pivot,
  };
}

export function calculationColumn(calculation: TableCalculation, pivot: PivotColumn | null = null): Column {
  const { name, label, valueFormat, valueFormatName } = calculation;
  return {
    name,
    label,
    source: { kind: "calculation", calculation },
    isNumeric: true,
    render: renderOf({ isNumeric: true, valueFormat, valueFormatName, type: "number" }),
    pivot,
  };
}

/**
 * Fills the places of table calculations in a row, left to right, so that one may use those before it. In a pivoted
 * row a calculation sees the measures of its own pivot column.
 */
export function calculate(columns: readonly Column[], row: Value[]): Value[] {
  columns.forEach((column, index) => {
    if (column.source.kind !== "calculation") return;
    row[index] = evaluate(column.source.calculation.expression, (name) => {
      const at = columns.findIndex(
        (other) => other.name === name && (other.pivot === null || other.pivot === column.pivot),
      );
      return at < 0 ? null : row[at];
    });
  });
  return row;
}

/** Nulls come first when ascending, as `null_sort_treatment: low` says. */
export function compareValues(left: Value, right: Value): number {
  if (left === right) return 0;
  if (left === null) return -1;
  if (right === null) return 1;
  return left < right ? -1 : 1;
}
