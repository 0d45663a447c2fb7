import cron from "node-cron";
import { expect, test } from "vitest";
import { parseCron } from "../../../src/config/schema/cron.ts";

test.each([
  "0 8 * * mon",
  "*/15 6-20 * * 1-5",
  "0 7 1,15 * *",
  "0 0 L * *",
  "0 8 * * MON#1",
  "0 8 * jan-mar *",
  "0 8 29 2 *",
  "59 23 31 12 7",
])("%s is a crontab, for node-cron too", (text) => {
  expect(parseCron(text)).toEqual({ cron: text });
  expect(cron.validate(text)).toBe(true);
});

test("blanks around and between fields do not matter, tabs included", () => {
  expect(parseCron("  0\t8  * * mon ")).toEqual({ cron: "0 8 * * mon" });
});

test.each([
  ["60 8 * * mon", '"60" is not valid for the minute', "The minute may hold 0-59."],
  ["0 24 * * *", '"24" is not valid for the hour', "The hour may hold 0-23."],
  ["0 8 0 * *", '"0" is not valid for the day of the month', "The day of the month may hold 1-31."],
  ["0 8 * 13 *", '"13" is not valid for the month', "The month may hold 1-12 or jan-dec."],
  ["0 8 * * 8", '"8" is not valid for the day of the week', "The day of the week may hold 0-7"],
  ["0 8 * * mnday", '"mnday" is not valid for the day of the week', 'Did you mean "monday"?'],
  ["0 8 * janu *", '"janu" is not valid for the month', 'Did you mean "jan"?'],
  ["1.5 8 * * *", '"1.5" is not valid for the minute', "The minute may hold 0-59."],
  ["0/15 * * * *", '"0/15" is not valid for the minute', 'Did you mean "*/15"?'],
  ["0 */24 * * *", '"*/24" steps beyond the hour', "its step is at most 23."],
  ["0 0 31 4,6 *", "day 31 never comes in month 4,6: the report would never run", "L is the last day"],
  // Its Mondays would come.
  ["0 0 30 2 mon", "day 30 never comes in month 2", "Choose a day that the month has"],
  ["0 0 30 feb *", "day 30 never comes in month feb: the report would never run", "L is the last day"],
  [
    "30 0 8 * * mon",
    "the crontab has 6 fields; seconds are not supported",
    'Leave the first field out: "0 8 * * mon".',
  ],
  ["0 8", "the crontab has 2 fields instead of 5", "Write five fields"],
  ["", "the crontab is empty", "Write five fields"],
  [
    "@weekly",
    '"@weekly" is not a crontab: words that start with @ are not supported',
    'Write "0 0 * * sun".',
  ],
  ["@reboot", '"@reboot" is not a crontab: words that start with @ are not supported', "Write five fields"],
])("%j is refused: %s", (text, message, advice) => {
  expect(parseCron(text)).toEqual({ message, advice: expect.stringContaining(advice) });
});

test("all wrong fields are told at once", () => {
  expect(parseCron("60 24 * * *")).toMatchObject({
    message: '"60" is not valid for the minute; "24" is not valid for the hour',
  });
});
