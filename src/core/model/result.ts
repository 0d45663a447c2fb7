import type { SpoolFile } from "../ports/spool.ts";
import type { Calendar } from "../rules/dates/calendar.ts";
import type { AppliedFilters } from "./applied-filters.ts";
import type { Presentation } from "./presentation.ts";
import type { Table } from "./table.ts";

/** What a source brought back for one section. */
export interface Result {
  /** The content's own title at Looker; null where it has none. */
  readonly title: string | null;
  readonly table: Table;
  /** How its author shows it in Looker; absent: as it is, or that is not wanted. */
  readonly presentation?: Presentation;
  /**
   * The whole result as CSV, where it is too large to be held: then `table.rows` is only its head. Absent where
   * `table.rows` is the whole result.
   */
  readonly csv?: LargeCsv;
  /** The filters that it ran with, Looker's expressions by field. */
  readonly filters: Readonly<Record<string, string>>;
  /** The same for people, with those that the model adds by itself. Absent: there are none, or they cannot be known. */
  readonly applied?: AppliedFilters;
  /** What its rows were sorted by first; absent: that is left to Looker. */
  readonly sortedBy?: SortedBy;
  /** When Looker ran the query (not when we fetched it). */
  readonly ranAt: Date;
  readonly dates: DateFacts;
  /** Null where Looker does not tell. */
  readonly fromCache: boolean | null;
  /** Where a person finds this in Looker. */
  readonly url: string;
  readonly sql: string | null;
  /** How long Looker took, from the task's creation to its completion, in milliseconds. */
  readonly tookMs: number;
  /** Things worth a person's eye that did not stop the query: development mode, labels that repeat, rows that may be cut. */
  readonly warnings: readonly string[];
}

export interface SortedBy {
  readonly field: string;
  readonly isDescending: boolean;
}

/** How the dates of a result and its filters are to be read. */
export interface DateFacts {
  /** IANA name of the zone that Looker used; null where it does not say. */
  readonly timezone: string | null;
  readonly calendar: Calendar;
  /** Filtered fields of which Looker says that they hold something else. */
  readonly otherFilters: readonly string[];
}

/** A file for recipients, and its data rows. */
export interface CsvFile {
  readonly file: SpoolFile;
  readonly rows: number;
}

export interface LargeCsv {
  /** With the cells as Looker renders them ("$1,200"), and raw ("1200"): the forms that were kept as they came. */
  readonly formatted: SpoolFile | null;
  readonly raw: SpoolFile | null;
  /** Files that were written on the way, by the names of `CsvOnTheWay`. Absent: none. */
  readonly written?: Readonly<Record<string, CsvFile>>;
  /** Lines of headings before the data, in both: one, and one more for each pivot field. */
  readonly headingRows: number;
  /** Unique column labels to write in place of the last heading line. */
  readonly labels: readonly string[];
  /** Set where some columns of the files are wanted, or in another order: their places from left to right, of so many. */
  readonly picked?: { readonly columns: readonly number[]; readonly of: number };
}
