import { expect, test } from "vitest";
import { FIRST_BYTES, guarded, isFormula, mayBeFormula } from "../../../src/render/csv/formula.ts";

const guardFormula = (text: string, isNumber: boolean) => guarded(text, isNumber, "guard");

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
  " =1+1",
  "\n=1+1",
  "\nwords",
  "\u00a0=1+1",
  "\u3000@SUM(A1)",
  "\u200b\u200d\u2060=1+1",
  "\ufeff=1+1",
  "\u202e\u2066=1+1",
  "\u00ad+1+1",
  "\u0000\u000b\u001f-1+1",
  "\ufe0f\u034f\u3164\u2800=1+1",
  "\u{e0041}=1+1",
  ` \t\u00a0${" ".repeat(5_000)}=1+1`,
  "＝1+1",
  "＋1+1",
  "－1+1",
  "＠SUM(A1)",
  " ＝1",
  "﹦1",
  "⁼1",
  "₊1+1",
  `-${"1".repeat(64)}`,
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
  " -5",
  "\u00a0+3.2",
])("text that is a signed number is left alone: %j", (text) => {
  expect(guardFormula(text, false)).toBe(text);
});

test.each(["", " ", "plain", "a=b", " a=b", "\u200b", "é=1", "'=1", "3-4", "(1,200)", "$-5"])(
  "text that starts with anything else is left alone: %j",
  (text) => {
    expect(guardFormula(text, false)).toBe(text);
  },
);

test("a number is let through however its value format shows it, unless that makes a formula of it", () => {
  expect(guardFormula("-USD 1,200 net", true)).toBe("-USD 1,200 net");
  expect(guardFormula("－5", true)).toBe("－5");
  expect(guardFormula("=1", true)).toBe("'=1");
  for (const text of ["-5 =cmd|x!A0", "+5 (A1)", "-5 @x", "-5|x", "-5!x"])
    expect(guardFormula(text, true), text).toBe(`'${text}`);
});

test.each([
  ["x;=1+1", "x;'=1+1"],
  ["x\t=1+1", "x\t'=1+1"],
  ["x,=1+1", "x,'=1+1"],
  ["x|@SUM(A1)", "x|'@SUM(A1)"],
  ['x"=1+1', "x\"'=1+1"],
  ["x\n=1\r\n+1+1", "x\n'=1\r\n'+1+1"],
  ["x; \u200b＝1;-a", "x;' \u200b＝1;'-a"],
  ["=1;=2", "'=1;'=2"],
  ["40.64,-73.77;+5", "40.64,-73.77;+5"],
  ["a;b, c = d - e", "a;b, c = d - e"],
  ["x;;=1", "x;;'=1"],
])("strict: what another reader may take for cells is guarded too: %j", (text, expected) => {
  expect(guarded(text, false, "strict")).toBe(expected);
  expect(guarded(text, false, "guard")).toBe(isFormula(text, false) ? `'${text}` : text);
  expect(guarded(text, false, "raw")).toBe(text);
});

test("the first byte of no letter that a formula may begin with is missing", () => {
  const missing: string[] = [];
  for (let code = 0; code < 0x110000; code += 1) {
    const letter = String.fromCodePoint(code);
    const isLone = code >= 0xd800 && code <= 0xdfff;
    if (!isLone && FIRST_BYTES[Buffer.from(letter)[0] ?? 0] === 0 && mayBeFormula(letter))
      missing.push(letter);
  }
  expect(missing).toEqual([]);
});
