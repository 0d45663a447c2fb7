import { Temporal } from "temporal-polyfill";
import type { Result } from "../model/result.ts";
import type { Table } from "../model/table.ts";
import { dateColumnOf, type Grain, localOf, monthName, readDate } from "./date-value.ts";

/** From the first day to the last, both included. */
interface Period {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
}

/**
 * What time the data of all results together covers: "9 to 15 November 2026". By their date filters, as Looker reads them when it
 * runs the query, with weeks that start on Monday; else by their dates. Null where neither tells.
 */
export function periodOf(
  results: readonly Pick<Result, "table" | "filters" | "ranAt">[],
  timezone: string,
): string | null {
  const periods = results.flatMap((result) => {
    const today = localOf(result.ranAt, timezone).toPlainDate();
    return filtered(result.filters, today) ?? dated(result.table) ?? [];
  });
  const [first, ...others] = periods;
  if (first === undefined) return null;
  return periodText(others.reduce(span, first));
}

function span(a: Period, b: Period): Period {
  const { compare } = Temporal.PlainDate;
  return { from: compare(a.from, b.from) <= 0 ? a.from : b.from, to: compare(a.to, b.to) >= 0 ? a.to : b.to };
}

function filtered(filters: Result["filters"], today: Temporal.PlainDate): Period | null {
  for (const [field, expression] of Object.entries(filters)) {
    const period = filterPeriod(expression, today, field);
    if (period !== null) return period;
  }
  return null;
}

type Unit = "day" | "week" | "month" | "quarter" | "year";

const UNIT = "(day|week|month|quarter|year)s?";
const DAY = "(\\d{4}[-/]\\d{1,2}(?:[-/]\\d{1,2}(?:[ T]\\d{1,2}:\\d{2}(?::\\d{2})?)?)?|\\d{4})";

type Reading = (parts: readonly string[], today: Temporal.PlainDate, field: string) => Period | null;

/** Looker's date filters (https://cloud.google.com/looker/docs/filter-expressions#date_and_time), those with two ends. */
const READINGS: readonly (readonly [RegExp, Reading])[] = [
  [new RegExp(`^${DAY} to ${DAY}$`), ([from = "", until = ""]) => between(from, until)],
  [
    new RegExp(`^${DAY} for (\\d+) ${UNIT}$`),
    ([from = "", times = "1", unit]) => lasting(startOf(from), Number(times), unit as Unit),
  ],
  [new RegExp(`^${DAY}$`), ([written = ""], _, field) => oneOf(written, field)],
  [/^today$/, (_, today) => lasting(today, 1, "day")],
  [/^yesterday$/, (_, today) => ago(1, 1, "day", today)],
  [new RegExp(`^this ${UNIT}$`), ([unit], today) => ago(0, 1, unit as Unit, today)],
  [new RegExp(`^last ${UNIT}$`), ([unit], today) => ago(1, 1, unit as Unit, today)],
  [
    new RegExp(`^(?:last )?(\\d+) ${UNIT}$`),
    ([n = "1", unit], today) => ago(Number(n) - 1, Number(n), unit as Unit, today),
  ],
  [new RegExp(`^(\\d+) ${UNIT} ago$`), ([n = "1", unit], today) => ago(Number(n), 1, unit as Unit, today)],
  [
    new RegExp(`^(\\d+) ${UNIT} ago for (\\d+) ${UNIT}$`),
    ([n = "1", unit, times = "1", of], today) => {
      const start = ago(Number(n), 1, unit as Unit, today);
      return lasting(start?.from ?? null, Number(times), of as Unit);
    },
  ],
];

function filterPeriod(expression: string, today: Temporal.PlainDate, field: string): Period | null {
  const text = expression.trim().toLowerCase().replace(/\s+/g, " ");
  for (const [pattern, read] of READINGS) {
    const parts = pattern.exec(text);
    if (parts !== null) return read(parts.slice(1), today, field);
  }
  return null;
}

