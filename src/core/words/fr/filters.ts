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

const UNITS: Readonly<Record<FilterUnit["name"], readonly [one: string, many: string, gender: "m" | "f"]>> = {
  second: ["seconde", "secondes", "f"],
  minute: ["minute", "minutes", "f"],
  hour: ["heure", "heures", "f"],
  day: ["jour", "jours", "m"],
  week: ["semaine", "semaines", "f"],
  month: ["mois", "mois", "m"],
  quarter: ["trimestre", "trimestres", "m"],
  year: ["année", "années", "f"],
  "fiscal quarter": ["trimestre d’exercice", "trimestres d’exercice", "m"],
  "fiscal year": ["exercice", "exercices", "m"],
};
const NAMED: Readonly<Record<string, string>> = {
  today: "aujourd’hui",
  yesterday: "hier",
  tomorrow: "demain",
  now: "maintenant",
  monday: "lundi",
  tuesday: "mardi",
  wednesday: "mercredi",
  thursday: "jeudi",
  friday: "vendredi",
  saturday: "samedi",
  sunday: "dimanche",
};
const COMPARED = { ">": "plus de", ">=": "au moins", "<": "moins de", "<=": "au plus" };
const MATCHES = {
  is: "",
  contains: "contient ",
  starts: "commence par ",
  ends: "se termine par ",
  matches: "correspond à ",
};
const MATCHES_NOT = {
  is: "sauf ",
  contains: "ne contient pas ",
  starts: "ne commence pas par ",
  ends: "ne se termine pas par ",
  matches: "ne correspond pas à ",
};

export const filters: FilterPhrases = {
  sentence: (label, condition) => `${label}\u00a0: ${condition}`,
  custom: (expression) => `Filtre personnalisé\u00a0: ${expression}`,
  userAttribute: (name) => `correspond à l’attribut utilisateur ${name}`,
  written: (expression) => `correspond à ${expression}`,
  nullValue: "null",
  blank: "vide",

  date: dateCondition,
  anyDate: (conditions) => either(conditions.map(dateCondition)),
  number: (wanted, unwanted) =>
    [
      ...(wanted.length === 0 ? [] : [either(wanted.map(range))]),
      ...(unwanted.length === 0 ? [] : [`sauf ${either(unwanted.map(range))}`]),
    ].join(", "),
  text(wanted, unwanted) {
    const said = (groups: readonly TextGroup[], words: Readonly<Record<TextGroup[0], string>>) =>
      groups.map(([how, texts]) => `${words[how]}${either(texts)}`);
    const yes = wanted.length === 0 ? [] : [said(wanted, MATCHES).join(" ou ")];
    return [...yes, ...said(unwanted, MATCHES_NOT)].join(", ");
  },
};

function dateCondition(condition: DateCondition): string {
  switch (condition.kind) {
    case "last":
    case "next":
      return among(condition.kind, condition.span, condition.isComplete);
    case "at":
      return moment(condition.point);
    case "to_date":
      return `${which(condition.which, condition.unit)} jusqu’à\u00a0: ${UNITS[condition.to.name][0]}`;
    case "span_from":
      return `${spanWords(condition.span)} à partir de\u00a0: ${moment(condition.from)}`;
    case "range":
      return `à partir de\u00a0: ${moment(condition.from)}, avant\u00a0: ${moment(condition.to)}`;
    case "before":
      return `avant\u00a0: ${moment(condition.point)}`;
    case "after":
      return `à partir de\u00a0: ${moment(condition.point)}`;
    case "quarter":
      return `T${condition.quarter} ${condition.year}`;
    case "fiscal":
      return condition.quarter === null
        ? `exercice ${condition.year}`
        : `T${condition.quarter} de l’exercice ${condition.year}`;
    case "year":
      return condition.year;
    case "null":
      return "null";
    case "not_null":
      return "non null";
  }
}

/** "les 12 dernières semaines complètes", "le dernier jour complet" */
function among(side: "last" | "next", { count, unit }: FilterSpan, isComplete: boolean): string {
  const [one, many, gender] = UNITS[unit.name];
  const isOne = count === null || count === "1";
  const adjective = adjectiveOf(side, gender);
  const complete = isComplete ? ` ${gender === "f" ? "complète" : "complet"}${isOne ? "" : "s"}` : "";
  if (isOne) return `${gender === "f" ? "la" : "le"} ${adjective} ${one}${complete}`;
  return `les ${count} ${adjective}s ${many}${complete}`;
}

function adjectiveOf(side: "last" | "next", gender: "m" | "f"): string {
  if (side === "last") return gender === "f" ? "dernière" : "dernier";
  return gender === "f" ? "prochaine" : "prochain";
}

function which(side: "this" | "last" | "next", { name }: FilterUnit): string {
  const [one, , gender] = UNITS[name];
  if (side === "this") return `${gender === "f" ? "cette" : /^[aeiouhé]/.test(one) ? "cet" : "ce"} ${one}`;
  return `${gender === "f" ? "la" : "le"} ${adjectiveOf(side, gender)} ${one}`;
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
    case "away":
      return `${point.isAhead ? "dans" : "il y a"} ${spanWords(point.span)}`;
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
      return `entre ${numbers.from} et ${numbers.to}`;
    case "bounds":
      return numbers.all.map(({ sign, number }) => `${COMPARED[sign]} ${number}`).join(" et ");
  }
}
