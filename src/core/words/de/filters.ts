import type { FilterPhrases } from "../en/filters.ts";
import type {
  DateCondition,
  FilterMoment,
  FilterSpan,
  FilterUnit,
  NumberRange,
  TextGroup,
} from "../filters.ts";
import { dates } from "./dates.ts";
import { numbers } from "./numbers.ts";

const { either } = numbers;

type Unit = FilterUnit["name"];

/** Nominative singular, plural, dative plural; gender. */
const UNITS: Readonly<
  Record<Unit, readonly [one: string, many: string, dative: string, gender: "m" | "f" | "n"]>
> = {
  second: ["Sekunde", "Sekunden", "Sekunden", "f"],
  minute: ["Minute", "Minuten", "Minuten", "f"],
  hour: ["Stunde", "Stunden", "Stunden", "f"],
  day: ["Tag", "Tage", "Tagen", "m"],
  week: ["Woche", "Wochen", "Wochen", "f"],
  month: ["Monat", "Monate", "Monaten", "m"],
  quarter: ["Quartal", "Quartale", "Quartalen", "n"],
  year: ["Jahr", "Jahre", "Jahren", "n"],
  "fiscal quarter": ["Geschäftsquartal", "Geschäftsquartale", "Geschäftsquartalen", "n"],
  "fiscal year": ["Geschäftsjahr", "Geschäftsjahre", "Geschäftsjahren", "n"],
};
const ENDINGS = { m: "r", f: "", n: "s" };
const NAMED: Readonly<Record<string, string>> = {
  today: "heute",
  yesterday: "gestern",
  tomorrow: "morgen",
  now: "jetzt",
  monday: "Montag",
  tuesday: "Dienstag",
  wednesday: "Mittwoch",
  thursday: "Donnerstag",
  friday: "Freitag",
  saturday: "Samstag",
  sunday: "Sonntag",
};
const COMPARED = { ">": "größer als", ">=": "mindestens", "<": "kleiner als", "<=": "höchstens" };
const MATCHES = {
  is: "",
  contains: "enthält ",
  starts: "beginnt mit ",
  ends: "endet mit ",
  matches: "entspricht ",
};
const MATCHES_NOT = {
  is: "nicht ",
  contains: "enthält nicht ",
  starts: "beginnt nicht mit ",
  ends: "endet nicht mit ",
  matches: "entspricht nicht ",
};

export const filters: FilterPhrases = {
  sentence: (label, condition) => `${label}: ${condition}`,
  custom: (expression) => `Eigener Filter: ${expression}`,
  userAttribute: (name) => `entspricht dem Benutzerattribut ${name}`,
  written: (expression) => `entspricht ${expression}`,
  nullValue: "null",
  blank: "leer",

  date: dateCondition,
  anyDate: (conditions) => either(conditions.map(dateCondition)),
  number: (wanted, unwanted) =>
    [
      ...(wanted.length === 0 ? [] : [either(wanted.map(range))]),
      ...(unwanted.length === 0 ? [] : [`nicht ${either(unwanted.map(range))}`]),
    ].join(", "),
  text(wanted, unwanted) {
    const said = (groups: readonly TextGroup[], words: Readonly<Record<TextGroup[0], string>>) =>
      groups.map(([how, texts]) => `${words[how]}${either(texts)}`);
    const yes = wanted.length === 0 ? [] : [said(wanted, MATCHES).join(" oder ")];
    return [...yes, ...said(unwanted, MATCHES_NOT)].join(", ");
  },
};

function dateCondition(condition: DateCondition): string {
  switch (condition.kind) {
    case "last":
    case "next":
      return among(condition.kind === "last" ? "letzte" : "nächste", condition.span, condition.isComplete);
    case "at":
      return moment(condition.point);
    case "to_date":
      return `${which(condition.which, condition.unit)} bis ${UNITS[condition.to.name][0]}`;
    case "span_from":
      return `${spanWords(condition.span)} ab ${moment(condition.from)}`;
    case "range":
      return `ab ${moment(condition.from)}, vor ${moment(condition.to)}`;
    case "before":
      return `vor ${moment(condition.point)}`;
    case "after":
      return `ab ${moment(condition.point)}`;
    case "quarter":
      return `${condition.quarter}. Quartal ${condition.year}`;
    case "fiscal":
      return `${condition.quarter === null ? "" : `${condition.quarter}. Quartal, `}Geschäftsjahr ${condition.year}`;
    case "year":
      return condition.year;
    case "null":
      return "null";
    case "not_null":
      return "nicht null";
  }
}

/** "letzte 12 vollständige Wochen", "letzter vollständiger Tag" */
function among(side: string, { count, unit }: FilterSpan, isComplete: boolean): string {
  const [one, many, , gender] = UNITS[unit.name];
  if (count !== null && count !== "1") return `${side} ${count} ${isComplete ? "vollständige " : ""}${many}`;
  const ending = ENDINGS[gender];
  return `${side}${ending} ${isComplete ? `vollständige${ending} ` : ""}${one}`;
}

function which(side: "this" | "last" | "next", { name }: FilterUnit): string {
  const [one, , , gender] = UNITS[name];
  return `${{ this: "diese", last: "letzte", next: "nächste" }[side]}${ENDINGS[gender]} ${one}`;
}

function spanWords({ count, unit }: FilterSpan): string {
  const [one, many] = UNITS[unit.name];
  return count === null || count === "1" ? `1 ${one}` : `${count} ${many}`;
}

function moment(point: FilterMoment): string {
  switch (point.kind) {
    case "date":
      return dates.point(point);
    case "named":
      return NAMED[point.name] ?? point.name;
    case "away": {
      const { count, unit } = point.span;
      const [one, , dative] = UNITS[unit.name];
      const of = count === "1" ? one : dative;
      return point.isAhead ? `in ${count} ${of}` : `vor ${count} ${of}`;
    }
    case "which":
      return which(point.which, point.unit);
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
      return `zwischen ${numbers.from} und ${numbers.to}`;
    case "bounds":
      return numbers.all.map(({ sign, number }) => `${COMPARED[sign]} ${number}`).join(" und ");
  }
}
