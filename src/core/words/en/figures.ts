import type { KpiRecord, Leader, PeriodCount } from "../../model/show.ts";
import type { Unit } from "../../rules/dates/calendar.ts";
import type { Grain } from "../../rules/dates/date-value.ts";
import { lowered } from "../lowered.ts";
import { numbers } from "./numbers.ts";

export type Judgement = "better" | "worse" | "none";

/** How a figure has moved. All parts are words already; `percent` null: there is none. */
export interface MoveWords {
  readonly direction: "up" | "down" | "level";
  readonly by: string;
  readonly percent: string | null;
}

/** What one figure says in the lead. `value` may be anywhere in it, once. */
export interface LeadClause {
  readonly label: string;
  readonly value: string;
  readonly record: KpiRecord | undefined;
  /** It begins the sentence. */
  readonly isFirst: boolean;
}

export interface LeaderClause extends Pick<Leader, "label" | "name" | "value" | "side" | "isPlace"> {
  readonly isFirst: boolean;
}

export const figures = {
  /** What a table of figures is, to a screen reader. */
  caption: "Figures",
  noValue: "no value",
  same: "no change",
  soFar: "so far",
  /** Said to screen readers in place of the arrow. */
  direction: { up: "up", down: "down", level: "unchanged" },

  /** What a period is compared with, as an adverb: "the week before". */
  before: (unit: Unit) => `the ${unit} before`,
  /** A period, and what all figures in it are compared with. */
  periodCompared: (period: string, unit: Unit) => `${period}, compared with the ${unit} before`,
  /** What the small lines of figures show: "Lines: the last twelve weeks". */
  pastLines: ({ count, unit }: PeriodCount, lines: number) =>
    `${lines === 1 ? "Line" : "Lines"}: the last ${inWords(count)} ${plural(unit, count)}`,

  /** Under a figure: what it was before, and whether that is better; `when` is "" where that is said for all. */
  was: (from: string, when: string, verdict: Judgement) =>
    `${{ better: "better than", worse: "worse than", none: "from" }[verdict]} ${from}${when === "" ? "" : ` ${when}`}`,
  wasTheSame: (when: string) => (when === "" ? "" : `as ${when}`),
  /** "up 1,204 (8.2%) from 14,683 in the week from 2 November: better". */
  change({ direction, by, percent }: MoveWords, from: string, against: string, verdict: Judgement): string {
    if (direction === "level") return `unchanged from ${from} ${against}`;
    const moved = `${direction} ${by}${percent === null ? "" : ` (${percent})`} from ${from} ${against}`;
    return verdict === "none" ? moved : `${moved}: ${verdict}`;
  },
  /** "15,887, up 1,204 (8.2%)" */
  brief: (value: string, { direction, by, percent }: MoveWords) =>
    direction === "level"
      ? `${value}, unchanged`
      : `${value}, ${direction} ${by}${percent === null ? "" : ` (${percent})`}`,
  /** On one line: "Flights, week from 9 November: 12,431. Up 1,204"; `change` "": there is none. */
  line: (heading: string, value: string, change: string) =>
    `${heading}: ${value}${change === "" ? "" : `. ${change}`}`,
  /** The difference of two percentages, "2.5" of them. */
  points: (digits: string) => `${digits} points`,
  /** What is of something, and how far, or of what: "week from 16 November, so far (2 of 7 days)". */
  partial: (of: string, soFar: string) => `${of}, ${soFar}`,
  /** "Flights (Delta)" */
  ofWhom: (label: string, whom: string) => `${label} (${whom})`,
  /** After a name that ends a unit: "days". */
  unit: (unit: string) => unit,

  noEarlierValue: "no earlier value yet",
  noEarlierReport: "no earlier report yet",
  /** `series`: "" where it has no name. */
  lastReportOf: (series: string) => `the last report was of ${series || "another figure"}`,
  inLastReport: (day: string, time: string | null) =>
    `in the last report, ${day}${time === null ? "" : `, ${time}`}`,
  inRowBefore: "in the row before",
  noValueWhen: (when: string) => `no value ${when}`,
  tooCoarse: (grain: Grain, unit: Unit) =>
    `its dates are ${grain.replace("_", " ")}s, so none is a ${unit} earlier`,
  lookedForIn: (known: number, all: number) =>
    `This figure was looked for in the first ${numbers.count(known)} of ${numbers.count(all)} rows only.`,
  unreadablePast: "What the last run left to compare with could not be read: this run starts over.",
  pastNotImported: "Its past could not be imported this time",

  /** The lead: "Flights up 2.5% to 1,637, the highest in eight weeks; average delay down 34% to 4.7 min." */
  leadJoin: "; ",
  leadEnd: ".",
  /** A label within a sentence. */
  inSentence: lowered,
  leadMoved: ({ label, value, record }: LeadClause, direction: "up" | "down", by: string) =>
    `${label} ${direction} ${by} to ${value}${recordWords(record)}`,
  leadUnmoved: ({ label, value, record }: LeadClause) =>
    `${label} unchanged at ${value}${recordWords(record)}`,
  /** A table's first row: "average delay worst in Denver at 24.1". */
  leads: ({ label, name, value, side, isPlace }: LeaderClause) =>
    `${label} ${side} ${isPlace ? "in" : "for"} ${name} at ${value}`,
  leadAt: ({ label, value, record }: LeadClause) => `${label} at ${value}${recordWords(record)}`,
  leadSoFar: ({ label, value, record }: LeadClause) => `${label} so far at ${value}${recordWords(record)}`,

  /** Of the small line of a figure's past. Dates are adverbs; `value` is "" where there is none. */
  sparkline: (past: SparklineWords) =>
    `${past.label}, ${past.count} values, the first ${past.first}, the last ${past.last}: now ${past.value || "none"}${past.isPartial ? " so far" : ""}, lowest ${past.lowest}, highest ${past.highest}.`,
};

export interface SparklineWords {
  readonly label: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly value: string;
  readonly isPartial: boolean;
  readonly lowest: string;
  readonly highest: string;
}

export type FigurePhrases = typeof figures;

const NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split(" ");

function inWords(number: number): string {
  return NUMBERS[number] ?? numbers.count(number);
}

function plural(noun: string, number: number): string {
  return number === 1 ? noun : `${noun}s`;
}

function recordWords(record: KpiRecord | undefined): string {
  if (record === undefined) return "";
  const { side, count, unit } = record;
  return `, the ${side} in ${inWords(count)} ${plural(unit, count)}`;
}
