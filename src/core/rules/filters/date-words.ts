import { monthName } from "../dates/date-value.ts";
import { either } from "./parts.ts";

const UNIT = "(?:second|minute|hour|day|week|month|quarter|year|fiscal quarter|fiscal year)s?";
const DAY = "\\d{4}(?:[-/]\\d{1,2}(?:[-/]\\d{1,2}(?:[ t]\\d{1,2}:\\d{2}(?::\\d{2})?)?)?)?";
const NAMED = "(?:today|yesterday|tomorrow|now|monday|tuesday|wednesday|thursday|friday|saturday|sunday)";
const AGO = `\\d+ ${UNIT} (?:ago|from now)`;
/** A moment, as an end of a range or what something is before. */
const POINT = `(${DAY}|${NAMED}|${AGO}|(?:this|last|next) ${UNIT})`;

const READINGS: readonly (readonly [RegExp, (parts: readonly string[]) => string])[] = [
  [
    new RegExp(`^(?:last )?(\\d+) (complete )?(${UNIT})$`),
    ([n, complete = "", unit]) => `is in the last ${n} ${complete}${unit}`,
  ],
  [new RegExp(`^next (\\d+) (${UNIT})$`), ([n, unit]) => `is in the next ${n} ${unit}`],
  [new RegExp(`^((?:this|last|next) ${UNIT})$`), ([which]) => `is ${which}`],
  [new RegExp(`^((?:this|last) ${UNIT} to ${UNIT})$`), ([which]) => `is ${which}`],
  [new RegExp(`^(${AGO})$`), ([when]) => `is ${when}`],
  // As many as it goes back: up to today, and without it. Looker's pages write "is in the last 7 complete days" so.
  [
    new RegExp(`^(\\d+) (${UNIT}) ago for \\1 \\2$`),
    ([n, unit]) => `is in the last ${n === "1" ? "" : `${n} `}complete ${unit}`,
  ],
  [
    new RegExp(`^${POINT} for (\\d+ ${UNIT})$`),
    ([from = "", span]) => `is in the ${span} from ${point(from)}`,
  ],
  [
    new RegExp(`^${POINT} to ${POINT}$`),
    ([from = "", to = ""]) => `is from ${point(from)} until before ${point(to)}`,
  ],
  [new RegExp(`^before ${POINT}$`), ([when = ""]) => `is before ${point(when)}`],
  // "after" includes the moment itself, as Looker's own words for it say.
  [new RegExp(`^after ${POINT}$`), ([when = ""]) => `is on or after ${point(when)}`],
  [/^(\d{4})[-/]q([1-4])$/, ([year, quarter]) => `is in Q${quarter} ${year}`],
  [
    /^(fy\d{4})(?:[-/](q[1-4]))?$/,
    ([year = "", quarter]) => `is in ${[year, ...(quarter ? [quarter] : [])].join("-").toUpperCase()}`,
  ],
  [/^(\d{4})$/, ([year]) => `is in the year ${year}`],
  [/^(\d{4}[-/]\d{1,2})$/, ([month = ""]) => `is in ${point(month)}`],
  [
    new RegExp(`^(${DAY}|${NAMED})$`),
    ([when = ""]) => (/^\d/.test(when) ? `is on ${point(when)}` : `is ${point(when)}`),
  ],
  [/^null$/, () => "is null"],
  [/^not null$/, () => "is not null"],
];

/** "is in the last 12 weeks", "is from 1 May 2026 until before 1 June 2026"; null for what is not a filter of dates. */
export function dateWords(expression: string): string | null {
  const all = expression.split(/\s*,\s*|\s+or\s+/i).map(oneOf);
  if (all.some((words) => words === null)) return null;
  const words = all.map((one) => one ?? "");
  const [first = "", ...others] = words;
  return others.length === 0 ? first : `is ${either(words.map((one) => one.replace(/^is /, "")))}`;
}

function oneOf(expression: string): string | null {
  const text = expression.trim().toLowerCase().replace(/\s+/g, " ");
  for (const [pattern, words] of READINGS) {
    const parts = pattern.exec(text);
    if (parts !== null) return words(parts.slice(1));
  }
  return null;
}

/** "2026-05-01" as "1 May 2026"; a day's name with its capital; anything else as it is. */
function point(text: string): string {
  const [, year, month, day, time] = /^(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2})(?:[ t](.+))?)?$/.exec(text) ?? [];
  if (year === undefined) return /day$/.test(text) && !/^(to|yester)|\d/.test(text) ? capital(text) : text;
  if (Number(month) < 1 || Number(month) > 12) return text;
  return [
    day === undefined ? "" : `${Number(day)} `,
    `${monthName(Number(month))} ${year}`,
    time === undefined ? "" : ` ${time}`,
  ].join("");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
