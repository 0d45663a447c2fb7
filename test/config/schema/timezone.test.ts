import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { parseTimezone } from "../../../src/config/schema/timezone.ts";

test.each([
  ["UTC", "UTC"],
  ["Europe/London", "Europe/London"],
  ["europe/LONDON", "Europe/London"],
  ["US/Eastern", "US/Eastern"],
  ["Asia/Calcutta", "Asia/Calcutta"],
  ["EST5EDT", "EST5EDT"],
  [" America/New_York ", "America/New_York"],
])("%j is the zone %s, for Temporal too", (text, name) => {
  expect(parseTimezone(text)).toEqual({ name });
  expect(Temporal.Now.zonedDateTimeISO(name).timeZoneId).toBe(name);
});

test.each([
  ["New York", "America/New_York"],
  ["berlin", "Europe/Berlin"],
  ["Europe/Lodnon", "Europe/London"],
  ["America/NewYork", "America/New_York"],
  ["Londn", "Europe/London"],
  ["EST", "America/New_York"],
  ["PT", "America/Los_Angeles"],
  ["BST", "Europe/London"],
])("%j is refused, and %s suggested", (text, name) => {
  expect(parseTimezone(text)).toMatchObject({ advice: expect.stringContaining(`Did you mean "${name}"`) });
});

test.each(["+02:00", "UTC+2", "GMT-05:00"])("%s is an offset, which has no daylight saving time", (text) => {
  expect(parseTimezone(text)).toMatchObject({ message: `"${text}" is an offset, not a time zone` });
});

test("what is near nothing is refused without a guess", () => {
  expect(parseTimezone("qqqqqqqqqqqq")).toEqual({
    message: 'there is no time zone "qqqqqqqqqqqq"',
    advice: 'Write a name of the IANA time zone database, such as "Europe/London" or "UTC".',
  });
});
