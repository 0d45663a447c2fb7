import { Temporal } from "temporal-polyfill";
import { type Grain, isoOf, monthName } from "../../core/rules/dates/date-value.ts";

export interface Tick {
  /** Milliseconds, of a date read as UTC. */
  readonly at: number;
  readonly label: string;
}

const TICKS_MAX = 7;

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
 * At most seven dates along an axis, at round places of the calendar. `only`: only dates of the data, since each is the
 * place of a bar.
 */
export function dateTicks(ats: readonly number[], grain: Grain, only = false): Tick[] {
  const [first, last] = [ats[0], ats.at(-1)];
  if (first === undefined || last === undefined) return [];
  // Weeks are shown where they are, and a few dates all of them.
  const own = only || grain === "week" || ats.length <= TICKS_MAX;
  const places = own ? thinned(ats) : calendar(first, last, grain);
  return labelled(places, grain);
}

function thinned(ats: readonly number[]): number[] {
  const step = Math.ceil(ats.length / TICKS_MAX);
  // Counted from the last one, which people look for.
  return ats.filter((_, index) => (ats.length - 1 - index) % step === 0);
}

function calendar(first: number, last: number, grain: Grain): number[] {
  const from = STEPS.findIndex(({ unit }) => unit === FINEST[grain]);
  for (const step of STEPS.slice(from)) {
    const places = placesOf(step, first, last);
    if (places !== null && places.length >= 1) return places;
  }
  return [first, last];
}

/** The dates of one step between two; null if there are too many. */
function placesOf({ unit, by }: Step, first: number, last: number): number[] | null {
  const places: number[] = [];
  let date = floor(utc(first), { unit, by });
  for (let tries = 0; tries < TICKS_MAX + 3; tries += 1) {
    const at = date.toZonedDateTime("UTC").epochMilliseconds;
    if (at > last) return places;
    if (at >= first) places.push(at);
    if (places.length > TICKS_MAX) return null;
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

/** The year is given once, and again where it changes. */
function labelled(ats: readonly number[], grain: Grain): Tick[] {
  const dates = ats.map(utc);
  const span = (ats.at(-1) ?? 0) - (ats[0] ?? 0);
  const areTimes = grain === "time" && span <= 3 * 86_400_000;
  const areMonths = grain === "month" || (dates.every(({ day }) => day === 1) && span > 45 * 86_400_000);
  const areYears = grain === "year" || (areMonths && dates.every(({ month }) => month === 1));
  return dates.map((date, index) => {
    const before = dates[index - 1];
    const at = ats[index] ?? 0;
    if (grain === "fiscal_quarter" || grain === "fiscal_year") return { at, label: isoOf(date, grain) };
    if (areTimes) return { at, label: timeLabel(date, before) };
    if (areYears) return { at, label: `${date.year}` };
    const year = before !== undefined && before.year !== date.year ? ` ${date.year}` : "";
    const month = monthName(date.month).slice(0, 3);
    if (grain === "quarter") return { at, label: `Q${Math.ceil(date.month / 3)} ${date.year}` };
    return {
      at,
      label: areMonths ? `${month}${index === 0 ? ` ${date.year}` : year}` : `${date.day} ${month}${year}`,
    };
  });
}

function timeLabel(date: Temporal.PlainDateTime, before: Temporal.PlainDateTime | undefined): string {
  const time = date.toString({ smallestUnit: "minute" }).slice(11);
  const isNewDay = before === undefined || !before.toPlainDate().equals(date.toPlainDate());
  return isNewDay ? `${date.day} ${monthName(date.month).slice(0, 3)} ${time}` : time;
}
