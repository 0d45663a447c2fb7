import { Temporal } from "temporal-polyfill";
import type { Cell, Table } from "../../model/table.ts";

/** How long the time is that one value of a date field covers, from the shortest on. */
export const GRAINS = [
  "time",
  "day",
  "week",
  "month",
  "quarter",
  "fiscal_quarter",
  "year",
  "fiscal_year",
] as const;

export type Grain = (typeof GRAINS)[number];

export interface DateValue {
  /**
   * Its beginning. Looker has converted it to the query's zone already: it is read as it is. Of a fiscal period, as if its year began
   * in January: when it really begins only the model says.
   */
  readonly at: Temporal.PlainDateTime;
  readonly grain: Grain;
  /** ISO 8601, as exact as its grain: "2026", "2026-11", "2026-11-16", "2026-11-16T08:00:00"; "FY2026-Q3", "FY2026". Sorts as text. */
  readonly iso: string;
}

/** A year, a month or quarter, a day or week, or a time, as Looker's timeframes have them. */
const WRITTEN =
  /^(\d{4})(?:-(?:Q([1-4])|(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?))?$/;

/** Looker's `fiscal_year` and `fiscal_quarter` (https://cloud.google.com/looker/docs/reference/param-field-dimension-group). */
const FISCAL = /^FY(\d{4})(?:-Q([1-4]))?$/;

/**
 * A value of a date field; null for anything else, dates out of range included. `type` is the column's: it tells a week from a day,
 * and a year from a number.
 */
export function readDate(value: Cell["value"], type: string | null): DateValue | null {
  if (typeof value !== "string" && typeof value !== "number") return null;
  const text = String(value).trim();
  const fiscal = FISCAL.exec(text);
  if (fiscal !== null) {
    const [, year, quarter] = fiscal;
    return dateValue(["", year, quarter], quarter === undefined ? "fiscal_year" : "fiscal_quarter");
  }
  const parts = WRITTEN.exec(text);
  const grain = parts === null ? null : grainOf(parts, type);
  return parts === null || grain === null ? null : dateValue(parts, grain);
}

/** The same of a cell. Of a fiscal period what Looker shows is read first, since the value may be the month that it begins in. */
export function readDateCell(cell: Cell | undefined, type: string | null): DateValue | null {
  if (cell === undefined) return null;
  const shown = type?.startsWith("date_fiscal") === true ? readDate(cell.rendered, type) : null;
  return shown ?? readDate(cell.value, type);
}

function dateValue(parts: readonly (string | undefined)[], grain: Grain): DateValue | null {
  const [, year, quarter, month, day, hour, minute, second] = parts;
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
  if (type === "date_fiscal_year") return "fiscal_year";
  return type === "date_year" ? "year" : null;
}

export function isoOf(at: Temporal.PlainDateTime, grain: Grain): string {
  const text = at.toString({ smallestUnit: "second" });
  switch (grain) {
    case "time":
      return text;
    case "year":
      return text.slice(0, 4);
    case "fiscal_year":
      return `FY${text.slice(0, 4)}`;
    case "fiscal_quarter":
      return `FY${text.slice(0, 4)}-Q${quarterOf(at)}`;
    case "month":
    case "quarter":
      return text.slice(0, 7);
    default:
      return text.slice(0, 10);
  }
}

/** As Looker renders it: an ISO date, and a quarter as "2026-Q3". */
export function asLookerWrites(at: Temporal.PlainDateTime, grain: Grain): string {
  return grain === "quarter" ? `${at.year}-Q${quarterOf(at)}` : isoOf(at, grain).replace("T", " ");
}

export function quarterOf({ month }: { readonly month: number }): number {
  return Math.ceil(month / 3);
}

/**
 * Whether a column holds dates: by Looker's type, of which some values have to be dates, since "date_day_of_week" is a date's too; or
 * because all its values are written as dates.
 */
export function isDateColumn({ columns, rows }: Table, index: number): boolean {
  const column = columns[index];
  if (column === undefined) return false;
  const cells = rows.flatMap((row) => {
    const cell = row[index];
    return cell === undefined || cell.value === null || cell.value === "" ? [] : [cell];
  });
  const dates = cells.filter((cell) => readDateCell(cell, column.type) !== null);
  if (dates.length === 0) return false;
  return column.type?.startsWith("date") === true
    ? dates.length * 2 >= cells.length
    : !column.isNumeric && dates.length === cells.length;
}

/**
 * The first dimension that holds dates, by the finest of its timeframes that is there: a month next to its year; null where there is
 * none.
 */
export function dateColumnOf(table: Table): number | null {
  const dated = table.columns.flatMap(({ name, kind }, index) =>
    kind === "dimension" && isDateColumn(table, index) ? [{ index, group: groupOf(name) }] : [],
  );
  const [first] = dated;
  if (first === undefined) return null;
  const own = dated
    .filter(({ group }) => group === first.group)
    .map(({ index }) => ({ index, fineness: GRAINS.indexOf(grainIn(table, index) ?? "fiscal_year") }));
  return own.reduce((finest, one) => (one.fineness < finest.fineness ? one : finest)).index;
}

/** Of a column of dates, all of which have the same; null of any other. */
export function grainIn({ columns, rows }: Table, index: number): Grain | null {
  const type = columns[index]?.type ?? null;
  for (const row of rows) {
    const date = readDateCell(row[index], type);
    if (date !== null) return date.grain;
  }
  return null;
}

const TIMEFRAME =
  /_(?:raw|time|date|week|month|quarter|year|fiscal_quarter|fiscal_year|hour\d*|minute\d*|second)$/;

/** The dimension group of a field: "flights.date" of flights.date_week. */
export function groupOf(field: string): string {
  return field.replace(TIMEFRAME, "");
}

/** "2026-11-16T08:00": an instant in a zone's own time. */
export function localMinute(at: Date, timezone: string): string {
  return localOf(at, timezone).toString({ smallestUnit: "minute" });
}

export function localOf(at: Date, timezone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone).toPlainDateTime();
}
