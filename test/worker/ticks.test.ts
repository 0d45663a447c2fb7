import { expect, test } from "vitest";
import { isTick, tickBefore, upcomingTicks } from "../../src/worker/ticks.ts";

const NEW_YORK = "America/New_York";

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

test("upcoming ticks end at the horizon, or at their number", () => {
  const every = { cron: "* * * * *", timezone: "UTC" };
  const until = new Date(Date.now() + 3_600_000);
  const ticks = upcomingTicks(every, until, 1_000);
  expect([59, 60]).toContain(ticks.length);
  expect(ticks.every((tick) => tick <= until && tick.getTime() % 60_000 === 0)).toBe(true);
  expect(upcomingTicks(every, until, 7)).toHaveLength(7);
});
