import { expect, test } from "vitest";
import { parseFormat, renderOf } from "../../../src/sandbox/warehouse/value-format.ts";

test.each<[string, number, string]>([
  ["0", 1234.5, "1235"],
  ["0", -0.4, "0"],
  ["#,##0", 1234567, "1,234,567"],
  ["#,##0", -1234, "-1,234"],
  ["#,##0", 0, "0"],
  ["0.0", 12.25, "12.3"],
  ["0.00", 1.005, "1.01"],
  ["0.00", -1.005, "-1.01"],
  ["0.##", 1.5, "1.5"],
  ["0.##", 2, "2"],
  ["#.##", 0.25, ".25"],
  ["000", 7, "007"],
  ["0.0%", 0.1234, "12.3%"],
  ["#,##0%", 12.3, "1,230%"],
  ["$#,##0.00", 1234.5, "$1,234.50"],
  ["$#,##0.00", -1234.5, "-$1,234.50"],
  ['0.0" min"', 4.04, "4.0 min"],
  ['"USD "#,##0', 5000, "USD 5,000"],
  ["0\\x", 3, "3x"],
  ['0.0,"K"', 12345, "12.3K"],
  ['0.00,,"M"', 1234567, "1.23M"],
  ["#,##0;(#,##0)", -1234, "(1,234)"],
  ['#,##0;-#,##0;"none"', 0, "none"],
  ['[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', 2500000, "2.5M"],
  ['[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', 2500, "2.5K"],
  ['[>=1000000]0.0,,"M";[>=1000]0.0,"K";0', 25, "25"],
  ['[>=1000]0.0,"K";0', -5, "-5"],
  ["#,##0;(#,##0);-", 0, "-"],
  ["0.00", 1e15, "1000000000000000.00"],
])("%s of %d is %s", (pattern, value, shown) => {
  expect(parseFormat(pattern)(value)).toBe(shown);
});

test("without a format numbers are grouped and have at most two decimals", () => {
  const render = renderOf({ isNumeric: true, valueFormat: null, valueFormatName: null, type: "average" });
  expect([20000, 2.71999, 0.5, -1234.5, 12].map(render)).toEqual(["20,000", "2.72", "0.5", "-1,234.5", "12"]);
});

test("a named format is looked up, null is nothing, text stays as it is", () => {
  const usd = renderOf({ isNumeric: true, valueFormat: null, valueFormatName: "usd", type: "sum" });
  expect(usd(1234.5)).toBe("$1,234.50");
  expect(usd(null)).toBe("");
  const plain = renderOf({ isNumeric: false, valueFormat: null, valueFormatName: null, type: "string" });
  expect([plain("1234.5"), plain(null)]).toEqual(["1234.5", ""]);
});

test("a quarter is kept as its first month and shown by its number", () => {
  const render = renderOf({
    isNumeric: false,
    valueFormat: null,
    valueFormatName: null,
    type: "date_quarter",
  });
  expect([render("2026-10"), render(null)]).toEqual(["2026-Q4", ""]);
});
