import type { RowOrder } from "../../core/model/message.ts";
import type { KpiRecord, Leader, PeriodCount } from "../../core/model/show.ts";
import type { Unit } from "../../core/rules/dates/calendar.ts";
import { count } from "../../core/rules/quantity.ts";

/**
 * The fixed words of messages, in English: whole sentences as functions of their parts, so that another language may put the parts in
 * another order. A language is another object of this type.
 */
export const ENGLISH = {
  openInLooker: "Open in Looker",
  seeAll: (all: string) => `See all ${all}`,
  seeMore: "See more in Looker",
  questions: "Questions?",
  attached: "Attached",
  toDownload: "To download",

  /** What a period is compared with: "the week before". */
  before: (unit: Unit) => `the ${unit} before`,
  comparedWith: (before: string) => `compared with ${before}`,
  /** "the last twelve weeks" */
  lastPeriods: ({ count: periods, unit }: PeriodCount) =>
    `the last ${inWords(periods)} ${plural(unit, periods)}`,
  lines: (span: string, lines: number) => `${lines === 1 ? "Line" : "Lines"}: ${span}`,
  /** What a table of figures is, to a screen reader. */
  figures: "Figures",
  soFar: "so far",

  noValue: "no value",
  same: "no change",
  /** Under a figure: what it was before, and whether that is better; `when` is "" where that is said for all. */
  was: (from: string, when: string, verdict: Judgement) =>
    `${{ better: "better than", worse: "worse than", none: "from" }[verdict]} ${from}${when === "" ? "" : ` ${when}`}`,
  judged: (verdict: "better" | "worse") => verdict,
  wasTheSame: (when: string) => (when === "" ? "" : `as ${when}`),
  /** Said to screen readers in place of the arrow. */
  direction: { up: "up", down: "down", level: "unchanged" },

  /** "Flights up 2.5% to 1,637", with the value last: `to` is set apart. */
  moved: (label: string, direction: "up" | "down", by: string) => `${label} ${direction} ${by} to `,
  unmoved: (label: string) => `${label} unchanged at `,
  at: (label: string) => `${label} at `,
  atSoFar: (label: string) => `${label} so far at `,
  /** "average delay worst in Denver at 24.1", with the value last. */
  leads: (label: string, side: Leader["side"], name: string, isPlace: boolean) =>
    `${label} ${side} ${isPlace ? "in" : "for"} ${name} at `,
  record: ({ side, count: periods, unit }: KpiRecord) =>
    `, the ${side} in ${inWords(periods)} ${plural(unit, periods)}`,

  /** "8 of 46 airports", "the first 5,000 rows" */
  rows: (rows: number, noun: string | null) =>
    // Of a noun only the plural is known.
    noun === null || rows === 1 ? `${count(rows)} ${plural("row", rows)}` : `${count(rows)} ${noun}`,
  cutRows: (shown: number, all: string) => `${count(shown)} of ${all}`,
  firstOf: (all: string) => `the first ${all}`,
  /** Of a pivot over time that is cut. */
  latestColumns: "The latest columns are shown.",
  /** "highest average delay first": which rows the shown ones are. */
  ordered: ({ kind, label }: RowOrder) => {
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
  },
  scrollOnPhone: (columns: string) => `The table has ${columns} columns: scroll sideways to see them all.`,
  scrollSideways: "The table is wide: scroll sideways.",
} as const;

/** "Average delay" within a sentence; "SLA breaches" and "DACH turnover" stay. */
function lowered(label: string): string {
  return /^\p{Lu}\p{Ll}+( |$)/u.test(label) && !/^\p{Lu}\p{Ll}+ \p{Lu}/u.test(label)
    ? label.charAt(0).toLowerCase() + label.slice(1)
    : label;
}

export type Phrases = typeof ENGLISH;

export type Judgement = "better" | "worse" | "none";

const NUMBERS = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];

function inWords(number: number): string {
  return NUMBERS[number] ?? count(number);
}

function plural(noun: string, number: number): string {
  return number === 1 ? noun : `${noun}s`;
}
