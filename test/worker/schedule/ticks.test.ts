import { expect, test } from "vitest";
import { expectAt } from "../../../src/worker/schedule/tick-calculator.ts";
import {
  isTick,
  tickAfter,
  tickBefore,
  ticksBefore,
  upcomingTicks,
} from "../../../src/worker/schedule/ticks.ts";

const NEW_YORK = "America/New_York";

test.each([
  ["0 8 * * mon", "2026-11-16T13:00:00Z", true],
  ["0 8 * * mon", "2026-11-16T13:00:30Z", false],
  ["0 8 * * mon", "2026-11-16T08:00:00Z", false],
  ["0 8 * * mon", "2026-11-17T13:00:00Z", false],
  // 02:30 does not exist on the spring day: right after the gap; 01:30 exists twice in autumn, and the first is the tick.
  ["30 2 * * *", "2026-03-08T07:00:00Z", true],
  ["0 2 * * sun", "2026-03-08T07:00:00Z", true],
  ["30 2 * * *", "2026-03-08T07:30:00Z", false],
  ["30 1 * * *", "2026-11-01T05:30:00Z", true],
  ["30 1 * * *", "2026-11-01T06:30:00Z", false],
  ["30 1 * * *", "2026-11-02T06:30:00Z", true],
  // Where both days are given, either is enough: the 16th was a Monday, the 17th a Tuesday.
  ["0 8 17 * mon", "2026-11-16T13:00:00Z", true],
  ["0 8 17 * mon", "2026-11-17T13:00:00Z", true],
  ["0 8 17 * mon", "2026-11-18T13:00:00Z", false],
  ["0 8 L * mon#1", "2026-11-02T13:00:00Z", true],
  ["0 8 L * mon#1", "2026-11-30T13:00:00Z", true],
  ["0 8 L * mon#1", "2026-11-09T13:00:00Z", false],
  ["0 8 17 * mon-sun", "2026-11-18T13:00:00Z", true],
  // A field that begins with * restricts the other, as in Vixie cron: Mondays with an odd date.
  ["0 8 */2 * mon", "2026-11-23T13:00:00Z", true],
  ["0 8 */2 * mon", "2026-11-16T13:00:00Z", false],
  ["0 8 ? * mon", "2026-11-16T13:00:00Z", true],
  ["0 8 ? * mon", "2026-11-17T13:00:00Z", false],
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
  ["30 2 * * *", NEW_YORK, "2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z"],
  ["30 2 * * *", NEW_YORK, "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"],
  ["30 1 * * *", NEW_YORK, "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"],
  // Hours that follow * go by elapsed time: there is no hole in a repeated hour.
  ["*/15 * * * *", NEW_YORK, "2026-11-01T05:45:00Z", "2026-11-01T06:00:00Z"],
  ["*/15 1 * * *", NEW_YORK, "2026-11-01T05:45:00Z", "2026-11-02T06:00:00Z"],
  ["0 9 LW * *", "UTC", "2026-10-01T00:00:00Z", "2026-10-30T09:00:00Z"],
  ["0 9 1W * *", "UTC", "2026-08-01T00:00:00Z", "2026-08-03T09:00:00Z"],
  // A whole day was left out (2011-12-30), a clock was put back from 00:01 to 23:01, and one forward at 24:00.
  ["0 8 * * *", "Pacific/Apia", "2011-12-29T18:00:00Z", "2011-12-30T10:00:00Z"],
  ["0 8 * * *", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T18:00:00Z"],
  ["30 * * * *", "America/St_Johns", "2009-11-01T02:30:30Z", "2009-11-01T03:00:00Z"],
  ["30 23 * * sat", "America/Nuuk", "2026-03-23T00:00:00Z", "2026-03-29T01:00:00Z"],
  ["0 9 L * *", "Europe/Berlin", "2027-02-01T00:00:00Z", "2027-02-28T08:00:00Z"],
  ["0 9 * * fri#2", "UTC", "2026-11-16T00:00:00Z", "2026-12-11T09:00:00Z"],
  ["0 9 15W * *", "UTC", "2026-11-01T00:00:00Z", "2026-11-16T09:00:00Z"],
])("%s in %s: the tick after %s is %s", (cron, timezone, after, tick) => {
  expect(tickAfter({ cron, timezone }, new Date(after))).toEqual(new Date(tick));
});

test("what a day skips at its end is found from the first moment of the next one", () => {
  const nuuk = { cron: "30 23 * * sat", timezone: "America/Nuuk" };
  const tick = new Date("2026-03-29T01:00:00Z");
  expect([...ticksBefore(nuuk, new Date("2026-03-30T00:00:00Z"), tick)]).toEqual([tick]);
});

test("a crontab that never comes has no next tick", () => {
  expect(tickAfter({ cron: "0 0 L-30 2 *", timezone: "UTC" }, new Date("2026-11-16T00:00:00Z"))).toBeNull();
});

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
