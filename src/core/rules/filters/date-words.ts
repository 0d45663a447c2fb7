import type {
  DateCondition,
  FilterMoment,
  FilterSpan,
  FilterUnit,
  NamedMoment,
} from "../../words/filters.ts";
import type { Phrases } from "../../words/phrases.ts";

const UNIT = "(?:second|minute|hour|day|week|month|quarter|year|fiscal quarter|fiscal year)s?";
const DAY = "\\d{4}(?:[-/]\\d{1,2}(?:[-/]\\d{1,2}(?:[ t]\\d{1,2}:\\d{2}(?::\\d{2})?)?)?)?";
const NAMED = "(?:today|yesterday|tomorrow|now|monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
const AGO = `\\d+ ${UNIT} (?:ago|from now)`;
/** A moment, as an end of a range or what something is before. */
const POINT = `(${DAY}|${NAMED}|${AGO}|(?:this|last|next) ${UNIT})`;

type Reading = (parts: readonly string[]) => DateCondition;

const READINGS: readonly (readonly [RegExp, Reading])[] = [
  [
    new RegExp(`^(?:last )?(\\d+) (complete )?(${UNIT})$`),
    ([n = "", complete, unit = ""]) => ({
      kind: "last",
      span: span(n, unit),
      isComplete: complete !== undefined,
    }),
  ],
  [
    new RegExp(`^next (\\d+) (${UNIT})$`),
    ([n = "", unit = ""]) => ({ kind: "next", span: span(n, unit), isComplete: false }),
  ],
  [new RegExp(`^((?:this|last|next) ${UNIT})$`), at],
  [
    new RegExp(`^(this|last) (${UNIT}) to (${UNIT})$`),
    ([which = "", unit = "", to = ""]) => ({
      kind: "to_date",
      which: which === "last" ? "last" : "this",
      unit: unitOf(unit),
      to: unitOf(to),
    }),
  ],
  [new RegExp(`^(${AGO})$`), at],
  // As many as it goes back: up to today, and without it. Looker's pages write "is in the last 7 complete days" so.
  [
    new RegExp(`^(\\d+) (${UNIT}) ago for \\1 \\2$`),
    ([n = "", unit = ""]) => ({
      kind: "last",
      span: { count: n === "1" ? null : n, unit: unitOf(unit) },
      isComplete: true,
    }),
  ],
  [
    new RegExp(`^${POINT} for (\\d+) (${UNIT})$`),
    ([from = "", n = "", unit = ""]) => ({ kind: "span_from", span: span(n, unit), from: moment(from) }),
  ],
  [
    new RegExp(`^${POINT} to ${POINT}$`),
    ([from = "", to = ""]) => ({ kind: "range", from: moment(from), to: moment(to) }),
  ],
  [
    new RegExp(`^(before|after) ${POINT}$`),
    ([side, when = ""]) => ({ kind: side === "before" ? "before" : "after", point: moment(when) }),
  ],
  [/^(\d{4})[-/]q([1-4])$/, ([year = "", quarter = ""]) => ({ kind: "quarter", year, quarter })],
  [
    /^fy(\d{4})(?:[-/]q([1-4]))?$/,
    ([year = "", quarter]) => ({ kind: "fiscal", year, quarter: quarter ?? null }),
  ],
  [/^(\d{4})$/, ([year = ""]) => ({ kind: "year", year })],
  [new RegExp(`^(${DAY}|${NAMED})$`), at],
  [/^null$/, () => ({ kind: "null" })],
  [/^not null$/, () => ({ kind: "not_null" })],
];

/** "is in the last 12 weeks", "is from 1 May 2026 until before 1 June 2026"; null for what is not a filter of dates. */
export function dateFilterWords(expression: string, { filters }: Phrases): string | null {
  const all = expression.split(/\s*,\s*|\s+or\s+/i).map(conditionOf);
  const known = all.filter((one) => one !== null);
  if (known.length < all.length) return null;
  const [first, ...others] = known;
  if (first === undefined) return null;
  return others.length === 0 ? filters.date(first) : filters.anyDate(known);
}

function conditionOf(expression: string): DateCondition | null {
  const text = expression.trim().toLowerCase().replace(/\s+/g, " ");
  for (const [pattern, read] of READINGS) {
    const parts = pattern.exec(text);
    if (parts !== null) return read(parts.slice(1));
  }
  return null;
}

function at([when = ""]: readonly string[]): DateCondition {
  return { kind: "at", point: moment(when) };
}

function span(count: string, unit: string): FilterSpan {
  return { count, unit: unitOf(unit) };
}

function unitOf(written: string): FilterUnit {
  return { name: written.replace(/s$/, "") as FilterUnit["name"], written };
}

function moment(text: string): FilterMoment {
  const [, year, month, day, time] = /^(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2})(?:[ t](.+))?)?$/.exec(text) ?? [];
  if (year !== undefined && Number(month) >= 1 && Number(month) <= 12)
    return {
      kind: "date",
      year: Number(year),
      month: Number(month),
      day: day === undefined ? null : Number(day),
      time: time ?? null,
    };
  const [, count = "", unit = "", side] = /^(\d+) (.+) (ago|from now)$/.exec(text) ?? [];
  if (side !== undefined) return { kind: "away", span: span(count, unit), isAhead: side !== "ago" };
  const [, which, of = ""] = /^(this|last|next) (.+)$/.exec(text) ?? [];
  if (which === "this" || which === "last" || which === "next")
    return { kind: "which", which, unit: unitOf(of) };
  if (/^\d/.test(text)) return { kind: "written", text, hasDay: day !== undefined };
  return { kind: "named", name: text as NamedMoment };
}
