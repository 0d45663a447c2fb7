import { Temporal } from "temporal-polyfill";
import type { Cell, Table } from "../model/table.ts";

/** How long the time is that one value of a date field covers. */
export type Grain = "year" | "quarter" | "month" | "week" | "day" | "time";

export interface DateValue {
  /** Its beginning. Looker has converted it to the query's zone already: it is read as it is. */
  readonly at: Temporal.PlainDateTime;
  readonly grain: Grain;
  /** ISO 8601, as exact as its grain: "2026", "2026-11", "2026-11-16", "2026-11-16T08:00:00". */
  readonly iso: string;
}

/** A year, a month or quarter, a day or week, or a time, as Looker's timeframes have them. */
const WRITTEN =
  /^(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?))?$/;

/**
 * A value of a date field; null for anything else, dates out of range included. `type` is the column's: it tells a week from a day,
 * and a year from a number.
 */
export function readDate(value: Cell["value"], type: string | null): DateValue | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const parts = WRITTEN.exec(String(value).trim());
  if (parts === null) return null;
  const [, year, quarter, month, day, hour, minute, second] = parts;
  const grain = grainOf(parts, type);
  if (grain === null) return null;
  try {
    const at = Temporal.PlainDateTime.from(
      {
        year: Number(year),
        month: quarter === undefined ? Number(month ?? 1) : Number(quarter) * 3 - 2,
        day: Number(day ?? 1),
        hour: Number(hour ?? 0),
        minute: Number(minute ?? 0),
        second: Number(second ?? 0),
      },
      { overflow: "reject" },
    );
    return { at, grain, iso: isoOf(at, grain) };
  } catch {
    return null;
  }
}

function grainOf([, , quarter, month, day, hour]: RegExpExecArray, type: string | null): Grain | null {
  if (hour !== undefined) return "time";
  if (day !== undefined) return type?.endsWith("week") === true ? "week" : "day";
  if (quarter !== undefined) return "quarter";
  if (month !== undefined) return type?.endsWith("quarter") === true ? "quarter" : "month";
  return type === "date_year" || type === "date_fiscal_year" ? "year" : null;
}

export function isoOf(at: Temporal.PlainDateTime, grain: Grain): string {
  const text = at.toString({ smallestUnit: "second" });
  if (grain === "time") return text;
  if (grain === "year") return text.slice(0, 4);
  return text.slice(0, grain === "month" || grain === "quarter" ? 7 : 10);
}

/**
 * Whether a column holds dates: by Looker's type, of which some values have to be dates, since "date_day_of_week" is a date's too; or
 * because all its values are written as dates.
 */
export function isDateColumn({ columns, rows }: Table, index: number): boolean {
  const column = columns[index];
  if (column === undefined) return false;
  const values = rows
    .map((row) => row[index]?.value ?? null)
    .filter((value) => value !== null && value !== "");
  const dates = values.filter((value) => readDate(value, column.type) !== null);
  if (dates.length === 0) return false;
  return column.type?.startsWith("date") === true
    ? dates.length * 2 >= values.length
    : !column.isNumeric && dates.length === values.length;
}

/** The first dimension that holds dates; null where there is none. */
export function dateColumnOf(table: Table): number | null {
  const index = table.columns.findIndex(({ kind }, at) => kind === "dimension" && isDateColumn(table, at));
  return index === -1 ? null : index;
}

/** "2026-11-16T08:00": an instant in a zone's own time. */
export function localMinute(at: Date, timezone: string): string {
  return localOf(at, timezone).toString({ smallestUnit: "minute" });
}

export function localOf(at: Date, timezone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone).toPlainDateTime();
}

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

/** 11 -> "November". English, as all of lookpost's own words. */
export function monthName(month: number): string {
  return MONTHS[month - 1] ?? String(month);
}

/** "9 Nov 2026" */
export function shortDay(date: {
  readonly day: number;
  readonly month: number;
  readonly year: number;
}): string {
  return `${date.day} ${monthName(date.month).slice(0, 3)} ${date.year}`;
}
