import { expect, test } from "vitest";
import { shortTime } from "../../../src/commands/history/words.ts";
import { widthOf, wrapped } from "../../../src/commands/layout.ts";

const ZONE = "America/New_York";
/** So many minutes after 08:00 in New York. */
const at = (minutes: number) => new Date(Date.parse("2026-11-16T13:00:00Z") + minutes * 60_000);

test.each([
  [at(5), "08:05"],
  [at(-10 * 60), "Sun 22:00"],
  [at(24 * 60), "Tue 08:00"],
  [at(-7 * 24 * 60), "2026-11-09 08:00"],
])("%j is said as %s on Monday morning", (date, words) => {
  expect(shortTime(date, at(4), ZONE)).toBe(words);
});

test("a text is broken between words, and a word that is too long is left whole", () => {
  expect(wrapped("note  ", "one two three four", 6, 16)).toBe("note  one two\n      three four\n");
  expect(wrapped("", "a verylongwordindeed b", 2, 10)).toBe("a\n  verylongwordindeed\n  b\n");
  expect(wrapped("  ", "", 2, 10)).toBe("\n");
});

test("lines are as wide as the terminal, and a hundred columns where there is none", () => {
  expect([widthOf({}), widthOf({ columns: 0 }), widthOf({ columns: 140 }), widthOf({ columns: 20 })]).toEqual(
    [100, 100, 140, 60],
  );
});
