import { describe, expect, test } from "vitest";
import { isTick, tickAfter, ticksAfter, ticksBefore } from "../../../src/worker/schedule/ticks.ts";

/**
 * Every change of the clock from 2026 to 2030, against a calculation of its own: it walks through the minutes of the days around
 * the change, reads each one's local time from Intl, and knows the crontabs only as the predicates written next to them.
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const ZONES = [
  "America/New_York",
  "Europe/Berlin",
  "Europe/London",
  "Australia/Lord_Howe", // half an hour
  "Pacific/Auckland",
  "Pacific/Chatham", // at 02:45
  "Antarctica/Troll", // two hours
  "Africa/Cairo", // midnight is skipped
  "America/Havana", // midnight is skipped
  "Asia/Beirut", // midnight is skipped, and 23:00 comes twice
  "America/Santiago", // midnight is skipped, and 23:00 comes twice
  "America/Nuuk", // the last hour of a day is skipped
  "Atlantic/Azores", // midnight is skipped, and comes twice
];

interface Day {
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

interface Expected {
  readonly cron: string;
  readonly minute: (minute: number) => boolean;
  readonly hour: (hour: number) => boolean;
  /** Hours that go by elapsed time. */
  readonly open?: (hour: number) => boolean;
  readonly day?: (day: Day) => boolean;
}

const always = () => true;
const is =
  (...wanted: number[]) =>
  (value: number) =>
    wanted.includes(value);
const every = (step: number) => (value: number) => value % step === 0;

const CRONTABS: readonly Expected[] = [
  { cron: "0 2 * * sun", minute: is(0), hour: is(2), day: ({ weekday }) => weekday === 0 },
  { cron: "30 2 * * *", minute: is(30), hour: is(2) },
  { cron: "0 0 * * *", minute: is(0), hour: is(0) },
  { cron: "30 0,23 * * *", minute: is(30), hour: is(0, 23) },
  { cron: "15 1,13 * * *", minute: is(15), hour: is(1, 13) },
  { cron: "*/15 1-3 * * *", minute: every(15), hour: is(1, 2, 3) },
  { cron: "0,30 2,3 * * *", minute: is(0, 30), hour: is(2, 3) },
  { cron: "45 23 * * sat", minute: is(45), hour: is(23), day: ({ weekday }) => weekday === 6 },
  { cron: "* * * * *", minute: always, hour: always, open: always },
  { cron: "*/15 * * * *", minute: every(15), hour: always, open: always },
  { cron: "*/15 0-23 * * *", minute: every(15), hour: always, open: always },
  { cron: "5 * * * *", minute: is(5), hour: always, open: always },
  { cron: "50 * * * *", minute: is(50), hour: always, open: always },
  { cron: "0 */2 * * *", minute: is(0), hour: every(2), open: always },
  { cron: "40 1-23/2 * * *", minute: is(40), hour: (hour) => hour % 2 === 1, open: always },
  { cron: "20 */12 * * *", minute: is(20), hour: is(0, 12), open: always },
  {
    cron: "10 */2,2 * * *",
    minute: is(10),
    hour: every(2),
    open: (hour) => hour % 2 === 0 && hour !== 2,
  },
  { cron: "0 0,23 * * *", minute: is(0), hour: is(0, 23) },
  { cron: "0 2 1-7 * sun", minute: is(0), hour: is(2), day: ({ day, weekday }) => day <= 7 || weekday === 0 },
  {
    cron: "0 2 * * sun#2",
    minute: is(0),
    hour: is(2),
    day: ({ day, weekday }) => weekday === 0 && day > 7 && day <= 14,
  },
  { cron: "30 1 L * *", minute: is(30), hour: is(1), day: ({ month, day }) => day === lastOf(month) },
];

