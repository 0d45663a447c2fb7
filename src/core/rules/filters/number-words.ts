import type { NumberBound, NumberRange } from "../../words/filters.ts";
import type { Phrases } from "../../words/phrases.ts";
import { atCommas } from "./parts.ts";

const NUMBER = "-?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:e[+-]?\\d+)?";

/** "is between 1 and 5", "is not 0"; null for what is not made of numbers. */
export function numberFilterWords(expression: string, { filters }: Phrases): string | null {
  const wanted: NumberRange[] = [];
  const unwanted: NumberRange[] = [];
  // "NOT 66, 99, 4": the word counts for all plain numbers after it.
  let isNegative = false;
  for (const item of atCommas(expression).flatMap((one) => one.split(/\s+or\s+/i))) {
    const [, not, rest = ""] = /^(not\s+|not(?=[[(])|<>|!=)?\s*(.*)$/is.exec(item) ?? [];
    const isPlain = new RegExp(`^${NUMBER}$`, "i").test(rest);
    isNegative = not !== undefined || (isNegative && isPlain);
    const range = rangeOf(rest.trim());
    if (range === null) return null;
    (isNegative ? unwanted : wanted).push(range);
  }
  return wanted.length + unwanted.length === 0 ? null : filters.number(wanted, unwanted);
}

function rangeOf(text: string): NumberRange | null {
  if (/^null$/i.test(text)) return { kind: "null" };
  if (new RegExp(`^${NUMBER}$`, "i").test(text)) return { kind: "one", number: text };
  const [, from, to] = new RegExp(`^(${NUMBER})\\s+to\\s+(${NUMBER})$`, "i").exec(text) ?? [];
  if (from !== undefined && to !== undefined) return { kind: "between", from, to };
  return interval(text) ?? compared(text);
}

/** "[1, 5)": a round bracket leaves its end out. */
function interval(text: string): NumberRange | null {
  const ends = new RegExp(`^([[(])\\s*(${NUMBER}|-?inf)?\\s*,\\s*(${NUMBER}|inf)?\\s*([\\])])$`, "i").exec(
    text,
  );
  if (ends === null) return null;
  const [, open, from = "-inf", to = "inf", close] = ends;
  const isFrom = !/^-?inf$/i.test(from);
  const isTo = !/^inf$/i.test(to);
  if (isFrom && isTo && open === "[" && close === "]") return { kind: "between", from, to };
  const all: NumberBound[] = [
    ...(isFrom ? [{ sign: open === "[" ? (">=" as const) : (">" as const), number: from }] : []),
    ...(isTo ? [{ sign: close === "]" ? ("<=" as const) : ("<" as const), number: to }] : []),
  ];
  return all.length === 0 ? null : { kind: "bounds", all };
}

/** ">= 5.5 AND <= 10" */
function compared(text: string): NumberRange | null {
  const all = text.split(/\s+and\s+/i).flatMap((part): NumberBound[] => {
    const [, sign = "", number = ""] =
      new RegExp(`^(>=|<=|>|<)\\s*(${NUMBER})$`, "i").exec(part.trim()) ?? [];
    return sign === "" ? [] : [{ sign: sign as NumberBound["sign"], number }];
  });
  const [first, second] = all;
  if (first === undefined || all.length < text.split(/\s+and\s+/i).length || all.length > 2) return null;
  if (second !== undefined && first.sign === ">=" && second.sign === "<=")
    return { kind: "between", from: first.number, to: second.number };
  return { kind: "bounds", all };
}
