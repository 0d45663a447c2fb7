import type { RowOrder } from "../../model/message.ts";
import { lowered } from "../lowered.ts";
import { numbers } from "./numbers.ts";

const { count, listed } = numbers;

/** How many rows of how many; `noun` is what they are, in the plural, null where that is not known. */
export interface RowsOfAll {
  readonly shown: number;
  readonly all: number;
  /** False: Looker may have more than `all`, the query's limit. */
  readonly isExact: boolean;
  readonly noun: string | null;
}

/** What a section's files hold: "all" of its data; "returned": what Looker left of it; "rows": so many as the limit let through. */
export interface RestWords {
  readonly holds: "all" | "returned" | "rows";
  readonly rows: number;
  readonly how: "attached" | "download";
  /** Their names where they are not listed elsewhere; else none. */
  readonly files: readonly string[];
}

export interface ChangeCounts {
  readonly added: number;
  readonly gone: number;
  readonly moved: number;
}

export const tables = {
  /** "12 rows", "8 of 46 airports", "50 of the first 5,000 rows". */
  rows({ shown, all, isExact, noun }: RowsOfAll): string {
    // Of a noun only the plural is known.
    const whole = noun === null || all === 1 ? rowCount(all) : `${count(all)} ${noun}`;
    const of = isExact ? whole : `the first ${whole}`;
    return shown < all ? `${count(shown)} of ${of}` : of;
  },
  rowCount,
  noRows: "no rows",
  notShownHere: (rows: string) => `${rows}, not shown here`,
  ofColumns: (rows: string, shown: number, all: number) =>
    `${rows}, ${count(shown)} of ${count(all)} columns`,
  /** Which of all rows they are: "8 of 46 airports, highest average delay first". */
  ordered: (rows: string, order: RowOrder) => `${rows}, ${orderWords(order)}`,
  /** A phrase as a sentence. */
  sentence: (phrase: string) => `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`,
  empty: "No rows: the query returned nothing for its filters.",
  seeAll: (all: number) => `See all ${count(all)}`,
  seeMore: "See more in Looker",
  rest({ holds, rows, how, files }: RestWords): string {
    const what = {
      all: "The full data is",
      returned: "All that Looker returned is",
      rows: `All ${rowCount(rows)} that Looker returned are`,
    }[holds];
    const where = how === "attached" ? "attached" : "available to download below";
    return `${what} ${where}${files.length === 0 ? "" : `: ${listed(files)}`}.`;
  },
  /** `of`: the labels of the pivots. `isCertain`: Looker has more. */
  columnLimit(limit: number, of: readonly string[], isCertain: boolean): string {
    const more = of.length === 0 ? "more columns" : `more columns of ${of.join(" and ")}`;
    return isCertain
      ? `The query’s column limit is ${count(limit)}: Looker has ${more}, and left them out.`
      : `The query’s column limit is ${count(limit)}, so there may be ${more}.`;
  },
  nothingShown: (columns: number) =>
    `Nothing is shown: Looker’s settings of this table hide ${columns === 1 ? "its one column" : `all ${count(columns)} columns`}.`,
  scrollOnPhone: (columns: number) =>
    `The table has ${count(columns)} columns: scroll sideways to see them all.`,
  scrollSideways: "The table is wide: scroll sideways.",
  latestColumns: "The latest columns are shown.",

  total: "Total",
  totalOfAll: "Total of all rows in Looker",
  /** Below totals that are named "Total" alone. */
  totalIsOfAll: "Total: all rows in Looker",
  totalsAreOfAll: "The totals are of all rows in Looker.",
  totals: (isOfAll: boolean, values: string) => `Totals${isOfAll ? " of all rows in Looker" : ""}: ${values}`,
  subtotal: "Subtotal",
  subtotalOf: (value: string) => `${value} (subtotal)`,
  subtotals: (values: string) => `Subtotals: ${values}`,

  /** Before what is marked. */
  marked: "Marked:",
  marks: (words: readonly string[], more: number) =>
    `${words.join(", ")}${more > 0 ? `, and ${count(more)} more` : ""}`,
  /** After the label of a column: what its cells are. */
  mark: {
    within: (low: number, high: number) => `from ${low} to ${high}`,
    outside: (low: number, high: number) => `below ${low} or above ${high}`,
    empty: "without a value",
    present: "with a value",
    largest: "(the largest)",
  },
  /** Cells that stand out for another column's sake: "where Cost > 60". */
  markWhere: (label: string, words: string) => `where ${label} ${words}`,

  new: "New",
  gone: "Gone",
  moved: "Moved",
  /** The same after a title: "Airports: new". */
  changesOf: (title: string, kind: "new" | "gone" | "moved") => `${title}: ${kind}`,
  shownOf: (shown: number, all: number) => `${count(shown)} of ${count(all)} shown`,
  someOf: (shown: number, all: number) => `${count(shown)} of ${count(all)}`,
  nothingToCompare: "nothing to compare with yet",
  noChanges: "no changes",
  tally,
  /** `since`: a date in words; null: there is no earlier report. `all`: rows now, or of both reports. */
  changes(counts: ChangeCounts, all: number, since: string | null): string {
    if (since === null)
      return `There is no earlier report to compare with yet. From the next one on, this section shows what has changed; it has ${rowCount(all)} now.`;
    const { added, gone, moved } = counts;
    if (added + gone + moved === 0)
      return `No changes since ${since}: all ${rowCount(all)} are as they were.`;
    return `${tally(counts)} of ${rowCount(all)} since ${since}.`;
  },
  /** In files of changes. */
  changeColumns: {
    change: "Change",
    before: (label: string) => `${label} before`,
    now: (label: string) => `${label} now`,
    difference: (label: string) => `${label} difference`,
  },
  changeKinds: { changed: "changed", new: "new", gone: "gone" },

  rowsCompared: (kept: number, all: number) =>
    `Only the first ${count(kept)} of ${count(all)} rows are compared.`,
  columnsNotCompared: (limit: number) =>
    `The query’s column limit is ${count(limit)}: columns beyond it are not compared.`,
  rowsNotCompared: (limit: number) =>
    `The query’s limit is ${count(limit)}: rows beyond it are not compared.`,
  cutBefore: "The last report did not have all its rows either: some may count as new that were beyond them.",
  noKeyBefore: (labels: readonly string[]) =>
    `The last report had no ${labels.join(" and no ")}, so there is nothing to compare with yet.`,
  newColumns: (labels: readonly string[]) =>
    `Not compared, since the last report did not have it: ${named(labels)}.`,
  lostColumns: (labels: readonly string[]) =>
    `The last report also had ${named(labels)}, which is gone from the query.`,
};

export type TablePhrases = typeof tables;

function orderWords({ kind, label }: RowOrder): string {
  switch (kind) {
    case "newest":
    case "oldest":
      return `${kind} first`;
    case "highest":
    case "lowest":
    case "most":
    case "fewest":
      return `${kind} ${lowered(label)} first`;
    case "ascending":
      return `by ${lowered(label)}`;
    case "descending":
      return `by ${lowered(label)}, descending`;
  }
}

function tally({ added, gone, moved }: ChangeCounts): string {
  return `${count(added)} new, ${count(gone)} gone, ${count(moved)} moved`;
}

function rowCount(rows: number): string {
  return rows === 1 ? "1 row" : `${count(rows)} rows`;
}

function named(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).join(", ");
  return labels.length > 8 ? `${shown} and ${count(labels.length - 8)} more` : shown;
}
