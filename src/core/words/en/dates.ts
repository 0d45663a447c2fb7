import { quarterOf } from "../../rules/dates/date-value.ts";
import {
  type CalendarDay,
  clockTime,
  type DateWords,
  type PeriodShape,
  type SpokenDate,
  sharedBy,
} from "../dates.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

export const dates = {
  /** BCP 47, for `Intl`. */
  tag: "en-GB",
  /** What `Intl` writes of a day, as it is read in a line. */
  plain: (written: string) => written.replace(/^(\w+), /, "$1 "),
  /** A day and its month, which are not to be parted at the end of a line. */
  unbroken: /\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:[a-z]{0,6})[,.;:]?/,

  /** "November 2026", "1 May 2026", "1 May 2026 08:00": an end of a filter. */
  point: ({ year, month, day, time }: FilterPoint) =>
    `${day === null ? "" : `${day} `}${monthName(month)} ${year}${time === null ? "" : ` ${time}`}`,
  /** Along an axis. */
  axisDay: ({ day, month }: Omit<CalendarDay, "year">) => `${day} ${shortMonth(month)}`,
  axisMonth: (month: number) => shortMonth(month),
  axisQuarter: (quarter: number) => `Q${quarter}`,
  axisYear: (year: number) => `${year}`,

  /** `year`: the one that goes without saying, mostly the present one. */
  word({ at, grain, iso }: SpokenDate, year: number): DateWords {
    const ofYear = at.year === year ? "" : ` ${at.year}`;
    const day = `${at.day} ${monthName(at.month)}${ofYear}`;
    switch (grain) {
      case "time":
        return { name: `${day}, ${clockTime(at)}`, when: `on ${day} at ${clockTime(at)}` };
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
  },

  /** "9 to 15 November 2026", "November 2026", "28 October to 9 November 2026", "2025". */
  period(shape: PeriodShape): string {
    if (shape.kind === "years") return range(`${shape.from}`, `${shape.to}`);
    const { from, to } = shape;
    const day = (date: CalendarDay) => (shape.kind === "months" ? "" : `${date.day} `);
    const end = `${day(to)}${monthName(to.month)} ${to.year}`;
    switch (sharedBy(shape)) {
      case "none":
        return range(`${day(from)}${monthName(from.month)} ${from.year}`, end);
      case "year":
        return range(`${day(from)}${monthName(from.month)}`, end);
      case "month":
        return shape.kind === "months" ? end : range(`${from.day}`, end);
      case "day":
        return end;
    }
  },

  /** "9 Nov 2026" */
  shortDay: ({ year, month, day }: CalendarDay) => `${day} ${shortMonth(month)} ${year}`,
  /** Of a period that is not over, in days; null: they are not known, or it is a single one. */
  soFar: (days: { readonly done: number; readonly all: number } | null) =>
    days === null ? "so far" : `so far (${days.done} of ${days.all} days)`,
  /** "Monday 16 November 2026, 08:00 EST" */
  atTime: (day: string, time: string) => `${day}, ${time}`,
  /** The same within a sentence, `day` null where that goes without saying: "on Mon 16 Nov 2026 at 08:00 EST". */
  moment: (day: string | null, time: string) => (day === null ? `at ${time}` : `on ${day} at ${time}`),
  /** The same after "between": "Mon 16 Nov 2026 at 08:00 EST". */
  dayTime: (day: string, time: string) => `${day} at ${time}`,
  until: (moment: string) => `until ${moment}`,
};

/** A date of a filter; `day` null: a month. */
export interface FilterPoint {
  readonly year: number;
  readonly month: number;
  readonly day: number | null;
  readonly time: string | null;
}

export type DatePhrases = typeof dates;

function monthName(month: number): string {
  return MONTHS[month - 1] ?? String(month);
}

function shortMonth(month: number): string {
  return monthName(month).slice(0, 3);
}

function named(name: string): DateWords {
  return { name, when: `in ${name}` };
}

function range(from: string, to: string): string {
  return from === to ? to : `${from} to ${to}`;
}
