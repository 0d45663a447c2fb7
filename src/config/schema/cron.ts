import cron from "node-cron";
import type { Problem } from "../../core/model/problem.ts";
import { nearest } from "../../core/rules/nearest.ts";

interface Field {
  readonly name: string;
  readonly allowed: string;
  readonly span: number;
  readonly names: readonly string[];
}

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const FIELDS: Readonly<Record<string, Field>> = {
  minute: { name: "minute", allowed: "0-59", span: 60, names: [] },
  hour: { name: "hour", allowed: "0-23", span: 24, names: [] },
  dayOfMonth: { name: "day of the month", allowed: "1-31", span: 31, names: [] },
  month: { name: "month", allowed: "1-12 or jan-dec", span: 12, names: short(MONTHS) },
  dayOfWeek: {
    name: "day of the week",
    allowed: "0-7 (0 and 7 are Sunday) or mon-sun",
    span: 7,
    names: short(DAYS),
  },
};
const ORDER = Object.keys(FIELDS);
const MACROS: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * sun",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};
const FORM =
  'Write five fields, as in "0 8 * * mon": minute, hour, day of the month, month, day of the week.';

const checked = new Map<string, { readonly cron: string } | Problem>();

/** A crontab with one blank between its five fields, or what is wrong with it: which field, and what that may hold. */
export function parseCron(text: string): { readonly cron: string } | Problem {
  const known = checked.get(text);
  if (known) return known;
  const result = check(text);
  checked.set(text, result);
  return result;
}

function check(text: string): { readonly cron: string } | Problem {
  const trimmed = text.trim();
  if (trimmed.startsWith("@")) return macro(trimmed);
  const parts = trimmed.split(/\s+/);
  const misCounted = wrongCount(trimmed, parts);
  if (misCounted) return misCounted;
  const pattern = parts.join(" ");
  const { errors } = cron.validateDetailed(pattern);
  const ofFields = errors.map((error) => fieldProblem(error.field, error.value ?? "", error.message, parts));
  const steps = errors.length === 0 ? parts.flatMap(stepProblem) : [];
  const [first, ...others] = [...ofFields, ...steps];
  if (!first) return { cron: pattern };
  const all = [first, ...others];
  const form = all.some(({ advice }) => advice?.includes(" may hold "))
    ? " Lists (1,2), ranges (1-5), steps (*/5) and * are fine too."
    : "";
  return {
    message: all.map(({ message }) => message).join("; "),
    advice: all.map(({ advice }) => advice).join(" ") + form,
  };
}

function macro(word: string): Problem {
  const crontab = MACROS[word.toLowerCase()];
  const near = nearest(word, Object.keys(MACROS), 1)[0];
  const written = crontab ?? (near === undefined ? undefined : MACROS[near]);
  return {
    message: `"${word}" is not a crontab: words that start with @ are not supported`,
    advice:
      written === undefined
        ? FORM
        : `Write "${written}"${word === "@daily" ? ', or "0 8 * * *" for 8:00' : ""}.`,
  };
}

function wrongCount(text: string, parts: readonly string[]): Problem | null {
  if (text === "") return { message: "the crontab is empty", advice: FORM };
  if (parts.length === 6) {
    const rest = parts.slice(1).join(" ");
    return {
      message: "the crontab has 6 fields; seconds are not supported",
      advice: `Leave the first field out: "${rest}".`,
    };
  }
  if (parts.length === 5) return null;
  const fields = parts.length === 1 ? "1 field" : `${parts.length} fields`;
  return { message: `the crontab has ${fields} instead of 5`, advice: FORM };
}

function fieldProblem(key: string, value: string, words: string, parts: readonly string[]): Problem {
  const field = FIELDS[key];
  if (!field) return illegal(parts);
  if (words.includes("impossible"))
    return {
      message: `day ${value} never comes in month ${parts[3]}${/^[*?]/.test(parts[4] ?? "*") ? ": the report would never run" : ""}`,
      advice: "Choose a day that the month has; L is the last day of the month.",
    };
  return {
    message: `"${value}" is not valid for the ${field.name}`,
    advice: `${repair(value, field)}The ${field.name} may hold ${field.allowed}.`,
  };
}

/** node-cron names no field when a character fits in none. */
function illegal(parts: readonly string[]): Problem {
  const index = parts.findIndex((part) => !/^[\w*/,#?-]+$/.test(part));
  const field = FIELDS[ORDER[index] ?? ""];
  return field
    ? {
        message: `"${parts[index]}" is not valid for the ${field.name}`,
        advice: `The ${field.name} may hold ${field.allowed}.`,
      }
    : { message: "this is not a crontab", advice: FORM };
}

function repair(value: string, field: Field): string {
  const stepped = /^\d+\/(\d+)$/.exec(value);
  if (stepped && Number(stepped[1]) > 0) return `Did you mean "*/${stepped[1]}"? `;
  for (const word of value.match(/[a-z]{2,}/gi) ?? []) {
    const near = field.names.includes(word.toLowerCase()) ? undefined : nearest(word, field.names, 1)[0];
    if (near !== undefined) return `Did you mean "${near}"? `;
  }
  return "";
}

/** A step beyond the field's span is valid, and never taken. */
function stepProblem(part: string, index: number): Problem[] {
  const field = FIELDS[ORDER[index] ?? ""];
  const step = Number(/\/(\d+)$/.exec(part)?.[1] ?? 1);
  if (!field || step < field.span) return [];
  return [
    {
      message: `"${part}" steps beyond the ${field.name}`,
      advice: `The ${field.name} has ${field.span} values; its step is at most ${field.span - 1}.`,
    },
  ];
}

function short(names: readonly string[]): readonly string[] {
  return [...names.map((name) => name.slice(0, 3)), ...names];
}
