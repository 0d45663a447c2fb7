import { Temporal } from "temporal-polyfill";
import type { DateFacts } from "../../core/model/result.ts";
import type { Table } from "../../core/model/table.ts";
import { readDate } from "../../core/rules/dates/date-value.ts";
import { type JsonObject, objectIn, objectsIn, textIn } from "../http/loose-json.ts";

const MONDAY = 1;
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** What a json_detail result says of its dates: the zone, how its model counts weeks and fiscal years, which filters are of dates. */
export function detailDates(detail: JsonObject, table: Table): DateFacts {
  const fields = Object.values(objectIn(detail.fields)).flatMap(objectsIn);
  const weekday = fields.flatMap((field) => textIn(field.week_start_day)?.toLowerCase() ?? [])[0];
  const told = WEEKDAYS.indexOf(weekday ?? "") + 1;
  const offset = fields.map((field) => field.fiscal_month_offset).find((value) => Number.isInteger(value));
  return {
    timezone: zoneIn(detail.timezone),
    calendar: {
      weekStart: told === 0 ? weekStartIn(table) : told,
      fiscalMonthOffset: typeof offset === "number" ? offset : null,
    },
    otherFilters: Object.entries(objectIn(detail.applied_filters)).flatMap(([name, applied]) => {
      const type = textIn(objectIn(objectIn(applied).field).type);
      return type === null || type.startsWith("date") ? [] : [name];
    }),
  };
}

/** The same of a CSV, which says nothing itself. `queryTimezone`: the query's own. */
export function csvDates(queryTimezone: string | null | undefined, table: Table): DateFacts {
  return {
    timezone: zoneIn(queryTimezone),
    calendar: { weekStart: weekStartIn(table), fiscalMonthOffset: null },
    otherFilters: [],
  };
}

/** A zone that is known by this name; null for any other. */
function zoneIn(value: unknown): string | null {
  const name = textIn(value);
  if (name === null) return null;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return name;
  } catch {
    return null;
  }
}

/** What the weeks of a table begin with; Monday, as Looker's default, where it has none. */
function weekStartIn({ columns, rows }: Table): number {
  const index = columns.findIndex(({ type }) => type === "date_week");
  const dates = rows.map((row) => readDate(row[index]?.value ?? null, "date_week"));
  return dates.find((date) => date?.grain === "week")?.at.dayOfWeek ?? MONDAY;
}
