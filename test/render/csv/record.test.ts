import { expect, test } from "vitest";
import { guardFormula } from "../../../src/render/csv/record.ts";

test.each([
  "=1+1",
  "=cmd|' /C calc'!A0",
  "+1-555-0100",
  "-1+2",
  "-2+3+cmd|' /C calc'!A0",
  "@SUM(A1:A9)",
  "\t=1+1",
  "\r=1+1",
  "-",
  "--5",
  "-A1",
  "-5 apples and pears",
  "+49 (30) 1234",
  "-1,200 =x",
])("text that a spreadsheet could run is guarded: %j", (text) => {
  expect(guardFormula(text, false)).toBe(`'${text}`);
});

test.each([
  "-3.2%",
  "-$1,200",
  "+5",
  "-1",
  "-.5",
  "-1.5e-7",
  "-4 EUR",
  "-€ 1.200,50",
  "-1 234,5",
  "-1’234.50",
  "-12.4K",
  "-1,200 $",
])("text that is a signed number is left alone: %j", (text) => {
  expect(guardFormula(text, false)).toBe(text);
});

test.each(["", "plain", "a=b", " =1", "'=1", "3-4", "(1,200)", "$-5"])(
  "text that starts with anything else is left alone: %j",
  (text) => {
    expect(guardFormula(text, false)).toBe(text);
  },
);

test("a number is let through however its value format shows it, unless that makes a formula of it", () => {
  expect(guardFormula("-USD 1,200 net", true)).toBe("-USD 1,200 net");
  expect(guardFormula("=1", true)).toBe("'=1");
});
