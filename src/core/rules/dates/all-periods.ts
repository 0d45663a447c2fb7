import { Temporal } from "temporal-polyfill";
import type { Result } from "../../model/result.ts";
import { beginning, duration } from "./calendar.ts";
import { clockOf } from "./clock.ts";
import { filterSpan } from "./date-filter.ts";
import { dateColumnOf, grainIn, groupOf, readDateCell } from "./date-value.ts";
import { unitOf } from "./unfinished.ts";

/**
 * Whether a table has a row for each period that its date filter lets through, so that nothing can be missing, though its limit is
 * reached: twelve weeks with a limit of 12. Only of a table by one date alone; not of fiscal periods, whose beginning may not be known.
 */
export function hasAllPeriods({
  table,
  filters,
  ranAt,
  dates,
}: Pick<Result, "table" | "filters" | "ranAt" | "dates">): boolean {
  const at = dateColumnOf(table);
  const column = table.columns[at ?? -1];
  if (at === null || column === undefined || table.rows.length < table.rowCount) return false;
  const grain = grainIn(table, at);
  const isAlone = table.columns.filter(({ kind }) => kind === "dimension").length === 1;
  if (!isAlone || grain === null || grain === "time" || grain.startsWith("fiscal")) return false;
  const clock = clockOf({ ranAt, dates, filters });
  const own = Object.entries(filters).filter(([field]) => groupOf(field) === groupOf(column.name));
  const [field, expression] = own[0] ?? [];
  const span =
    field === undefined || expression === undefined || own.length > 1
      ? null
      : filterSpan(expression, clock, field);
  if (span === null) return false;
  const found = new Set(table.rows.flatMap((row) => readDateCell(row[at], column.type)?.iso ?? []));
  const unit = unitOf(grain);
  let periods = 0;
  let from = beginning(span.from, unit, clock.weekStart);
  while (Temporal.PlainDateTime.compare(from, span.until) < 0 && periods <= found.size) {
    periods += 1;
    from = from.add(duration(1, unit));
  }
  return found.size === table.rows.length && periods <= found.size;
}
