import { atCommas, either } from "./parts.ts";

const NUMBER = "-?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:e[+-]?\\d+)?";
const COMPARED: Readonly<Record<string, string>> = {
  ">": "greater than",
  ">=": "at least",
  "<": "less than",
  "<=": "at most",
};

/** "is between 1 and 5", "is not 0"; null for what is not made of numbers. */
export function numberWords(expression: string): string | null {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  // "NOT 66, 99, 4": the word counts for all plain numbers after it.
  let isNegative = false;
  for (const item of atCommas(expression).flatMap((one) => one.split(/\s+or\s+/i))) {
    const [, not, rest = ""] = /^(not\s+|not(?=[[(])|<>|!=)?\s*(.*)$/is.exec(item) ?? [];
    const isPlain = new RegExp(`^${NUMBER}$`, "i").test(rest);
    isNegative = not !== undefined || (isNegative && isPlain);
    const words = one(rest.trim());
    if (words === null) return null;
    (isNegative ? unwanted : wanted).push(words);
  }
  if (wanted.length + unwanted.length === 0) return null;
  const yes = wanted.length === 0 ? [] : [`is ${either(wanted)}`];
  const no = unwanted.length === 0 ? [] : [`${yes.length === 0 ? "is not" : "not"} ${either(unwanted)}`];
  return [...yes, ...no].join(", ");
}

function one(text: string): string | null {
  if (/^null$/i.test(text)) return "null";
  if (new RegExp(`^${NUMBER}$`, "i").test(text)) return text;
  const range = new RegExp(`^(${NUMBER})\\s+to\\s+(${NUMBER})$`, "i").exec(text);
  if (range !== null) return `between ${range[1]} and ${range[2]}`;
  return interval(text) ?? compared(text);
}

/** "[1, 5)": a round bracket leaves its end out. */
function interval(text: string): string | null {
  const ends = new RegExp(`^([[(])\\s*(${NUMBER}|-?inf)?\\s*,\\s*(${NUMBER}|inf)?\\s*([\\])])$`, "i").exec(
    text,
  );
  if (ends === null) return null;
  const [, open, from = "-inf", to = "inf", close] = ends;
  const isFrom = !/^-?inf$/i.test(from);
  const isTo = !/^inf$/i.test(to);
  if (isFrom && isTo && open === "[" && close === "]") return `between ${from} and ${to}`;
  const least = isFrom ? [`${open === "[" ? "at least" : "greater than"} ${from}`] : [];
  const most = isTo ? [`${close === "]" ? "at most" : "less than"} ${to}`] : [];
  return least.length + most.length === 0 ? null : [...least, ...most].join(" and ");
}

/** ">= 5.5 AND <= 10" */
function compared(text: string): string | null {
  const parts = text.split(/\s+and\s+/i).map((part) => {
    const [, sign = "", number = ""] =
      new RegExp(`^(>=|<=|>|<)\\s*(${NUMBER})$`, "i").exec(part.trim()) ?? [];
    return sign === "" ? null : { sign, number };
  });
  const [first, second] = parts;
  if (parts.some((part) => part === null) || first == null || parts.length > 2) return null;
  if (second != null && first.sign === ">=" && second.sign === "<=")
    return `between ${first.number} and ${second.number}`;
  return parts.map((part) => `${COMPARED[part?.sign ?? ""]} ${part?.number}`).join(" and ");
}
