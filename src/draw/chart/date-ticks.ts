import { Temporal } from "temporal-polyfill";
import { type Grain, isoOf, quarterOf } from "../../core/rules/dates/date-value.ts";
import type { DatePhrases } from "../../core/words/en/dates.ts";
import { phrasesIn } from "../../core/words/phrases.ts";
import type { Axis } from "./axis.ts";

export interface Tick {
  /** Milliseconds, of a date read as UTC. */
  readonly at: number;
  /** "9 Nov", or "Jan" over "2026". */
  readonly rows: readonly string[];
}

type Step = { readonly unit: "minutes" | "days" | "months" | "years"; readonly by: number };

const STEPS: readonly Step[] = [
  ...[1, 5, 15, 30, 60, 120, 180, 360, 720].map((by): Step => ({ unit: "minutes", by })),
  ...[1, 2, 7, 14].map((by): Step => ({ unit: "days", by })),
  ...[1, 2, 3, 6].map((by): Step => ({ unit: "months", by })),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((by): Step => ({ unit: "years", by })),
];

/** The finest steps for a grain: months are not marked by days. */
const FINEST: Readonly<Record<Grain, Step["unit"]>> = {
  time: "minutes",
  day: "days",
  week: "days",
  month: "months",
  quarter: "months",
  fiscal_quarter: "months",
  year: "years",
  fiscal_year: "years",
};

/**
 * Dates along an axis, at most so many, at round places of the calendar. `only`: only dates of the data, since each is the
 * place of a bar.
 */
export function dateTicks(
  ats: readonly number[],
  { grain: own, locale }: Pick<Axis, "grain" | "locale">,
  only: boolean,
  ticksMax: number,
): Tick[] {
  const grain = own ?? "day";
  const [first, last] = [ats[0], ats.at(-1)];
  if (first === undefined || last === undefined) return [];
  // Weeks are shown where they are, and a few dates all of them.
  const areOwn = only || grain === "week" || ats.length <= ticksMax;
  const places = areOwn ? thinned(ats, ticksMax) : calendar(first, last, grain, ticksMax);
  return labelled(places, grain, phrasesIn(locale).dates);
}

function thinned(ats: readonly number[], ticksMax: number): number[] {
  const step = Math.ceil(ats.length / ticksMax);
  // Counted from the last one, which people look for.
  return ats.filter((_, index) => (ats.length - 1 - index) % step === 0);
}

function calendar(first: number, last: number, grain: Grain, ticksMax: number): number[] {
  const from = STEPS.findIndex(({ unit }) => unit === FINEST[grain]);
  for (const step of STEPS.slice(from)) {
    const places = placesOf(step, first, last, ticksMax);
    if (places !== null && places.length >= 1) return places;
  }
  return [first, last];
}

/** The dates of one step between two; null if there are too many. */
function placesOf({ unit, by }: Step, first: number, last: number, ticksMax: number): number[] | null {
  const places: number[] = [];
  let date = floor(utc(first), { unit, by });
  for (let tries = 0; tries < ticksMax + 3; tries += 1) {
    const at = date.toZonedDateTime("UTC").epochMilliseconds;
    if (at > last) return places;
    if (at >= first) places.push(at);
    if (places.length > ticksMax) return null;
    date = date.add({ [unit]: by });
  }
  return null;
}

function floor(date: Temporal.PlainDateTime, { unit, by }: Step): Temporal.PlainDateTime {
  const day = date.with({ hour: 0, minute: 0, second: 0, millisecond: 0 });
  switch (unit) {
    case "minutes":
      return day.add({ minutes: Math.floor((date.hour * 60 + date.minute) / by) * by });
    case "days":
      // Weeks begin on Monday.
      return by % 7 === 0 ? day.subtract({ days: day.dayOfWeek - 1 }) : day;
    case "months":
      return day.with({ day: 1, month: date.month - ((date.month - 1) % by) });
    case "years":
      return day.with({ day: 1, month: 1, year: Math.max(0, date.year - (date.year % by)) });
  }
}

function utc(at: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO("UTC").toPlainDateTime();
}

/** The year, or the day of a time, is given below the first one and where it changes. */
function labelled(ats: readonly number[], grain: Grain, words: DatePhrases): Tick[] {
  const dates = ats.map(utc);
  const span = (ats.at(-1) ?? 0) - (ats[0] ?? 0);
  const areTimes = grain === "time" && span <= 3 * 86_400_000;
  const areMonths = grain === "month" || (dates.every(({ day }) => day === 1) && span > 45 * 86_400_000);
  const areYears = grain === "year" || (areMonths && dates.every(({ month }) => month === 1));
  const isOneYear = new Set(dates.map(({ year }) => year)).size < 2;
  return dates.map((date, index) => {
    const before = dates[index - 1];
    const at = ats[index] ?? 0;
    if (grain === "fiscal_quarter" || grain === "fiscal_year") return { at, rows: [isoOf(date, grain)] };
    if (areTimes) return { at, rows: timeRows(date, before, words) };
    if (areYears) return { at, rows: [words.axisYear(date.year)] };
    const name = nameOf(date, grain, areMonths, words);
    // Days of one year are mostly of the present one.
    const isSaid = before?.year === date.year || (isOneYear && !areMonths && grain !== "quarter");
    return { at, rows: isSaid ? [name] : [name, words.axisYear(date.year)] };
  });
}

function nameOf(date: Temporal.PlainDateTime, grain: Grain, areMonths: boolean, words: DatePhrases): string {
  if (grain === "quarter") return words.axisQuarter(quarterOf(date));
  return areMonths ? words.axisMonth(date.month) : words.axisDay(date);
}

function timeRows(
  date: Temporal.PlainDateTime,
  before: Temporal.PlainDateTime | undefined,
  words: DatePhrases,
): string[] {
  const time = date.toString({ smallestUnit: "minute" }).slice(11);
  const isNewDay = before === undefined || !before.toPlainDate().equals(date.toPlainDate());
  return isNewDay ? [time, words.axisDay(date)] : [time];
}
