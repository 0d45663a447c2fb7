import type {
  DateCondition,
  FilterMoment,
  FilterSpan,
  NumberRange,
  TextGroup,
  TextMatch,
} from "../filters.ts";
import { dates } from "./dates.ts";
import { numbers } from "./numbers.ts";

const { either } = numbers;

export const filters = {
  /** A field's label and its condition. */
  sentence: (label: string, condition: string) => `${label} ${condition}`,
  custom: (expression: string) => `Custom filter: ${expression}`,
  userAttribute: (name: string) => `matches the user attribute ${name}`,
  written: (expression: string) => `matches ${expression}`,
  nullValue: "null",
  blank: "blank",

  /** "is in the last 12 weeks", "is from 1 May 2026 until before 1 June 2026" */
  date: (condition: DateCondition) => `is ${dateCondition(condition)}`,
  /** Of several conditions on one date any may hold. */
  anyDate: (conditions: readonly DateCondition[]) => `is ${either(conditions.map(dateCondition))}`,
  /** "is between 1 and 5, not 3" */
  number(wanted: readonly NumberRange[], unwanted: readonly NumberRange[]): string {
    const yes = wanted.length === 0 ? [] : [`is ${either(wanted.map(range))}`];
    const not = yes.length === 0 ? "is not" : "not";
    return [...yes, ...(unwanted.length === 0 ? [] : [`${not} ${either(unwanted.map(range))}`])].join(", ");
  },
  /** "is complete, not cancelled" */
  text(wanted: readonly TextGroup[], unwanted: readonly TextGroup[]): string {
    const said = (groups: readonly TextGroup[], words: Readonly<Record<TextMatch, string>>) =>
      groups.map(([how, texts]) => `${words[how]} ${either(texts)}`);
    if (wanted.length === 0) return said(unwanted, NEGATIVE).join(" and ");
    const yes = said(wanted, POSITIVE).join(" or ");
    // After "is complete", "not cancelled" says it.
    const isPlain = [...wanted, ...unwanted].every(([how]) => how === "is");
    if (isPlain) return [yes, ...said(unwanted, { ...NEGATIVE, is: "not" })].join(", ");
    return [yes, ...said(unwanted, NEGATIVE).map((words) => `and ${words}`)].join(" ");
  },
};

export type FilterPhrases = typeof filters;

const POSITIVE: Readonly<Record<TextMatch, string>> = {
  is: "is",
  contains: "contains",
  starts: "starts with",
  ends: "ends with",
  matches: "matches",
};
const NEGATIVE: Readonly<Record<TextMatch, string>> = {
  is: "is not",
  contains: "doesn’t contain",
  starts: "doesn’t start with",
  ends: "doesn’t end with",
  matches: "doesn’t match",
};
const COMPARED = { ">": "greater than", ">=": "at least", "<": "less than", "<=": "at most" };

function dateCondition(condition: DateCondition): string {
  switch (condition.kind) {
    case "last":
    case "next":
      return `in the ${condition.kind} ${spanWords(condition.span, condition.isComplete ? "complete " : "")}`;
    case "at":
      return isDay(condition.point)
        ? `on ${moment(condition.point)}`
        : condition.point.kind === "date" || condition.point.kind === "written"
          ? `in ${moment(condition.point)}`
          : moment(condition.point);
    case "to_date":
      return `${condition.which} ${condition.unit.written} to ${condition.to.written}`;
    case "span_from":
      return `in the ${spanWords(condition.span)} from ${moment(condition.from)}`;
    case "range":
      return `from ${moment(condition.from)} until before ${moment(condition.to)}`;
    case "before":
      return `before ${moment(condition.point)}`;
    case "after":
      return `on or after ${moment(condition.point)}`;
    case "quarter":
      return `in Q${condition.quarter} ${condition.year}`;
    case "fiscal":
      return `in FY${condition.year}${condition.quarter === null ? "" : `-Q${condition.quarter}`}`;
    case "year":
      return `in the year ${condition.year}`;
    case "null":
      return "null";
    case "not_null":
      return "not null";
  }
}

function isDay(point: FilterMoment): boolean {
  return (point.kind === "date" && point.day !== null) || (point.kind === "written" && point.hasDay);
}

function spanWords({ count, unit }: FilterSpan, adjective = ""): string {
  return `${count === null ? "" : `${count} `}${adjective}${unit.written}`;
}

function moment(point: FilterMoment): string {
  switch (point.kind) {
    case "date":
      return dates.point(point);
    case "named":
      return /^(?:to|now|yester)/.test(point.name)
        ? point.name
        : point.name.charAt(0).toUpperCase() + point.name.slice(1);
    case "away":
      return `${spanWords(point.span)} ${point.isAhead ? "from now" : "ago"}`;
    case "which":
      return `${point.which} ${point.unit.written}`;
    case "written":
      return point.text;
  }
}

function range(numbers: NumberRange): string {
  switch (numbers.kind) {
    case "null":
      return "null";
    case "one":
      return numbers.number;
    case "between":
      return `between ${numbers.from} and ${numbers.to}`;
    case "bounds":
      return numbers.all.map(({ sign, number }) => `${COMPARED[sign]} ${number}`).join(" and ");
  }
}
