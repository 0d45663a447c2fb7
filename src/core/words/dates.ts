import type { Grain } from "../rules/dates/date-value.ts";

/** A day of the calendar; months count from 1. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** A date of Looker's, by its timeframe. `iso` is as `DateValue` has it. */
export interface SpokenDate {
  readonly at: CalendarDay & { readonly hour: number; readonly minute: number; readonly second: number };
  readonly grain: Grain;
  readonly iso: string;
}

/** A date in words, as its timeframe is spoken of. */
export interface DateWords {
  /** What it is: "week from 9 November", "Q3 2026", "9 November, 08:00". */
  readonly name: string;
  /** When: "in the week from 9 November", "in Q3 2026", "on 9 November at 08:00". */
  readonly when: string;
}

/** "08:00", with the seconds where there are some. */
export function clockTime({ hour, minute, second }: SpokenDate["at"]): string {
  const parts = second === 0 ? [hour, minute] : [hour, minute, second];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** From the first day to the last, both included, as the largest units that they make up: years, months, else days. */
export type PeriodShape =
  | { readonly kind: "years"; readonly from: number; readonly to: number }
  | { readonly kind: "months" | "days"; readonly from: CalendarDay; readonly to: CalendarDay };

export function periodShape(
  from: CalendarDay,
  to: CalendarDay & { readonly daysInMonth: number },
): PeriodShape {
  const areMonths = from.day === 1 && to.day === to.daysInMonth;
  if (areMonths && from.month === 1 && to.month === 12)
    return { kind: "years", from: from.year, to: to.year };
  return { kind: areMonths ? "months" : "days", from, to };
}

/** How much of its beginning a period leaves to its end: "9 to 15 November 2026" says month and year once. */
export function sharedBy({
  from,
  to,
}: {
  readonly from: CalendarDay;
  readonly to: CalendarDay;
}): "none" | "year" | "month" | "day" {
  if (from.year !== to.year) return "none";
  if (from.month !== to.month) return "year";
  return from.day === to.day ? "day" : "month";
}
