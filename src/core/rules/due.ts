import { Temporal } from "temporal-polyfill";
import { ReportError } from "../error.ts";

/** A day and a minute; seconds only as ":00". */
const LOCAL = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::00(?:\.0+)?)?$/;
const OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * The minute a person means by `--due`: "2026-11-16T08:00" is local time in the report's zone, "2026-11-16T13:00Z" and
 * "…-05:00" have an offset of their own. A local time that a DST change skips or repeats is read as RFC 5545 does ("compatible").
 * Throws ReportError `config` for anything else.
 */
export function parseDue(text: string, timezone: string): Date {
  try {
    const hasOffset = LOCAL.test(text.replace(OFFSET, "")) && OFFSET.test(text.slice("2026-11-16".length));
    if (hasOffset) return new Date(Temporal.Instant.from(text).epochMilliseconds);
    if (!LOCAL.test(text)) throw new RangeError("neither form");
    return new Date(Temporal.PlainDateTime.from(text).toZonedDateTime(timezone).epochMilliseconds);
  } catch (cause) {
    throw new ReportError(`"${text}" is not a day and a minute.`, {
      code: "config",
      advice: `Write it as 2026-11-16T08:00 (read in ${timezone}) or with an offset, 2026-11-16T08:00-05:00.`,
      cause,
    });
  }
}

/** "Mon 2026-11-16 08:00 EST": short enough for a column, and never ambiguous. */
export function showLocal(date: Date, timezone: string): string {
  const part = localParts(date, timezone, { weekday: "short", timeZoneName: "short" });
  return `${part("weekday")} ${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")} ${part("timeZoneName")}`;
}

/** The minute in a zone, part by part: what is asked for in `more`, and year to minute in digits. */
export function localParts(
  date: Date,
  timeZone: string,
  more: Intl.DateTimeFormatOptions = {},
): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...more,
  }).formatToParts(date);
  return (type) => parts.find((one) => one.type === type)?.value ?? "";
}

/** "2026-11-16 13:00Z". */
export function showUtc(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")}Z`;
}
