import { expect, test } from "vitest";
import {
  evaluate,
  fieldsIn,
  parseExpression,
  toSql,
} from "../../../src/sandbox/warehouse/model/expression.ts";

/** #x stands for a reference to the field a.x. */
const withReferences = (text: string) => text.replace(/#(\w+)/g, (_, name) => `\${a.${name}}`);

const values: Record<string, number | string | null> = { "a.x": 6, "a.y": 4, "a.none": null, "a.text": "6" };

test.each<[string, number | null]>([
  ["#x * 2", 12],
  ["#x - #y - 1", 1],
  ["1 + #x * #y", 25],
  ["(1 + #x) * #y", 28],
  ["#x / #y / 2", 0.75],
  ["-#x + -(2 - 3)", -5],
  ["2 * -3", -6],
  ["#x / (#y - 4)", null],
  ["#none + 1", null],
  ["#text + 1", null],
  ["1.5", 1.5],
])("%s is %s", (text, expected) => {
  const expression = parseExpression(withReferences(text));
  expect(evaluate(expression!, (name) => values[name])).toBe(expected);
});

test.each(["", "1 +", "(1", "1)", "a.x", "#x #y", "* 2", "sum(#x)", "1 2"])("%j is refused", (text) => {
  expect(parseExpression(withReferences(text))).toBeNull();
});

test("names its fields and becomes SQL that divides exactly and never by zero", () => {
  const expression = parseExpression(withReferences("-(#x + 1) / #y"));
  expect(fieldsIn(expression!)).toEqual(["a.x", "a.y"]);
  expect(toSql(expression!, (name) => name.replace(".", "_"))).toBe("(1.0 * (-(a_x + 1)) / NULLIF(a_y, 0))");
});
