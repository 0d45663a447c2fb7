import { expect, test } from "vitest";
import { parseDuration } from "../../../src/core/rules/duration.ts";

test.each([
  ["45s", 45_000],
  ["30m", 1_800_000],
  ["2h", 7_200_000],
  ["24h", 86_400_000],
  ["86400s", 86_400_000],
  ["1d", 86_400_000],
])("%s is %i ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  ["30", '"30" has no unit', "Write 30s for seconds or 30m for minutes."],
  ["100000", '"100000" is not a duration', "Write a whole number and one unit: 45s, 30m or 2h."],
  ["25h", '"25h" is too long', "Write at most 24h."],
  ["2d", '"2d" is too long', "Write at most 24h."],
  ["1 month", '"1 month" is not a duration', "Write a whole number and one unit: 45s, 30m or 2h."],
  ["0m", "a timeout of 0 ends everything at once", "Write a time such as 30m."],
  ["30 Minutes", '"30 Minutes" is not a duration', "Did you mean 30m?"],
  ["1h30m", '"1h30m" is not a duration', "Write a whole number and one unit: 45s, 30m or 2h."],
  ["1.5h", '"1.5h" is not a duration', "Write a whole number and one unit: 45s, 30m or 2h."],
  ["-5m", '"-5m" is not a duration', "Write a whole number and one unit: 45s, 30m or 2h."],
])("%s is refused: %s", (text, message, advice) => {
  expect(parseDuration(text)).toEqual({ message, advice });
});

const kept = { least: "7d", most: "3650d" };

test.each([
  ["7d", 604_800_000],
  ["168h", 604_800_000],
  ["3650d", 315_360_000_000],
])("within limits of its own, %s is %i ms", (text, ms) => {
  expect(parseDuration(text, kept)).toBe(ms);
});

test.each([
  ["6d", '"6d" is too short', "Write at least 7d."],
  ["0d", '"0d" is too short', "Write at least 7d."],
  ["3651d", '"3651d" is too long', "Write at most 3650d."],
  ["400", '"400" has no unit', "Write 400h for hours or 400d for days."],
  ["7", '"7" has no unit', "Write 7d for days."],
  ["400 days", '"400 days" is not a duration', "Did you mean 400d?"],
  ["forever", '"forever" is not a duration', "Write a whole number and one unit: 7d or 400d."],
])("outside them, %s is refused: %s", (text, message, advice) => {
  expect(parseDuration(text, kept)).toEqual({ message, advice });
});
