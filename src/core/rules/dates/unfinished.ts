import { Temporal } from "temporal-polyfill";
import type { DatePhrases } from "../../words/en/dates.ts";
import { lasting, type Span, type Unit } from "./calendar.ts";
import type { QueryClock } from "./clock.ts";
import type { DateValue, Grain } from "./date-value.ts";

/** Where the period of a date lies, seen from when Looker ran the query: a value of a present one is not whole yet. */
export type Stage = "past" | "present" | "future";

/** Of a fiscal period whose beginning is not known: as if it were over. */
export function stageOf(date: DateValue, type: string | null, clock: QueryClock): Stage {
  const span = spanOf(date, type, clock);
  if (span === null) return "past";
  const { compare } = Temporal.PlainDateTime;
  if (compare(span.until, clock.now) <= 0) return "past";
  return compare(span.from, clock.now) <= 0 ? "present" : "future";
}

/** "so far (2 of 7 days)" of a period that is not over; without the days where they are not certain, or it is a single one. */
export function soFar(
  date: DateValue,
  type: string | null,
  clock: QueryClock,
  words: Pick<DatePhrases, "soFar">,
): string {
  const span = spanOf(date, type, clock);
  if (span === null || !clock.isZoneKnown) return words.soFar(null);
  const days = (until: Temporal.PlainDateTime) =>
    span.from.toPlainDate().until(until.toPlainDate(), { largestUnit: "days" }).days;
  const all = days(span.until);
  return words.soFar(all < 2 ? null : { done: days(clock.now) + 1, all });
}

/** The time that a date's value is of; null of a fiscal period in a model whose fiscal year is not known. */
export function spanOf({ at, grain }: DateValue, type: string | null, clock: QueryClock): Span | null {
  if (grain === "time") return instantOf(at, type);
  const unit = unitOf(grain);
  if (unit === grain) return lasting(at, 1, unit);
  const { fiscalMonthOffset: months } = clock;
  return months === null ? null : lasting(at.add({ months }), 1, unit);
}

/** Looker's `hour`, `hour6`, `minute15`, …: the type says how long one lasts. Any other time is an instant. */
function instantOf(at: Temporal.PlainDateTime, type: string | null): Span {
  const [, unit, times] = /(hour|minute)(\d*)$/.exec(type ?? "") ?? [];
  if (unit === undefined) return { from: at, until: at.add({ nanoseconds: 1 }) };
  return { from: at, until: at.add({ [`${unit}s`]: times === "" ? 1 : Number(times) }) };
}

/** The unit of the calendar; "day" of a time. */
export function unitOf(grain: Grain): Unit {
  if (grain === "time") return "day";
  if (grain === "fiscal_quarter") return "quarter";
  return grain === "fiscal_year" ? "year" : grain;
}
