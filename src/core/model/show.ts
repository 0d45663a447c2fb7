import type { Comparison } from "../rules/comparison.ts";
import type { Unit } from "../rules/dates/calendar.ts";
import type { Grain } from "../rules/dates/date-value.ts";
import type { NumberStyle } from "../rules/numbers/number-style.ts";
import type { Cell } from "./table.ts";
import type { Better } from "./wording.ts";

/** What a section of a message makes of its table. */
export type Show =
  | { readonly kind: "table"; readonly emphasis: readonly Emphasis[]; readonly leader?: Leader }
  | { readonly kind: "none" }
  | { readonly kind: "kpi"; readonly kpi: Kpi }
  | {
      readonly kind: "chart";
      /** Name of the message's picture; null where there was nothing to draw, or it could not be drawn: the notices say why. */
      readonly picture: string | null;
      readonly series: ChartSeries | null;
    }
  /** As Looker draws it. `picture` null: it could not be had, the notices say why, and the table is shown in its place. */
  | { readonly kind: "image"; readonly picture: string | null }
  | { readonly kind: "changes"; readonly changes: Changes };

/** The row that leads a table by the measure that it is sorted by: "delays worst in Denver". */
export interface Leader {
  /** The measure's, as people call it. */
  readonly label: string;
  readonly name: string;
  /** As Looker renders it. */
  readonly value: string;
  /** What follows the value, where that does not say it itself. */
  readonly unit?: string;
  /** Which way is good only the report says; without that it is "highest" or "lowest". */
  readonly side: "worst" | "best" | "highest" | "lowest";
  /** It is a place, as a city. */
  readonly isPlace: boolean;
}

/** Cells of a column that are to stand out. */
export interface Emphasis {
  /** Index of the column. */
  readonly column: number;
  readonly when: Comparison | CellMark;
}

/** Cells that stand out for what is not in them alone: a field that is not shown, the other cells of their column. */
export interface CellMark {
  /** Those that have it among their `marks`. */
  readonly mark: string;
  /** Follows the column's label: "where Cost > 60", "largest". */
  readonly words: string;
}

/** One figure, and how it moved. */
export interface Kpi {
  readonly label: string;
  /** As Looker renders it; "" where there is no value. */
  readonly value: string;
  /** What it is the value of, as its row says: "week from 9 November, Delta"; null where its row has no dimension. */
  readonly of: string | null;
  /** The time of its date: "9 to 15 November 2026"; null where that is not known. Absent: it has no date, and is of all its query covers. */
  readonly period?: string | null;
  /** It is the value of a period that was not over yet; `of` says so. */
  readonly isPartial?: true;
  readonly change: KpiChange | null;
  /** Why no change is shown, in a few words: "no earlier value yet"; null where there is one, or none is wanted. */
  readonly withoutChange: string | null;
  /** Name of the message's picture, or null. */
  readonly sparkline: string | null;
  /** Its past and present, oldest first, as far as it is known. */
  readonly points: readonly KpiPoint[];
  /** What follows the value, where that does not say it itself: "min". */
  readonly unit?: string;
  /** Which way is good. Absent: the report does not say, and no one may guess. */
  readonly better?: Better;
  /** Whose it is, besides its date: "Delta". Absent: its row has no other dimension. */
  readonly whom?: string;
  /** The points are of so many periods in a row, the figure's own included. Absent: there are gaps, or no dates. */
  readonly span?: PeriodCount;
  /** Absent: it is no record, or too little is known. */
  readonly record?: KpiRecord;
}

export interface PeriodCount {
  readonly count: number;
  readonly unit: Unit;
}

/** The figure is lower, or higher, than every other of the last `count` periods, itself included. */
export interface KpiRecord extends PeriodCount {
  readonly side: "lowest" | "highest";
}

export interface KpiPoint {
  /** What it is the value of, mostly a date: "week from 9 November". */
  readonly of: string;
  /** The same as an adverb: "in the week from 9 November". */
  readonly when: string;
  readonly value: number;
}

export interface KpiChange {
  readonly direction: "up" | "down" | "level";
  /** Without a sign, in the figure's own format: "1,204". */
  readonly absolute: string;
  /** Without a sign: "8.2%"; null where the earlier value is 0. */
  readonly percent: string | null;
  /** The earlier value as rendered. */
  readonly from: string;
  /** When or where the earlier value was: "in the week from 2 November", "in the last report, 9 Nov 2026", "(Delta)". */
  readonly against: string;
  /** The earlier value is that of exactly one such unit before. Absent: it is not, or that is not known. */
  readonly before?: Unit;
  /**
   * The change in its shortest form, without a sign: a percent of amounts, points of shares, the bare difference of small counts. Absent:
   * the percent, else the difference.
   */
  readonly brief?: string;
}

/** The data of a plain chart. */
export interface ChartSeries {
  readonly mark: "line" | "bar" | "area" | "arc" | "point";
  readonly xLabel: string;
  readonly yLabel: string;
  /** What dates the places along the axis are; absent: none. */
  readonly grain?: Grain;
  /**
   * How the values are written; null: they are of several kinds, rates next to counts, and no axis does for all. Absent: that is not
   * known.
   */
  readonly style?: NumberStyle | null;
  /** One for each line, or each stack of bars. */
  readonly series: readonly {
    readonly name: string;
    /** In the order of the axis; y null where there is no value. */
    readonly points: readonly { readonly x: string; readonly y: number | null }[];
  }[];
}

/** How a table differs from the one of the last delivered run. Rows have the cells of the table's columns. */
export interface Changes {
  /** When the run that it is compared with was due (ISO 8601, UTC); null: there is none yet. */
  readonly since: string | null;
  /** Indexes of the columns that say which row is which. */
  readonly key: readonly number[];
  readonly added: readonly (readonly Cell[])[];
  readonly gone: readonly (readonly Cell[])[];
  readonly moved: readonly MovedRow[];
  /** Of the whole; the lists above may hold fewer. */
  readonly counts: {
    readonly added: number;
    readonly gone: number;
    readonly moved: number;
    readonly same: number;
  };
}

export interface MovedRow {
  readonly now: readonly Cell[];
  /** The earlier cell where it differs, null where it is the same. */
  readonly was: readonly (Cell | null)[];
}
