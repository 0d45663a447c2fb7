import type { Table } from "../model/table.ts";

/** In which form Looker sends the cells of a CSV: as it renders them ("$1,200"), or raw ("1200"). */
export type CsvForm = "formatted" | "raw";

/** How a format writes its file of a large CSV while that comes in, so that it is written once and read never. */
export interface CsvOnTheWay {
  /** The same for files that are the same. */
  readonly name: string;
  readonly form: CsvForm;
  /** As `Format.isWhole`: else it cannot be written so where Looker's page shows other columns than the file brings. */
  readonly isWhole: boolean;
  begin(heads: CsvHeads): CsvRewriting;
}

/** What is known of a CSV once its headings have come. */
export interface CsvHeads {
  /** Lines of headings before the data. */
  readonly headingRows: number;
  /** Unique column labels, as in `LargeCsv`. */
  readonly labels: readonly string[];
  /** Names and pivots of the columns. What depends on rows is not known yet. */
  readonly table: Pick<Table, "columns">;
}

export interface CsvRewriting {
  /** What the file begins with. */
  readonly beginning: Buffer;
  /** Data rows written so far. */
  readonly records: number;
  /** The most bytes that as many bytes of input may become. */
  outputBytes(inputBytes: number): number;
  /**
   * Rewrites what is whole in `input` into `output`; the next input has to start with what is not done. The whole input begins with its
   * headings, without a byte order mark. Throws ReportError `protocol` for text that is not CSV and, if `final`, for text that breaks off.
   */
  recode(input: Buffer, output: Buffer, final: boolean): { readonly done: number; readonly written: number };
}
