import { expect, test } from "vitest";
import { formatNumber, numberOf, styleOf, write } from "../../../src/core/rules/value-format.ts";

test.each([
  [0.285, "0%", "29%"],
  [0.145, "0%", "15%"],
  [1.005, "0.00", "1.01"],
  [-1.005, "0.00", "-1.01"],
  [2.5, "0", "3"],
  [1_234_567.5, "#,##0", "1,234,568"],
  [9_007_199_254_740_992, "0", "9007199254740992"],
  [7, "000", "007"],
  [-7, "000", "-007"],
  [1234, "000", "1234"],
  [7.25, "000.0", "007.3"],
  [12_431, "0.0,", "12.4"],
])("%d is written by %s as a spreadsheet writes it: %s", (value, format, written) => {
  expect(formatNumber(value, format)).toBe(written);
});

test("a cell of 40,000 digits is no number whose style is looked for, and takes no time", () => {
  for (const rendered of ["1".repeat(40_000), `${"1,1".repeat(13_000)}x`, `${"-".repeat(40_000)}1x`]) {
    expect(styleOf(null, [{ value: 1, rendered }])).toBeNull();
    expect(numberOf(rendered)).toBeNull();
  }
});

test("what a column's cells look like is how its numbers are written", () => {
  const style = styleOf(null, [{ value: 0.2459, rendered: "24.6%" }]);
  expect(style === null ? null : write(0.0825, style)).toBe("8.3%");
});

test("a format longer than a spreadsheet's is none", () => {
  expect(formatNumber(1, `0${'"x"'.repeat(100)}`)).toBeNull();
});