function lastOf(month: number): number {
  return [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

describe.each(ZONES)("the changes of 2026 to 2030 in %s", (timezone) => {
  const changes = changesOf(timezone).map(walk(timezone));

  test("are some", () => expect(changes.length).toBeGreaterThanOrEqual(9));

  test.each(CRONTABS)("ticks of $cron", (crontab) => {
    const schedule = { cron: crontab.cron, timezone };
    for (const minutes of changes) {
      const expected = expectedTicks(crontab, minutes);
      const known = new Set(expected);
      const [first = 0, last = 0] = [minutes[0]?.at, minutes.at(-1)?.at];
      // The days at both ends are not whole.
      const inner = (tick: number) => tick >= first + DAY_MS && tick < last - DAY_MS;
      const wanted = expected.filter(inner).map(iso);
      const from = new Date(first + DAY_MS);
      const until = new Date(last - DAY_MS);
      expect(ahead(schedule, from, until)).toEqual(wanted);
      expect([...ticksBefore(schedule, until, from)].map((tick) => tick.toISOString()).reverse()).toEqual(
        wanted,
      );
      for (let at = first + DAY_MS; at < last - DAY_MS; at += 211 * MINUTE_MS) {
        const next = expected.find((tick) => tick > at);
        if (next !== undefined && inner(next))
          expect(tickAfter(schedule, new Date(at))).toEqual(new Date(next));
        expect(isTick(schedule, new Date(at))).toBe(known.has(at));
      }
      for (const tick of expected.filter(inner).slice(0, 100))
        expect(isTick(schedule, new Date(tick))).toBe(true);
    }
  });
});

function iso(at: number): string {
  return new Date(at).toISOString();
}

function ahead(schedule: { cron: string; timezone: string }, from: Date, until: Date): string[] {
  const ticks: string[] = [];
  for (const tick of ticksAfter(schedule, new Date(from.getTime() - 1))) {
    if (tick >= until) break;
    ticks.push(tick.toISOString());
  }
  return ticks;
}

interface Minute {
  readonly at: number;
  /** The local time, as if it were UTC. */
  readonly local: number;
}

function wallOf(timeZone: string): (at: number) => number {
  const wall = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  return (at) => Date.parse(`${wall.format(at).replace(" ", "T")}Z`);
}

/** The days on which the zone's clocks differ from the day before. */
function changesOf(timezone: string): number[] {
  const wall = wallOf(timezone);
  const days: number[] = [];
  for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2031, 0, 1); day += DAY_MS)
    if (wall(day) - day !== wall(day + DAY_MS) - day - DAY_MS) days.push(day);
  return days;
}

/** Each minute from two days before until two days after. */
function walk(timezone: string): (change: number) => Minute[] {
  const wall = wallOf(timezone);
  return (change) => {
    const minutes: Minute[] = [];
    for (let at = change - 2 * DAY_MS; at < change + 3 * DAY_MS; at += MINUTE_MS)
      minutes.push({ at, local: wall(at) });
    return minutes;
  };
}

function expectedTicks(
  { minute, hour, open = () => false, day = always }: Expected,
  minutes: readonly Minute[],
): number[] {
  const isDue = (local: number) => {
    const date = new Date(local);
    const on = { month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay() };
    return minute(date.getUTCMinutes()) && hour(date.getUTCHours()) && day(on);
  };
  const isOpen = (local: number) => open(new Date(local).getUTCHours());
  const ticks = new Set<number>();
  const seen = new Set<number>();
  for (const { at, local } of minutes) {
    if (isDue(local) && (!seen.has(local) || isOpen(local))) ticks.add(at);
    seen.add(local);
  }
  const gap = minutes.findIndex(
    ({ local }, index) => local > (minutes[index - 1]?.local ?? local) + MINUTE_MS,
  );
  const [before, after] = [minutes[gap - 1], minutes[gap]];
  if (gap < 0 || before === undefined || after === undefined) return sorted(ticks);
  const skipped: number[] = [];
  for (let local = before.local + MINUTE_MS; local < after.local; local += MINUTE_MS) skipped.push(local);
  const isSoon = minutes.slice(gap, gap + skipped.length).some(({ at }) => ticks.has(at));
  if (skipped.some((local) => isDue(local) && (!isOpen(local) || !isSoon))) ticks.add(after.at);
  return sorted(ticks);
}

function sorted(ticks: ReadonlySet<number>): number[] {
  return [...ticks].sort((a, b) => a - b);
}
