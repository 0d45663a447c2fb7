import type { Temporal } from "temporal-polyfill";

/** The units of the calendar that Looker's filters and timeframes count in. */
export type Unit = "day" | "week" | "month" | "quarter" | "year";

/** From its beginning up to, but without, its end, by the clock of the zone that Looker used. */
export interface Span {
  readonly from: Temporal.PlainDateTime;
  readonly until: Temporal.PlainDateTime;
}

/** How a model counts, as Looker tells it of each field. */
export interface Calendar {
  /** What weeks begin with, 1 is Monday (LookML's `week_start_day`). */
  readonly weekStart: number;
  /** How many months after January the fiscal year begins (LookML's `fiscal_month_offset`); null: not known. */
  readonly fiscalMonthOffset: number | null;
}

/** No report counts further, and a date beyond the calendar's limits would be an error. */
const COUNT_MAX = 10_000;

/** `count` units from `from` on; null for none or too many of them. */
export function lasting(from: Temporal.PlainDateTime | null, count: number, unit: Unit): Span | null {
  if (from === null || count < 1 || count > COUNT_MAX) return null;
  return { from, until: from.add(duration(count, unit)) };
}

/** `count` units from the beginning of the one that was `units` before `now`. */
export function ago(
  units: number,
  count: number,
  unit: Unit,
  { now, weekStart }: { readonly now: Temporal.PlainDateTime; readonly weekStart: number },
): Span | null {
  if (Math.abs(units) > COUNT_MAX) return null;
  // From the beginning of the present one: a month before the 31st is not a day of every month.
  return lasting(beginning(now, unit, weekStart).subtract(duration(units, unit)), count, unit);
}

export function beginning(at: Temporal.PlainDateTime, unit: Unit, weekStart: number): Temporal.PlainDateTime {
  const day = at.with({ hour: 0, minute: 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 });
  switch (unit) {
    case "day":
      return day;
    case "week":
      return day.subtract({ days: (day.dayOfWeek - weekStart + 7) % 7 });
    case "month":
      return day.with({ day: 1 });
    case "quarter":
      return day.with({ day: 1, month: day.month - ((day.month - 1) % 3) });
    case "year":
      return day.with({ day: 1, month: 1 });
  }
}

export function duration(
  count: number,
  unit: Unit,
): { readonly days?: number; readonly months?: number; readonly years?: number } {
  if (unit === "day") return { days: count };
  if (unit === "week") return { days: 7 * count };
  if (unit === "year") return { years: count };
  return { months: unit === "quarter" ? 3 * count : count };
}
