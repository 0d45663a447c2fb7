import { expect, test } from "vitest";
import { readArguments } from "../../bench/arguments.ts";

const SHAPE = { way: ["all", "link", "slack"], bytes: null, rounds: 5 } as const;

test("what is not given is its default", () => {
  expect(readArguments([], SHAPE)).toEqual({ way: "all", bytes: null, rounds: 5 });
  expect(readArguments(["slack", "300"], SHAPE)).toEqual({ way: "slack", bytes: 300, rounds: 5 });
});

test.each([
  [["slak"], 'There is no way "slak": it is all, link, slack.'],
  [["--help"], 'There is no way "--help": it is all, link, slack.'],
  [["link", "1e9"], 'bytes is a whole number from 1 on, not "1e9".'],
  [["link", "1", "0"], 'rounds is a whole number from 1 on, not "0".'],
  [["link", "1", "2", "3"], '"3" is one argument too many.'],
])("%j is refused by name", (words, sentence) => {
  expect(readArguments(words, SHAPE)).toBe(sentence);
});