/** The end is not part of it. */
function between(from: string, until: string): Period | null {
  const start = startOf(from);
  const end = startOf(until);
  if (start === null || end === null) return null;
  const isMidnight = !/:/.test(until) || /00:00(:00)?$/.test(until);
  const to = isMidnight ? end.subtract({ days: 1 }) : end;
  return Temporal.PlainDate.compare(start, to) <= 0 ? { from: start, to } : null;
}

function oneOf(written: string, field: string): Period | null {
  const [, month, day] = written.split(/[-/]/);
  // A number may be anything; of a year it has to be the field that says so.
  if (month === undefined && !/year|date|time|month|day/i.test(field)) return null;
  return lasting(startOf(written), 1, day !== undefined ? "day" : month !== undefined ? "month" : "year");
}

function startOf(written: string): Temporal.PlainDate | null {
  const [year, month = 1, day = 1] = written
    .replace(/[ T].*$/is, "")
    .split(/[-/]/)
    .map(Number);
  return plainDate(year ?? Number.NaN, month, day);
}

function plainDate(year: number, month: number, day: number): Temporal.PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    return null;
  }
}

/** `count` units from the beginning of the one that was `units` ago. */
function ago(units: number, count: number, unit: Unit, today: Temporal.PlainDate): Period | null {
  if (units > 10_000) return null;
  return lasting(beginning(today.subtract(duration(units, unit)), unit), count, unit);
}

function lasting(from: Temporal.PlainDate | null, count: number, unit: Unit): Period | null {
  if (from === null || count < 1 || count > 10_000) return null;
  return { from, to: from.add(duration(count, unit)).subtract({ days: 1 }) };
}

function duration(count: number, unit: Unit): { days?: number; months?: number; years?: number } {
  if (unit === "day") return { days: count };
  if (unit === "week") return { days: 7 * count };
  if (unit === "year") return { years: count };
  return { months: unit === "quarter" ? 3 * count : count };
}

function beginning(date: Temporal.PlainDate, unit: Unit): Temporal.PlainDate {
  switch (unit) {
    case "day":
      return date;
    case "week":
      return date.subtract({ days: date.dayOfWeek - 1 });
    case "month":
      return date.with({ day: 1 });
    case "quarter":
      return date.with({ day: 1, month: date.month - ((date.month - 1) % 3) });
    case "year":
      return date.with({ day: 1, month: 1 });
  }
}

/** By the values of its first date dimension; null of a table that does not have them all. */
function dated(table: Table): Period | null {
  const index = dateColumnOf(table);
  if (index === null || table.rows.length < table.rowCount || !table.rowCountIsExact) return null;
  const type = table.columns[index]?.type ?? null;
  const dates = table.rows.flatMap((row) => readDate(row[index]?.value ?? null, type) ?? []);
  const periods = dates.flatMap(({ at, grain }) => lasting(at.toPlainDate(), 1, unitOf(grain)) ?? []);
  const [first, ...others] = periods;
  return first === undefined ? null : others.reduce(span, first);
}

function unitOf(grain: Grain): Unit {
  return grain === "time" ? "day" : grain;
}

/** "9 to 15 November 2026", "November 2026", "28 October to 9 November 2026", "2025". */
function periodText({ from, to }: Period): string {
  const areMonths = from.day === 1 && to.day === to.daysInMonth;
  if (areMonths && from.month === 1 && to.month === 12) return range(`${from.year}`, `${to.year}`);
  const day = (date: Temporal.PlainDate) => (areMonths ? "" : `${date.day} `);
  const end = `${day(to)}${monthName(to.month)} ${to.year}`;
  if (from.year !== to.year) return range(`${day(from)}${monthName(from.month)} ${from.year}`, end);
  if (from.month !== to.month) return range(`${day(from)}${monthName(from.month)}`, end);
  return areMonths || from.day === to.day ? end : range(`${from.day}`, end);
}

function range(from: string, to: string): string {
  return from === to ? to : `${from} to ${to}`;
}
