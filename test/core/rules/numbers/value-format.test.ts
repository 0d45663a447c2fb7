import { expect, test } from "vitest";
import { numberOf } from "../../../../src/core/rules/numbers/cell-number.ts";
import { write } from "../../../../src/core/rules/numbers/number-style.ts";
import { formatNumber, styleOf } from "../../../../src/core/rules/numbers/value-format.ts";

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

// What numfmt 4.0.1 and spreadsheets make of the same.
test.each([
  [-5, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "-5"],
  [1_500, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "1.5K"],
  [2_500_000, '[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', "2.5M"],
  [-5, '[>=1000]0.0,"K";0', "-5"],
  [-1_500, '[>=1000]0,"K";[<=-1000]-0,"K";0', "-2K"],
  [-5, "[<0](0);0", "(5)"],
  [-1234.5, "#,##0.00;(#,##0.00)", "(1,234.50)"],
  [-1234.5, '#,##0.00;[Red](#,##0.00);"-"', "(1,234.50)"],
  [0, '#,##0.00;[Red](#,##0.00);"-"', "-"],
  [0, '_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)', "$-"],
  [-3, '0;-0;"none";@', "-3"],
  [0.5, '[>1]0;[<-1]-0;"small"', "small"],
  [-0.001, "0.0", "0.0"],
  [5, '0 "of" "5;6"', "5 of 5;6"],
  [1234.5, "[$€-407] #,##0", "€ 1,235"],
])("%d is written by %s as a spreadsheet writes it, section by section: %s", (value, format, written) => {
  expect(formatNumber(value, format)).toBe(written);
});

test.each([
  [-1, "0;;"],
  [0, "0;;"],
  [1, "yyyy-mm-dd"],
  [1, "0.00E+00"],
  [1, "# ?/?"],
  [1, "@"],
  [1, ";;;"],
])("%d is not written by %s, which shows no plain number", (value, format) => {
  expect(formatNumber(value, format)).toBeNull();
});

test("of more formats than are remembered each is still read right", () => {
  for (const round of [1, 2])
    for (let index = 0; index < 500; index += 1)
      expect(formatNumber(round, `0.${"0".repeat(index % 90)}"${index}"`)).toMatch(
        new RegExp(`^${round}.*${index}$`),
      );
});

test("a cell of 40,000 digits is not a number, and takes no time", () => {
  for (const rendered of ["1".repeat(40_000), `${"1,1".repeat(13_000)}x`, `${"-".repeat(40_000)}1x`]) {
    expect(styleOf({ valueFormat: null }, [{ value: 1, rendered }])).toBeNull();
    expect(numberOf(rendered)).toBeNull();
  }
});

test("what a column's cells look like is how its numbers are written", () => {
  const style = styleOf({ valueFormat: null }, [{ value: 0.2459, rendered: "24.6%" }]);
  expect(style === null ? null : write(0.0825, style)).toBe("8.3%");
});

test("a format longer than a spreadsheet's is not read", () => {
  expect(formatNumber(1, `0${'"x"'.repeat(100)}`)).toBeNull();
});
