import { Temporal } from "temporal-polyfill";
import { ago, beginning, lasting, type Span, type Unit } from "./calendar.ts";
import type { QueryClock } from "./clock.ts";

/**
 * What a date filter lets through, as Looker reads it when it runs the query
 * (https://cloud.google.com/looker/docs/filter-expressions#date_and_time). Null for a filter without two ends, and for one that
 * cannot be read for certain: `clock` in an unknown zone says nothing of "last week", nor a model without its fiscal year of FY2026.
 */
export function filterSpan(expression: string, clock: QueryClock, field: string): Span | null {
  const text = expression.trim().toLowerCase().replace(/\s+/g, " ");
  for (const [pattern, read] of clock.isZoneKnown ? [...ABSOLUTE, ...RELATIVE] : ABSOLUTE) {
    const parts = pattern.exec(text);
    if (parts !== null) return read(parts.slice(1), clock, field);
  }
  return null;
}

type Reading = (parts: readonly string[], clock: QueryClock, field: string) => Span | null;

const UNIT = "(second|minute|hour|day|week|month|quarter|year)s?";
const FISCAL_UNIT = "(quarter|year)s?";
const TIME = "\\d{1,2}:\\d{2}(?::\\d{2})?";
const DAY = `(\\d{4}[-/]\\d{2}(?:[-/]\\d{2}(?:[ t]${TIME})?)?|\\d{4})`;
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const NAMED = `(today|yesterday|${WEEKDAYS.join("|")})`;

const ABSOLUTE: readonly (readonly [RegExp, Reading])[] = [
  [new RegExp(`^${DAY} to ${DAY}$`), ([from = "", until = ""]) => between(startOf(from), startOf(until))],
  [
    new RegExp(`^${DAY} for (\\d+) ${UNIT}$`),
    ([from = "", times = "1", unit = ""]) => units(startOf(from), Number(times), unit),
  ],
  [new RegExp(`^${DAY}$`), ([written = ""], _, field) => oneOf(written, field)],
  [
    /^(\d{4})[-/]q([1-4])$/,
    ([year = "", quarter = ""]) => lasting(firstOf(Number(year), 3 * Number(quarter) - 2), 1, "quarter"),
  ],
  [
    /^fy(\d{4})(?:[-/]q([1-4]))?$/,
    ([year = "", quarter], { fiscalMonthOffset: offset }) => {
      if (offset === null) return null;
      const first = firstOf(Number(year), quarter === undefined ? 1 : 3 * Number(quarter) - 2);
      return lasting(first?.add({ months: offset }) ?? null, 1, quarter === undefined ? "year" : "quarter");
    },
  ],
];

const RELATIVE: readonly (readonly [RegExp, Reading])[] = [
  [new RegExp(`^${NAMED}$`), ([name = ""], clock) => lasting(namedDay(name, clock), 1, "day")],
  [
    new RegExp(`^${NAMED} for (\\d+) ${UNIT}$`),
    ([name = "", times = "1", unit = ""], clock) => units(namedDay(name, clock), Number(times), unit),
  ],
  [new RegExp(`^this ${UNIT}$`), ([unit = ""], clock) => unitsAgo(0, 1, unit, clock)],
  [new RegExp(`^last ${UNIT}$`), ([unit = ""], clock) => unitsAgo(1, 1, unit, clock)],
  [
    new RegExp(`^this ${UNIT} to ${UNIT}$`),
    ([from = "", to = ""], clock) =>
      between(unitsAgo(0, 1, from, clock)?.from ?? null, unitsAgo(0, 1, to, clock)?.from ?? null),
  ],
  [
    new RegExp(`^(?:last )?(\\d+) ${UNIT}$`),
    ([n = "1", unit = ""], clock) => unitsAgo(Number(n) - 1, Number(n), unit, clock),
  ],
  [
    new RegExp(`^(?:last )?(\\d+) complete ${UNIT}$`),
    ([n = "1", unit = ""], clock) => unitsAgo(Number(n), Number(n), unit, clock),
  ],
  [new RegExp(`^(\\d+) ${UNIT} ago$`), ([n = "1", unit = ""], clock) => unitsAgo(Number(n), 1, unit, clock)],
  [
    new RegExp(`^(\\d+) ${UNIT} ago for (\\d+) ${UNIT}$`),
    ([n = "1", unit = "", times = "1", of = ""], clock) =>
      // "3 months ago for 2 days": whether from the first of the month on or from that day is not documented.
      unit === of ? unitsAgo(Number(n), Number(times), unit, clock) : null,
  ],
  [new RegExp(`^this fiscal ${FISCAL_UNIT}$`), ([unit = ""], clock) => fiscalAgo(0, 1, unit, clock)],
  [new RegExp(`^last fiscal ${FISCAL_UNIT}$`), ([unit = ""], clock) => fiscalAgo(1, 1, unit, clock)],
  [
    new RegExp(`^(?:last )?(\\d+) fiscal ${FISCAL_UNIT}$`),
    ([n = "1", unit = ""], clock) => fiscalAgo(Number(n) - 1, Number(n), unit, clock),
  ],
  [
    new RegExp(`^(\\d+) fiscal ${FISCAL_UNIT} ago(?: for (\\d+) fiscal \\2s?)?$`),
    ([n = "1", unit = "", times = "1"], clock) => fiscalAgo(Number(n), Number(times), unit, clock),
  ],
];

