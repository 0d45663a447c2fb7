import { expect, test } from "vitest";
import { rangeAsked } from "../../src/server/send-file.ts";

test.each([
  ["bytes=0-0", 10, { first: 0, last: 0 }],
  ["bytes=2-5", 10, { first: 2, last: 5 }],
  ["bytes=2-", 10, { first: 2, last: 9 }],
  ["bytes=2-99", 10, { first: 2, last: 9 }],
  ["bytes=-3", 10, { first: 7, last: 9 }],
  ["bytes=-99", 10, { first: 0, last: 9 }],
  ["Bytes= 4-4 ", 10, { first: 4, last: 4 }],
  ["bytes=3000000000-", 4_000_000_000, { first: 3_000_000_000, last: 3_999_999_999 }],
] as const)("%s of %i bytes is a part", (header, bytes, range) => {
  expect(rangeAsked(header, bytes)).toEqual(range);
});

test.each([
  ["bytes=10-", 10],
  ["bytes=10-12", 10],
  ["bytes=-0", 10],
  ["bytes=0-", 0],
  ["bytes=-5", 0],
])("%s of %i bytes cannot be had", (header, bytes) => {
  expect(rangeAsked(header, bytes)).toBe("none");
});

test.each([
  undefined,
  "",
  "bytes=",
  "bytes=-",
  "bytes=5-2",
  "bytes=1-2,4-5",
  "lines=1-2",
  "bytes=a-b",
  "bytes=1-2; x",
])("%s is answered with the whole", (header) => {
  expect(rangeAsked(header, 10)).toBeNull();
});
