import { expect, test } from "vitest";
import { parseDuration } from "../../src/core/duration.ts";

test.each([
  ["45s", 45_000],
  ["30m", 1_800_000],
  ["2h", 7_200_000],
  ["24h", 86_400_000],
  ["86400s", 86_400_000],
])("%s is %i ms", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  ["30", '"30" has no unit', "Write 30m for minutes, 30s for seconds or 30h for hours."],
  ["25h", '"25h" is too long', "Write at most 24h."],
  ["0m", "a timeout of 0 ends everything at once", "Write a time such as 30m."],
  ["30 Minutes", '"30 Minutes" is not a duration', "Did you mean 30m?"],
  ["1h30m", '"1h30m" is not a duration', "Write a whole number and one unit: 45s, 30m or 2h."],
  ["1.5h", '"1.5h" is not a duration', "Write a whole number and one unit: 45s, 30m or 2h."],
  ["-5m", '"-5m" is not a duration', "Write a whole number and one unit: 45s, 30m or 2h."],
])("%s is refused: %s", (text, message, advice) => {
  expect(parseDuration(text)).toEqual({ message, advice });
});
