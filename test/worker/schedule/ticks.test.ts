import { createTask } from "node-cron";
import { expect, test } from "vitest";
import { expectAt } from "../../../src/worker/schedule/tick-calculator.ts";
import {
  isTick,
  tickAfter,
  tickBefore,
  ticksAfter,
  ticksBefore,
  upcomingTicks,
} from "../../../src/worker/schedule/ticks.ts";

const NEW_YORK = "America/New_York";
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

test.each([
  ["0 8 * * mon", "2026-11-16T13:00:00Z", true],
  ["0 8 * * mon", "2026-11-16T13:00:30Z", false],
  ["0 8 * * mon", "2026-11-16T08:00:00Z", false],
  ["0 8 * * mon", "2026-11-17T13:00:00Z", false],
  // 02:30 does not exist on the spring day; 01:30 exists twice in autumn, and the first is the tick.
  ["30 2 * * *", "2026-03-08T07:30:00Z", false],
  ["30 1 * * *", "2026-11-01T05:30:00Z", true],
  ["30 1 * * *", "2026-11-01T06:30:00Z", false],
  ["30 1 * * *", "2026-11-02T06:30:00Z", true],
  // Where both days are given, both have to match: the 16th was a Monday, the 9th was not the 16th.
  ["0 8 16 * mon", "2026-11-16T13:00:00Z", true],
  ["0 8 16 * mon", "2026-11-09T13:00:00Z", false],
])("%s in New York is due at %s: %s", (cron, at, due) => {
  expect(isTick({ cron, timezone: NEW_YORK }, new Date(at))).toBe(due);
});

test("the tick before a moment is found, also over a change of the clock", () => {
  const weekly = { cron: "0 8 * * mon", timezone: NEW_YORK };
  expect(tickBefore(weekly, new Date("2026-11-16T14:00:00Z"), 8)).toEqual(new Date("2026-11-16T13:00:00Z"));
  expect(tickBefore(weekly, new Date("2026-11-16T13:00:00Z"), 8)).toEqual(new Date("2026-11-09T13:00:00Z"));
  expect(tickBefore(weekly, new Date("2026-11-02T12:59:00Z"), 8)).toEqual(new Date("2026-10-26T12:00:00Z"));
  expect(tickBefore({ cron: "0 0 29 2 *", timezone: "UTC" }, new Date("2026-11-16T00:00:00Z"), 8)).toBeNull();
});

test.each([
  ["0 8 * * mon", NEW_YORK, "2026-11-16T13:00:00Z", "2026-11-23T13:00:00Z"],
  ["0 8 * * mon", NEW_YORK, "2026-10-26T12:00:00Z", "2026-11-02T13:00:00Z"],
  ["0 8 * * mon", NEW_YORK, "2003-06-01T00:00:00Z", "2003-06-02T12:00:00Z"],
  ["0 0 29 2 *", "UTC", "2026-11-16T00:00:00Z", "2028-02-29T00:00:00Z"],
  ["0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"],
  ["30 2 * * *", NEW_YORK, "2026-03-07T07:30:00Z", "2026-03-09T06:30:00Z"],
  ["30 1 * * *", NEW_YORK, "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"],
  // Through the repeated hour there is no second tick, even once a minute: 01:59 EDT is followed by 02:00 EST.
  ["* * * * *", NEW_YORK, "2026-11-01T05:59:00Z", "2026-11-01T07:00:00Z"],
  ["* * * * *", NEW_YORK, "2026-11-01T06:20:00Z", "2026-11-01T07:00:00Z"],
  ["0 9 L * *", "Europe/Berlin", "2027-02-01T00:00:00Z", "2027-02-28T08:00:00Z"],
  ["0 9 * * fri#2", "UTC", "2026-11-16T00:00:00Z", "2026-12-11T09:00:00Z"],
  ["0 9 15W * *", "UTC", "2026-11-01T00:00:00Z", "2026-11-16T09:00:00Z"],
])("%s in %s: the tick after %s is %s", (cron, timezone, after, tick) => {
  expect(tickAfter({ cron, timezone }, new Date(after))).toEqual(new Date(tick));
});

test("a crontab that never comes has no next tick", () => {
  expect(tickAfter({ cron: "0 0 L-30 2 *", timezone: "UTC" }, new Date("2026-11-16T00:00:00Z"))).toBeNull();
});

