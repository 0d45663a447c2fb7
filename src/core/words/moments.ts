import type { Locale } from "./locale.ts";
import { phrasesIn } from "./phrases.ts";

/** Whose clock and language a moment is written by. */
export interface Reader {
  /** IANA name. */
  readonly timezone: string;
  /** Absent: English. */
  readonly locale?: Locale | undefined;
}

/** "16 Nov 2026, 08:00 EST" */
export function timeOn(at: Date, reader: Reader): string {
  return phrasesIn(reader.locale).dates.atTime(shortDate(at, reader), timeOfDay(at, reader));
}

/** "9 Nov 2026" */
export function shortDate(at: Date, reader: Reader): string {
  return dayPart(at, reader, { day: "numeric", month: "short", year: "numeric" });
}

// Each locale knows the short names of its own zones (EST, CET, AEDT) and calls the others "GMT+1".
const ZONE_LOCALES = ["en-US", "en-GB", "en-AU", "en-NZ", "en-IN", "en-ZA", "en-CA"];

/** "08:00 EST" */
export function timeOfDay(at: Date, reader: Reader): string {
  const clock = formatter("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: reader.timezone,
  }).format(at);
  return `${clock} ${zoneName(at, reader)}`;
}

/** "EST", "GMT+1": at that moment. */
export function zoneName(at: Date, { timezone, locale }: Reader): string {
  const own = locale === undefined || locale === "en" ? [] : [phrasesIn(locale).dates.tag];
  const names = [...own, ...ZONE_LOCALES].map((tag) => {
    const parts = formatter(tag, { timeZone: timezone, timeZoneName: "short" }).formatToParts(at);
    return parts.find((piece) => piece.type === "timeZoneName")?.value ?? timezone;
  });
  return names.find((name) => !/^(GMT|UTC)[+-−]/.test(name)) ?? names[own.length] ?? timezone;
}

/** A day in words, as much of it as `options` names. */
export function dayPart(
  at: Date,
  { timezone: timeZone, locale }: Reader,
  options: Intl.DateTimeFormatOptions,
): string {
  const { tag, plain } = phrasesIn(locale).dates;
  return plain(formatter(tag, { ...options, timeZone }).format(at));
}

// Making one takes a hundred times as long as using it; there are as many as there are time zones in use.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(key, known);
  return known;
}
