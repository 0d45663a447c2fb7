import type { Temporal } from "temporal-polyfill";
import { ReportError } from "../core/error.ts";

/*
 * strftime as Liquid has it from Ruby (https://docs.ruby-lang.org/en/master/strftime_formatting_rdoc.html). liquidjs's own has no ISO
 * weeks, and calculates in the machine's time zone: around a DST change of that zone its hours are wrong.
 */

type At = Temporal.ZonedDateTime;

const DIRECTIVE = /%([-_0^#:]*)(\d{0,2})[EO]?(.?)/gsu;
const MONTHS = "January February March April May June July August September October November December".split(
  " ",
);
const DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");

const LONG_FOR: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  R: "%H:%M",
  r: "%I:%M:%S %p",
  T: "%H:%M:%S",
  X: "%H:%M:%S",
  x: "%m/%d/%y",
};

/** Numbers, with the width that they are padded to. */
const NUMBERS: Readonly<Record<string, readonly [width: number, of: (at: At) => number]>> = {
  C: [2, ({ year }) => Math.floor(year / 100)],
  d: [2, ({ day }) => day],
  G: [4, ({ yearOfWeek = 0 }) => yearOfWeek],
  g: [2, ({ yearOfWeek = 0 }) => yearOfWeek % 100],
  H: [2, ({ hour }) => hour],
  I: [2, ({ hour }) => hour % 12 || 12],
  j: [3, ({ dayOfYear }) => dayOfYear],
  L: [3, ({ millisecond }) => millisecond],
  M: [2, ({ minute }) => minute],
  m: [2, ({ month }) => month],
  S: [2, ({ second }) => second],
  s: [1, ({ epochMilliseconds }) => Math.floor(epochMilliseconds / 1000)],
  U: [2, ({ dayOfYear, dayOfWeek }) => Math.floor((dayOfYear + 6 - (dayOfWeek % 7)) / 7)],
  u: [1, ({ dayOfWeek }) => dayOfWeek],
  V: [2, ({ weekOfYear = 0 }) => weekOfYear],
  W: [2, ({ dayOfYear, dayOfWeek }) => Math.floor((dayOfYear + 6 - (dayOfWeek - 1)) / 7)],
  w: [1, ({ dayOfWeek }) => dayOfWeek % 7],
  Y: [4, ({ year }) => year],
  y: [2, ({ year }) => year % 100],
};

/** The same, padded with blanks. */
const BLANK_FILLED: Readonly<Record<string, string>> = { e: "d", k: "H", l: "I" };

const WORDS: Readonly<Record<string, (at: At) => string>> = {
  A: ({ dayOfWeek }) => DAYS[dayOfWeek - 1] ?? "",
  a: ({ dayOfWeek }) => (DAYS[dayOfWeek - 1] ?? "").slice(0, 3),
  B: ({ month }) => MONTHS[month - 1] ?? "",
  b: ({ month }) => (MONTHS[month - 1] ?? "").slice(0, 3),
  h: ({ month }) => (MONTHS[month - 1] ?? "").slice(0, 3),
  n: () => "\n",
  P: ({ hour }) => (hour < 12 ? "am" : "pm"),
  p: ({ hour }) => (hour < 12 ? "AM" : "PM"),
  q: ({ day }) => ordinal(day),
  t: () => "\t",
  Z: zoneName,
  "%": () => "%",
};

const OF_TIME = new Set("cHIkLlMPpRrSsTXZz");

/** The first directive of a format that asks for a time of day or its zone: "%H"; null if there is none. */
export function timeDirective(format: string): string | null {
  for (const [whole, , , directive = ""] of format.matchAll(DIRECTIVE))
    if (OF_TIME.has(directive)) return whole;
  return null;
}

/** Throws ReportError `config` for an unknown directive. */
export function strftime(at: At, format: string): string {
  return format.replaceAll(DIRECTIVE, (whole, flags: string, width: string, directive: string) => {
    if (directive === "z") return flags.includes(":") ? at.offset : at.offset.replace(":", "");
    const long = LONG_FOR[directive];
    if (long !== undefined) return cased(strftime(at, long), flags);
    const word = WORDS[directive];
    if (word !== undefined) return cased(word(at), flags).padStart(Number(width));
    const number = NUMBERS[BLANK_FILLED[directive] ?? directive];
    if (number === undefined) throw unknown(whole);
    const [usual, of] = number;
    if (flags.includes("-")) return String(of(at));
    const isBlank = flags.includes("_") || (directive in BLANK_FILLED && !flags.includes("0"));
    return String(of(at)).padStart(Number(width) || usual, isBlank ? " " : "0");
  });
}

function cased(text: string, flags: string): string {
  return flags.includes("^") || flags.includes("#") ? text.toUpperCase() : text;
}

function ordinal(day: number): string {
  const isTeen = day >= 11 && day <= 13;
  return (isTeen ? undefined : ["th", "st", "nd", "rd"][day % 10]) ?? "th";
}

/** "EST", or "GMT+1" if English has no abbreviation for it. */
function zoneName(at: At): string {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: at.timeZoneId, timeZoneName: "short" });
  const parts = format.formatToParts(at.epochMilliseconds);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? at.timeZoneId;
}

function unknown(directive: string): ReportError {
  return new ReportError(`"${directive}" is not a part of a date`, {
    code: "config",
    advice:
      "Write %Y %m %d %H %M, %B for the month's name, %A for the weekday's, %V for the ISO week, %% for a percent sign.",
  });
}
