import type { Comparison } from "../rules/comparison.ts";

/** How the author of a query shows its table in Looker, by the columns of the whole table. */
export interface Presentation {
  /** Those that are shown, from left to right. Empty: none is. */
  readonly columns: readonly number[];
  /** Labels in place of the fields' own, one for each column, without its pivot values; null: the field's own. */
  readonly labels: readonly (string | null)[];
  readonly highlights: readonly LookerHighlight[];
  /** Which rows are shown. Absent: all. */
  readonly rows?: RowsShown;
  /** Its totals are not shown. */
  readonly hidesTotals?: true;
}

/** The rows that a table's page shows. */
export interface RowsShown {
  /** Columns whose "No" hides a row. */
  readonly notIfNo: readonly number[];
  /** So many of the others, from one end, are the only ones that are shown, or are the ones that are not; null: all are. */
  readonly part: { readonly isShown: boolean; readonly end: "first" | "last"; readonly count: number } | null;
}

/** Cells that Looker sets apart, in any of these columns. */
export interface LookerHighlight {
  readonly columns: readonly number[];
  readonly when: Comparison | CellTest;
}

/** What a comparison with one value does not say. */
export type CellTest =
  | { readonly kind: "within" | "outside"; readonly low: number; readonly high: number }
  | { readonly kind: "empty" | "present" }
  /** The longest of the bars that Looker draws into a column's cells. */
  | { readonly kind: "largest" };
