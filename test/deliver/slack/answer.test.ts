import { expect, test } from "vitest";
import {
  exactly,
  flag,
  foreign,
  list,
  optional,
  shape,
  text,
  UnreadableAnswer,
} from "../../../src/deliver/slack/answer.ts";

const page = shape({
  channels: list(shape({ id: text, is_member: optional(flag), kind: foreign(exactly("C")) })),
});

test("what is asked for is read, and the rest of the answer left out", () => {
  const answer = {
    ok: true,
    channels: [
      { id: "C1", is_member: true, kind: "C", topic: {} },
      { id: "C2", kind: 7 },
    ],
  };
  expect(page(answer)).toEqual({
    channels: [
      { id: "C1", is_member: true, kind: "C" },
      { id: "C2", is_member: undefined, kind: undefined },
    ],
  });
});

test.each([
  [null],
  [[]],
  ["<html>"],
  [{ channels: {} }],
  [{ channels: [{ id: 7 }] }],
  [{ channels: [{ id: "C1", is_member: "yes" }] }],
])("%j is told to be no such answer", (answer) => {
  expect(() => page(answer)).toThrow(UnreadableAnswer);
});
