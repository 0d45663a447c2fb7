import { expect, test } from "vitest";
import { filterSentences } from "../../../../src/core/rules/filters/sentences.ts";
import { ENGLISH } from "../../../../src/core/words/en/index.ts";

const said = (type: string | null, expression: string) =>
  filterSentences({ fields: [{ label: "X", type, expression }], expression: null }, ENGLISH)[0] ?? null;

// The examples of https://cloud.google.com/looker/docs/filter-expressions, and what its pages' own words say of them.
test.each([
  ["complete", "X is complete"],
  ["complete,-cancelled", "X is complete, not cancelled"],
  ["FOO,BAR,BAZ", "X is FOO, BAR or BAZ"],
  ["%FOO%", "X contains FOO"],
  ["FOO%", "X starts with FOO"],
  ["%FOO", "X ends with FOO"],
  ["F%OD", "X matches F%OD"],
  ["_UF", "X matches _UF"],
  ["FOO%,BAR", "X starts with FOO or is BAR"],
  ["FOO%,-FOOD", "X starts with FOO and is not FOOD"],
  ["-FOO,-BAR", "X is not FOO or BAR"],
  ["-%FOO%", "X doesn’t contain FOO"],
  ["NULL", "X is null"],
  ["-NULL", "X is not null"],
  ["EMPTY", "X is blank"],
  ["-EMPTY", "X is not blank"],
  ['"Smith, Jones",Doe', "X is Smith, Jones or Doe"],
  ["50^%", "X is 50%"],
  ["^-5", "X is -5"],
  ["a^_b%", "X starts with a_b"],
  // Any text: no word for it would be true of a part of the filter alone.
  ["-%", "X matches -%"],
  ["FOO,%", "X matches FOO,%"],
  ["%%", "X matches %%"],
  ['""', 'X matches ""'],
])("of a text, %s reads: %s", (expression, words) => {
  expect(said("string", expression)).toBe(words);
});

test.each([
  ["5", "X is 5"],
  ["1, 3, 5, 7", "X is 1, 3, 5 or 7"],
  ["NOT 5", "X is not 5"],
  ["<>5", "X is not 5"],
  ["!=5", "X is not 5"],
  ["NOT 66, 99, 4", "X is not 66, 99 or 4"],
  [">5", "X is greater than 5"],
  [">= 5.5 AND <= 10", "X is between 5.5 and 10"],
  [">1 AND <100, NOT 2", "X is greater than 1 and less than 100, not 2"],
  ["[0,9],[20,29]", "X is between 0 and 9 or between 20 and 29"],
  ["(1, 7)", "X is greater than 1 and less than 7"],
  ["[5, inf)", "X is at least 5"],
  ["(-inf,10]", "X is at most 10"],
  ["NOT [1,5]", "X is not between 1 and 5"],
  ["5 to 10", "X is between 5 and 10"],
  ["NOT NULL", "X is not null"],
  ["NULL", "X is null"],
  ["-3.5", "X is -3.5"],
])("of a number, %s reads: %s", (expression, words) => {
  expect(said("number", expression)).toBe(words);
});

test.each([
  ["12 weeks", "X is in the last 12 weeks"],
  ["last 3 months", "X is in the last 3 months"],
  ["2 complete quarters", "X is in the last 2 complete quarters"],
  ["this week", "X is this week"],
  ["last fiscal quarter", "X is last fiscal quarter"],
  ["next 2 days", "X is in the next 2 days"],
  ["3 days ago", "X is 3 days ago"],
  ["3 months ago for 2 days", "X is in the 2 days from 3 months ago"],
  ["before 2018/01/01", "X is before 1 January 2018"],
  ["after 2018-10-05", "X is on or after 5 October 2018"],
  ["2018-05-10 to 2018-05-18", "X is from 10 May 2018 until before 18 May 2018"],
  ["2018/05/10 for 3 days", "X is in the 3 days from 10 May 2018"],
  ["2018", "X is in the year 2018"],
  ["2018/05", "X is in May 2018"],
  ["2018/05/10", "X is on 10 May 2018"],
  ["2018-Q1", "X is in Q1 2018"],
  ["FY2018-Q2", "X is in FY2018-Q2"],
  ["yesterday", "X is yesterday"],
  ["Monday", "X is Monday"],
  ["7 days ago for 7 days, today", "X is in the last 7 complete days or today"],
  ["28 days ago for 28 days", "X is in the last 28 complete days"],
  ["1 week ago for 1 week", "X is in the last complete week"],
  ["28 days ago for 14 days", "X is in the 14 days from 28 days ago"],
  ["2 weeks ago for 2 days", "X is in the 2 days from 2 weeks ago"],
  ["NOT NULL", "X is not null"],
])("of a date, %s reads: %s", (expression, words) => {
  expect(said("date_date", expression)).toBe(words);
});

test("any value is no filter; what cannot be read is said as it is", () => {
  for (const any of ["", "  ", "any value", "any time", "%"]) expect(said("string", any)).toBeNull();
  expect(said("date_week", "whenever it rains")).toBe("X matches whenever it rains");
  expect(said("number", "about 5")).toBe("X matches about 5");
  expect(said("yesno", "Yes")).toBe("X is Yes");
  expect(said("string", "{{ _user_attributes['region'] }}")).toBe("X matches the user attribute region");
  expect(said(null, "4 weeks")).toBe("X is in the last 4 weeks");
  expect(said(null, "[1,5]")).toBe("X is between 1 and 5");
  expect(said(null, "open")).toBe("X is open");
});

test("a condition over several fields is said as it is written", () => {
  expect(filterSentences({ fields: [], expression: "${a.b} > ${a.c}" }, ENGLISH)).toEqual([
    "Custom filter: ${a.b} > ${a.c}",
  ]);
});

test("of a field that nothing is known of, what a number and a text read differently is said as it is written", () => {
  expect(said(null, "-5")).toBe("X matches -5");
  expect(said(null, "7, -3")).toBe("X matches 7, -3");
  expect(said(null, "2026")).toBe("X is 2026");
  expect(said(null, "a,-b")).toBe("X is a, not b");
  expect(said(null, "7 days")).toBe("X is in the last 7 days");
});

test("a place has commas of its own", () => {
  const place = "10 miles from 36.97, -122.03";
  expect(said("location", place)).toBe(`X matches ${place}`);
});
