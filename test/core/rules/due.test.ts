import { expect, test } from "vitest";
import { parseDue, showLocal, showUtc } from "../../../src/core/rules/due.ts";

test.each([
  ["2026-11-16T08:00", "America/New_York", "2026-11-16T13:00:00.000Z"],
  ["2026-07-06 08:00", "America/New_York", "2026-07-06T12:00:00.000Z"],
  ["2026-11-16T08:00:00", "Europe/London", "2026-11-16T08:00:00.000Z"],
  ["2026-11-16T13:00:00.000Z", "Europe/London", "2026-11-16T13:00:00.000Z"],
  ["2026-11-16T13:00Z", "America/New_York", "2026-11-16T13:00:00.000Z"],
  ["2026-11-16T08:00-05:00", "Asia/Tokyo", "2026-11-16T13:00:00.000Z"],
  // 02:30 does not exist on the spring day: an hour later; 01:30 exists twice in autumn: the first.
  ["2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00.000Z"],
  ["2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00.000Z"],
])("%s in %s is %s", (text, zone, iso) => {
  expect(parseDue(text, zone).toISOString()).toBe(iso);
});

test.each([
  "",
  "monday",
  "2026-13-01T08:00",
  "16.11.2026",
  "2026-02-30T08:00",
  "2026-11-16",
  "2026-11-16T08:00:30",
  "2026-11-16T08:00[Asia/Tokyo]",
  "2026-11-16Z",
])("%j is refused with an example", (text) => {
  expect(() => parseDue(text, "Europe/London")).toThrow(
    expect.objectContaining({ code: "config", advice: expect.stringContaining("2026-11-16T08:00") }),
  );
});

test("a tick is shown in its own zone and in UTC", () => {
  const tick = new Date("2026-11-16T13:00:00Z");
  expect(showLocal(tick, "America/New_York")).toBe("Mon 2026-11-16 08:00 EST");
  expect(showLocal(tick, "Asia/Kolkata")).toBe("Mon 2026-11-16 18:30 GMT+5:30");
  expect(showUtc(tick)).toBe("2026-11-16 13:00Z");
});
