import { expect, test } from "vitest";
import type { Cell } from "../../../src/core/model/table.ts";
import { comparisonText, holds, parseComparison } from "../../../src/core/rules/comparison.ts";

const met = (text: string, cell: Cell | Cell["value"]) => {
  const comparison = parseComparison(text);
  if (comparison === null) throw new Error(`${text} is not a comparison`);
  return holds(
    comparison,
    typeof cell === "object" && cell !== null ? cell : { value: cell, rendered: String(cell ?? "") },
  );
};

test.each([
  ["> 0.05", "> 0.05"],
  [">=3", ">= 3"],
  ["<> late", "!= late"],
  ["== 1_000", "= 1000"],
  ["> 5%", "> 5%"],
  ["< -2.5 %", "< -2.5%"],
  ["> 7%", "> 7%"],
  ['= "0.5"', "= 0.5"],
  ["!= ''", "!= "],
])("%s is read as %s", (text, read) => {
  const comparison = parseComparison(text);
  expect(comparison && comparisonText(comparison)).toBe(read);
});

test("a percentage is a share, whatever it is called", () => {
  expect([met("> 5%", 0.051), met("> 5%", 0.05), met("< -2.5 %", -0.026)]).toEqual([true, false, true]);
});

test.each(["", "0.05", ">", "> ", "=> 3", "> late", "between 1 and 2", "< 2026-11-09"])(
  "%j is not a comparison",
  (text) => {
    expect(parseComparison(text)).toBeNull();
  },
);

test("numbers are compared as numbers, also where they come as text", () => {
  expect([
    met("> 9", 10),
    met("> 9", "10"),
    met("> 9", 9),
    met(">= 9", 9),
    met("= 9", "9.0"),
    met("!= 9", 8),
  ]).toEqual([true, true, false, true, true, true]);
});

test("what has no value, or is not a number, is never more or less", () => {
  expect([
    met("> 0", null),
    met("< 0", null),
    met("= 0", null),
    met("> 0", "late"),
    met("< 1", ""),
    met("> 0", true),
  ]).toEqual(Array(6).fill(false));
  expect(met("!= 0", null)).toBe(true);
  // Nor is no value the word for it.
  expect([met("= null", null), met("!= null", null)]).toEqual([false, true]);
});

test("words are compared with the value and with what is shown", () => {
  const late = { value: true, rendered: "Yes" };
  expect([met("= Yes", late), met("= true", late), met("!= Yes", late), met("= yes", late)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
