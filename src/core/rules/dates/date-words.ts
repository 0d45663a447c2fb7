import type { Temporal } from "temporal-polyfill";
import { type DateValue, type Grain, monthName, quarterOf, readDate } from "./date-value.ts";

/** A date in words, as its timeframe is spoken of. */
export interface DateWords {
  /** What it is: "week from 9 November", "Q3 2026", "9 November, 08:00". */
  readonly name: string;
  /** When: "in the week from 9 November", "in Q3 2026", "on 9 November at 08:00". */
  readonly when: string;
}

/** `year`: the one that goes without saying, mostly the present one. English, as all of lookpost's own words. */
export function dateWords({ at, grain, iso }: DateValue, year: number): DateWords {
  const ofYear = at.year === year ? "" : ` ${at.year}`;
  const day = `${at.day} ${monthName(at.month)}${ofYear}`;
  switch (grain) {
    case "time":
      return { name: `${day}, ${timeOf(at)}`, when: `on ${day} at ${timeOf(at)}` };
    case "day":
      return { name: day, when: `on ${day}` };
    case "week":
      return { name: `week from ${day}`, when: `in the week from ${day}` };
    case "month":
      return named(`${monthName(at.month)}${ofYear}`);
    case "quarter":
      return named(`Q${quarterOf(at)} ${at.year}`);
    default:
      // As Looker writes them: "2026", "FY2026-Q3".
      return named(iso);
  }
}

/** A label of an axis in words, where it is a date of this grain; else as it is. */
export function labelWords(label: string, grain: Grain | null, year: number | null): string {
  const date = grain === null ? null : readDate(label, `date_${grain}`);
  return date === null ? label : dateWords(date, year ?? date.at.year).name;
}

/** The year of the last date among labels, which goes without saying where they are told. */
export function lastYear(labels: readonly string[], grain: Grain | null): number | null {
  const last = labels.at(-1);
  return grain === null || last === undefined ? null : (readDate(last, `date_${grain}`)?.at.year ?? null);
}

function named(name: string): DateWords {
  return { name, when: `in ${name}` };
}

function timeOf(at: Temporal.PlainDateTime): string {
  return at.toPlainTime().toString({ smallestUnit: at.second === 0 ? "minute" : "second" });
}
