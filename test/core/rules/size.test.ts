import { expect, test } from "vitest";
import { parseSize, readSize } from "../../../src/core/rules/size.ts";

const LIMITS = { least: "10kB", most: "1TB" };

test.each([
  ["2GB", 2e9],
  ["2 gb", 2e9],
  ["1.5GiB", 1.5 * 2 ** 30],
  ["500kB", 5e5],
  [" 10kB ", 1e4],
  ["1TB", 1e12],
])("%j is %i bytes", (text, bytes) => {
  expect(parseSize(text, LIMITS)).toBe(bytes);
});

test.each([
  ["2000", '"2000" has no unit', "Write 2000MB for megabytes or 2000GB for gigabytes."],
  ["2000000000", '"2000000000" has no unit', "Write 2000000000B for bytes, or a larger unit, as in 2GB."],
  ["2 gigabytes", '"2 gigabytes" is not a size', "Write a number and its unit, as in 500MB or 2GB."],
  ["-1GB", '"-1GB" is not a size', "Write a number and its unit, as in 500MB or 2GB."],
  ["unlimited", '"unlimited" is not a size', "Write a number and its unit, as in 500MB or 2GB."],
  ["9kB", '"9kB" is too small', "Write at least 10kB."],
  ["1.1TB", '"1.1TB" is too large', "Write at most 1TB."],
  ["1TiB", '"1TiB" is too large', "Write at most 1TB."],
])("%j is refused, with what to write", (text, message, advice) => {
  expect(parseSize(text, LIMITS)).toEqual({ message, advice });
});

test("a unit that is none is not a size", () => {
  for (const text of ["1PB", "1", "B", "1e3MB", "1 0MB", `${"9".repeat(13)}B`])
    expect(readSize(text)).toBeNull();
});