/** The end is not part of it. */
function between(from: Temporal.PlainDateTime | null, until: Temporal.PlainDateTime | null): Span | null {
  if (from === null || until === null) return null;
  return Temporal.PlainDateTime.compare(from, until) < 0 ? { from, until } : null;
}

function oneOf(written: string, field: string): Span | null {
  const [, month, day] = written.split(/[-/]/);
  // A number may be anything; of a year it has to be the field that says so.
  if (month === undefined && !/year|date|time|month|day/i.test(field)) return null;
  if (written.includes(":")) return null;
  return lasting(startOf(written), 1, day !== undefined ? "day" : month !== undefined ? "month" : "year");
}

function startOf(written: string): Temporal.PlainDateTime | null {
  const [date = "", time = ""] = written.split(/[ t]/);
  const [year, month = 1, day = 1] = date.split(/[-/]/).map(Number);
  const [hour = 0, minute = 0, second = 0] = time === "" ? [] : time.split(":").map(Number);
  return plain({ year: year ?? Number.NaN, month, day, hour, minute, second });
}

function firstOf(year: number, month: number): Temporal.PlainDateTime | null {
  return plain({ year, month, day: 1 });
}

function plain(parts: Temporal.PlainDateTimeLike): Temporal.PlainDateTime | null {
  try {
    return Temporal.PlainDateTime.from(parts, { overflow: "reject" });
  } catch {
    return null;
  }
}

/** A weekday is the latest one, today included. */
function namedDay(name: string, { now, weekStart }: QueryClock): Temporal.PlainDateTime {
  const today = beginning(now, "day", weekStart);
  if (name === "yesterday") return today.subtract({ days: 1 });
  const weekday = WEEKDAYS.indexOf(name) + 1;
  return weekday === 0 ? today : today.subtract({ days: (today.dayOfWeek - weekday + 7) % 7 });
}

type Short = "second" | "minute" | "hour";

function isShort(unit: string): unit is Short {
  return unit === "second" || unit === "minute" || unit === "hour";
}

const SHORT_MAX = 1_000_000;

function units(from: Temporal.PlainDateTime | null, count: number, unit: string): Span | null {
  if (!isShort(unit)) return lasting(from, count, unit as Unit);
  if (from === null || count < 1 || count > SHORT_MAX) return null;
  return { from, until: from.add({ [`${unit}s`]: count }) };
}

function unitsAgo(back: number, count: number, unit: string, clock: QueryClock): Span | null {
  if (!isShort(unit)) return ago(back, count, unit as Unit, clock);
  if (back > SHORT_MAX) return null;
  const present = clock.now.round({ smallestUnit: unit, roundingMode: "floor" });
  return units(present.subtract({ [`${unit}s`]: back }), count, unit);
}

/** As if the fiscal year began in January, by a clock that is as many months behind. */
function fiscalAgo(back: number, count: number, unit: string, clock: QueryClock): Span | null {
  const { fiscalMonthOffset: months, now, weekStart } = clock;
  if (months === null) return null;
  const first = beginning(now, "month", weekStart).subtract({ months });
  const span = ago(back, count, unit as Unit, { now: first, weekStart });
  return span === null ? null : { from: span.from.add({ months }), until: span.until.add({ months }) };
}
