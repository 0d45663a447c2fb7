import type { Temporal } from "temporal-polyfill";
import { ReportError } from "../core/error.ts";
import { didYouMean } from "../core/rules/nearest.ts";

/** A whole day, week, month, quarter or year of the calendar. */
export type PeriodUnit = "day" | "week" | "month" | "quarter" | "year";

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/** No report goes back further, and a day beyond the calendar's limits would be an error. */
const DISTANCE_MAX = 10_000;

/**
 * The last full period before the one that `day` is in, as a Looker filter expression: a range without its end. Calendar
 * days are counted, not hours, so that DST changes shift nothing. `offset` -1 is the one before it, 0 that period itself, 1
 * the one that `day` is in. `weekStart` is a weekday's English name.
 */
export function lookerPeriod(
  day: Temporal.PlainDate,
  unit: PeriodUnit,
  { offset = 0, weekStart = "monday" }: { readonly offset?: number; readonly weekStart?: string },
): string {
  const start = startOf(day, unit, weekStart);
  const first = start.add(lengthOf(unit, within(offset) - 1));
  return range(first, first.add(lengthOf(unit, 1)));
}

/** The last `times` full periods before the one that `day` is in, as one range. */
export function lookerPeriods(
  day: Temporal.PlainDate,
  unit: PeriodUnit,
  { times, weekStart = "monday" }: { readonly times: number; readonly weekStart?: string },
): string {
  if (times < 1)
    throw wrong(
      `looker_${unit}s: ${times} is less than one ${unit}`,
      `Write a whole number from 1, as in looker_${unit}s: 12.`,
    );
  const end = startOf(day, unit, weekStart);
  return range(end.add(lengthOf(unit, -within(times))), end);
}

/** "2026-11-09" */
export function daysAgo(day: Temporal.PlainDate, days: number): string {
  return day.subtract({ days: within(days) }).toString();
}

function startOf(day: Temporal.PlainDate, unit: PeriodUnit, weekStart: string): Temporal.PlainDate {
  switch (unit) {
    case "day":
      return day;
    case "week":
      return day.subtract({ days: (day.dayOfWeek - weekdayOf(weekStart) + 7) % 7 });
    case "month":
      return day.with({ day: 1 });
    case "quarter":
      return day.with({ day: 1, month: day.month - ((day.month - 1) % 3) });
    default:
      return day.with({ day: 1, month: 1 });
  }
}

function lengthOf(unit: PeriodUnit, times: number): Temporal.DurationLike {
  if (unit === "quarter") return { months: 3 * times };
  return { [`${unit}s`]: times };
}

/** 1 is Monday, as in ISO 8601. */
function weekdayOf(name: string): number {
  const index = WEEKDAYS.indexOf(name.trim().toLowerCase());
  if (index >= 0) return index + 1;
  const near = didYouMean(name, WEEKDAYS).trim();
  throw wrong(
    `"${name}" is not a day of the week`,
    near || 'Write its English name, as in week_start: "sunday".',
  );
}

function range(from: Temporal.PlainDate, to: Temporal.PlainDate): string {
  return `${from.toString()} to ${to.toString()}`;
}

function within(periods: number): number {
  if (Number.isInteger(periods) && Math.abs(periods) <= DISTANCE_MAX) return periods;
  throw wrong(
    `${periods} is not a whole number from -10000 to 10000`,
    "Write how many periods away it is, as in looker_week: -1.",
  );
}

function wrong(message: string, advice: string): ReportError {
  return new ReportError(message, { code: "config", advice });
}
