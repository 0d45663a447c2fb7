import type { ErrorCode } from "../../error.ts";
import { numbers } from "./numbers.ts";
import { tables } from "./tables.ts";

const { count } = numbers;

export type ChartMark = "line" | "bar" | "area" | "arc" | "point";

/** A value of a chart, and what it is the value of. */
export interface SpotWords {
  readonly value: string;
  readonly at: string;
}

/** `course` has an order in time; `first` and `last` are of that. */
export interface CourseWords {
  readonly count: number;
  readonly first: SpotWords;
  readonly last: SpotWords;
  readonly lowest: SpotWords;
  readonly highest: SpotWords;
}

export const charts = {
  /** "Line chart of Average delay by Date" */
  head: (mark: ChartMark, y: string, by: readonly string[]) =>
    `${NAMES[mark]} of ${y} by ${by.join(" and ")}`,
  noValues: "no values",
  onePoint: (spot: SpotWords) => `1 point, ${at(spot)}`,
  /** `areWeeks`: the places are named "week from …". */
  points({ count: all, first, last, lowest, highest }: CourseWords, areWeeks: boolean): string {
    // "From the week from" would be hard to read.
    const from = areWeeks ? ", " : " from ";
    return `${count(all)} points${from}${first.at} to ${last.at}; first ${first.value}, last ${last.value}, lowest ${at(lowest)}, highest ${at(highest)}`;
  },
  /** `rest`: what the others are drawn as together; null: none are. */
  groups: (number: number, rest: string | null) =>
    `${count(number)} series${rest === null ? "" : ` and ${rest}`}`,
  /** Of a chart that its author drew: what each series says, as sentences. */
  specAlt: (head: string, each: readonly string[]) =>
    each.length === 0 ? `${head}.` : `${head}. ${each.join(". ")}.`,
  /** The whole: its head, how many series (null: one), what each says, and notes as sentences. */
  alt: (
    head: string,
    groups: string | null,
    each: readonly string[],
    more: number,
    notes: readonly string[],
  ) =>
    [
      `${head}: ${groups === null ? "" : `${groups}. `}${each.join(". ")}${more > 0 ? `; and ${count(more)} more` : ""}.`,
      ...notes,
    ].join(" "),
  others: (number: number) => `${count(number)} others`,
  series: "series",
  place: "place",
  ofSpec: (title: string, rows: number) => `${title}: a chart of ${tables.rowCount(rows)}`,
  ofSeries: (name: string, words: string) => `${name}: ${words}`,
  largestDrawn: (drawn: number, all: number, what: string, isByColour: boolean) =>
    `The ${drawn} largest of ${count(all)} ${what} ${isByColour ? "have a colour of their own" : "are drawn"}.`,
  rowsLost: (lost: number, all: number, label: string) =>
    `${count(lost)} of ${count(all)} rows have no ${label} that could be drawn.`,
  firstDrawn: (drawn: number, all: number) => `The first ${drawn} of ${all} are drawn.`,
  firstRows: (shown: number, all: number) =>
    `The chart shows the first ${count(shown)} of ${tables.rowCount(all)}.`,
  unfinished: (name: string, soFar: string) => `Not over yet: ${name}, ${soFar}.`,
  /** At the end of a line. */
  soFar: "so far",

  /** In words, for those who do not see it. */
  course: ({ first, last, lowest, highest }: Omit<CourseWords, "count">) =>
    `first ${at(first)}, last ${at(last)}, lowest ${at(lowest)}, highest ${at(highest)}`,
  range: ({ lowest, highest }: Pick<CourseWords, "lowest" | "highest">) =>
    `lowest ${at(lowest)}, highest ${at(highest)}`,
  spot: at,
  inPicture: (more: string) => `and ${more} in the picture`,
  /** One part of a pie; `share` null: there is no whole. */
  share: (name: string, value: string, share: string | null) =>
    `${name} ${value}${share === null ? "" : `, ${share}`}`,
  shares: (parts: readonly string[], more: string | null) =>
    [...parts, ...(more === null ? [] : [more])].join("; "),

  /** A picture by Looker; `rows`: "Carrier AA, Flights 12" each. */
  image: (title: string, rows: number, lines: readonly string[]) =>
    lines.length === 0
      ? `${title}, as Looker draws it: ${tables.rowCount(rows)}.`
      : `${title}, as Looker draws it: ${tables.rowCount(rows)}; ${lines.length < rows ? "first " : ""}${lines.join("; ")}.`,
  none: "none",

  notDrawn: "The chart could not be drawn",
  notDrawnByLooker: "Looker could not draw this, so here is its table",
  /** Why something could not be had, for those who read the report. */
  because: (what: string, why: string) => `${what}: ${why}.`,
  notWithin: (duration: string) => `Looker was not done within ${duration}`,
  why: {
    config: "it cannot be had as the report asks for it",
    auth: "Looker does not allow it",
    not_found: "Looker does not have it, or does not show it to reports",
    invalid_query: "Looker does not accept its query as it is",
    database: "Looker tried, and failed",
    too_large: "what Looker sent is too large",
    unavailable: "Looker was not reached",
    rate_limited: "Looker was asked too often at the moment",
    timeout: "it took too long",
    cancelled: "it was called off",
    protocol: "what Looker sent could not be read",
    local: "the machine that makes the reports failed at it",
  } satisfies Record<ErrorCode, string> as Record<ErrorCode, string>,
};

export type ChartPhrases = typeof charts;

const NAMES: Readonly<Record<ChartMark, string>> = {
  line: "Line chart",
  bar: "Bar chart",
  area: "Area chart",
  arc: "Pie chart",
  point: "Scatter plot",
};

function at({ value, at: place }: SpotWords): string {
  return `${value} (${place})`;
}
