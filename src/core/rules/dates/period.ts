import { Temporal } from "temporal-polyfill";
import type { Result } from "../../model/result.ts";
import type { Table } from "../../model/table.ts";
import { periodShape } from "../../words/dates.ts";
import type { DatePhrases } from "../../words/en/dates.ts";
import type { Span } from "./calendar.ts";
import { clockOf, type QueryClock } from "./clock.ts";
import { filterSpan } from "./date-filter.ts";
import { dateColumnOf, groupOf, readDateCell } from "./date-value.ts";
import { spanOf } from "./unfinished.ts";

/** From the first day to the last, both included. */
interface Period {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
}

/**
 * What time a result covers, up to when Looker ran it: "9 to 15 November 2026". By its date filter, as Looker reads it, in the zone
 * and with the weeks that Looker used; else by its dates. Null where neither tells, or the zone matters and is not known.
 */
export function periodOf(
  result: Pick<Result, "table" | "filters" | "ranAt" | "dates">,
  words: Pick<DatePhrases, "period">,
): string | null {
  const clock = clockOf(result);
  return periodText(filtered(result, clock) ?? dated(result.table, clock), clock, words);
}

/** The same of one time span, as that of a figure. */
export function periodText(
  span: Span | null,
  clock: QueryClock,
  words: Pick<DatePhrases, "period">,
): string | null {
  const period = span === null ? null : untilNow(span, clock);
  return period === null ? null : words.period(periodShape(period.from, period.to));
}

/** Whole days, none of them after the present one. */
function untilNow({ from, until }: Span, clock: QueryClock): Period | null {
  const { compare } = Temporal.PlainDateTime;
  if (compare(from, clock.now) > 0) return null;
  const isOver = compare(until, clock.earliest) <= 0;
  // Where the zone is not known, nor is the present day.
  if (!isOver && !clock.isZoneKnown) return null;
  const end = compare(until, clock.now) <= 0 ? until : clock.now;
  // Half past eight belongs to its day, midnight to the day before.
  const last = compare(end, until) === 0 ? end.subtract({ nanoseconds: 1 }) : end;
  return { from: from.toPlainDate(), to: last.toPlainDate() };
}

/** By the date filter of the field that the table's own dates are of, else by the first one. */
function filtered(
  { table, filters, dates }: Pick<Result, "table" | "filters" | "dates">,
  clock: QueryClock,
): Span | null {
  const column = dateColumnOf(table);
  const own = column === null ? null : groupOf(table.columns[column]?.name ?? "");
  const spans = Object.entries(filters)
    .filter(([field]) => !dates.otherFilters.includes(field))
    .flatMap(([field, expression]) => {
      const span = filterSpan(expression, clock, field);
      return span === null ? [] : [{ field, span }];
    });
  return (spans.find(({ field }) => groupOf(field) === own) ?? spans[0])?.span ?? null;
}

/** By the values of its first date dimension; null of a table that does not have them all. */
function dated(table: Table, clock: QueryClock): Span | null {
  const index = dateColumnOf(table);
  if (index === null || table.rows.length < table.rowCount || !table.rowCountIsExact) return null;
  const type = table.columns[index]?.type ?? null;
  const spans = table.rows.flatMap((row) => {
    const date = readDateCell(row[index], type);
    return date === null ? [] : [spanOf(date, type, clock)];
  });
  const known = spans.filter((span) => span !== null);
  const [first, ...others] = known;
  return first === undefined || known.length < spans.length ? null : others.reduce(joined, first);
}

function joined(a: Span, b: Span): Span {
  const { compare } = Temporal.PlainDateTime;
  return {
    from: compare(a.from, b.from) <= 0 ? a.from : b.from,
    until: compare(a.until, b.until) >= 0 ? a.until : b.until,
  };
}