/** Days before and after changes of every kind: an hour, half an hour, at midnight, two hours, and a day that was left out. */
const CHANGES: readonly (readonly [timezone: string, day: string])[] = [
  [NEW_YORK, "2026-03-08"],
  [NEW_YORK, "2026-11-01"],
  ["Europe/London", "2026-10-25"],
  ["Pacific/Auckland", "2026-04-05"],
  ["Pacific/Auckland", "2026-09-27"],
  ["Australia/Lord_Howe", "2026-04-05"],
  ["Australia/Lord_Howe", "2026-10-04"],
  ["Africa/Cairo", "2026-04-24"],
  ["America/Havana", "2026-11-01"],
  ["America/St_Johns", "2009-11-01"],
  ["Antarctica/Troll", "2026-03-29"],
  ["Antarctica/Troll", "2026-10-25"],
  ["Pacific/Apia", "2011-12-30"],
  ["Asia/Kathmandu", "2026-11-16"],
];

test.each(CHANGES)(
  "around the change in %s on %s, ticks are node-cron's, a repeated time once",
  (timezone, day) => {
    const from = Date.parse(`${day}T00:00:00Z`) - DAY_MS / 2;
    const until = from + 2 * DAY_MS;
    const minutes = firstMinutes(timezone, from, until);
    for (const cron of ["* * * * *", "30 1,2 * * *", "*/7 0,23 * * *", "15 2 * * sun"]) {
      const schedule = { cron, timezone };
      const task = createTask(cron, () => undefined, { timezone });
      const expected = minutes
        .filter((at) => task.match(new Date(at)))
        .map((at) => new Date(at).toISOString());
      const ahead = take(ticksAfter(schedule, new Date(from - 1)), (tick) => tick.getTime() < until);
      const back = take(ticksBefore(schedule, new Date(until), new Date(from)), () => true);
      expect(ahead).toEqual(expected);
      expect(back.reverse()).toEqual(expected);
      for (let at = from; at < until; at += 41 * MINUTE_MS) {
        const moment = new Date(at).toISOString();
        expect(isTick(schedule, new Date(at))).toBe(expected.includes(moment));
        const next = expected.find((tick) => tick > moment);
        if (next !== undefined) expect(tickAfter(schedule, new Date(at))?.toISOString()).toBe(next);
        const before = expected.findLast((tick) => tick < moment);
        if (before !== undefined) expect(tickBefore(schedule, new Date(at), 3)?.toISOString()).toBe(before);
      }
    }
  },
);

/** The minutes whose local time has not been there before. */
function firstMinutes(timeZone: string, from: number, until: number): number[] {
  const wall = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" });
  const seen = new Set<string>();
  const minutes: number[] = [];
  for (let at = from - DAY_MS; at < until; at += MINUTE_MS) {
    const local = wall.format(at);
    if (at >= from && !seen.has(local)) minutes.push(at);
    seen.add(local);
  }
  return minutes;
}

function take(ticks: Iterable<Date>, isWithin: (tick: Date) => boolean): string[] {
  const taken: string[] = [];
  for (const tick of ticks) {
    if (!isWithin(tick)) break;
    taken.push(tick.toISOString());
  }
  return taken;
}

test("upcoming ticks end at the horizon, or at their number", () => {
  const every = { cron: "* * * * *", timezone: "UTC" };
  const until = new Date(Date.now() + 3_600_000);
  const ticks = upcomingTicks(every, until, 1_000);
  expect([59, 60]).toContain(ticks.length);
  expect(ticks.every((tick) => tick <= until && tick.getTime() % 60_000 === 0)).toBe(true);
  expect(upcomingTicks(every, until, 7)).toHaveLength(7);
});

test.each([
  ["2026-11-16T13:00:00Z", "09:30", "2026-11-16T14:30:00Z"],
  // Not after the tick at 08:00: on the next day.
  ["2026-11-16T13:00:00Z", "08:00", "2026-11-17T13:00:00Z"],
  ["2026-11-16T13:00:00Z", "07:00", "2026-11-17T12:00:00Z"],
  // The day before the change, and over it.
  ["2026-10-31T12:00:00Z", "07:00", "2026-11-01T12:00:00Z"],
  // 02:30 is skipped: half past three; 01:30 comes twice: the first.
  ["2026-03-08T06:00:00Z", "02:30", "2026-03-08T07:30:00Z"],
  ["2026-11-01T04:00:00Z", "01:30", "2026-11-01T05:30:00Z"],
])("a tick at %s is expected by %s in New York: %s", (tick, expectBy, at) => {
  expect(expectAt(new Date(tick), expectBy, NEW_YORK)).toEqual(new Date(at));
});
