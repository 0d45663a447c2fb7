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
  second: ["segundo", "segundos", "m"],
  minute: ["minuto", "minutos", "m"],
  hour: ["hora", "horas", "f"],
  day: ["día", "días", "m"],
  week: ["semana", "semanas", "f"],
  month: ["mes", "meses", "m"],
  quarter: ["trimestre", "trimestres", "m"],
  year: ["año", "años", "m"],
  "fiscal quarter": ["trimestre fiscal", "trimestres fiscales", "m"],
  "fiscal year": ["año fiscal", "años fiscales", "m"],
};
const NAMED: Readonly<Record<string, string>> = {
  today: "hoy",
  yesterday: "ayer",
  tomorrow: "mañana",
  now: "ahora",
  monday: "lunes",
  tuesday: "martes",
  wednesday: "miércoles",
  thursday: "jueves",
  friday: "viernes",
  saturday: "sábado",
  sunday: "domingo",
};
const COMPARED = { ">": "más de", ">=": "al menos", "<": "menos de", "<=": "como máximo" };
const MATCHES = {
  is: "",
  contains: "contiene ",
  starts: "empieza por ",
  ends: "termina en ",
  matches: "coincide con ",
};
const MATCHES_NOT = {
  is: "excepto ",
  contains: "no contiene ",
  starts: "no empieza por ",
  ends: "no termina en ",
  matches: "no coincide con ",
};

export const filters: FilterPhrases = {
  sentence: (label, condition) => `${label}: ${condition}`,
  custom: (expression) => `Filtro personalizado: ${expression}`,
  userAttribute: (name) => `coincide con el atributo de usuario ${name}`,
  written: (expression) => `coincide con ${expression}`,
  nullValue: "null",
  blank: "en blanco",

  date: dateCondition,
  anyDate: (conditions) => either(conditions.map(dateCondition)),
  number: (wanted, unwanted) =>
    [
      ...(wanted.length === 0 ? [] : [either(wanted.map(range))]),
      ...(unwanted.length === 0 ? [] : [`excepto ${either(unwanted.map(range))}`]),
    ].join(", "),
  text(wanted, unwanted) {
    const said = (groups: readonly TextGroup[], words: Readonly<Record<TextGroup[0], string>>) =>
      groups.map(([how, texts]) => `${words[how]}${either(texts)}`);
    const yes = wanted.length === 0 ? [] : [said(wanted, MATCHES).join(" o ")];
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
      return `${which(condition.which, condition.unit)} hasta ${UNITS[condition.to.name][0]}`;
    case "span_from":
      return `${spanWords(condition.span)} desde ${moment(condition.from)}`;
    case "range":
      return `desde ${moment(condition.from)}, antes de ${moment(condition.to)}`;
    case "before":
      return `antes de ${moment(condition.point)}`;
    case "after":
      return `desde ${moment(condition.point)}`;
    case "quarter":
      return `T${condition.quarter} de ${condition.year}`;
    case "fiscal":
      return condition.quarter === null
        ? `ejercicio ${condition.year}`
        : `T${condition.quarter} del ejercicio ${condition.year}`;
    case "year":
      return condition.year;
    case "null":
      return "null";
    case "not_null":
      return "no null";
  }
}

/** "últimas 12 semanas completas", "último día completo" */
function among(side: "last" | "next", { count, unit }: FilterSpan, isComplete: boolean): string {
  const [one, many, gender] = UNITS[unit.name];
  const end = gender === "f" ? "a" : "o";
  const adjective = `${side === "last" ? "últim" : "próxim"}${end}`;
  if (count === null || count === "1") return `${adjective} ${one}${isComplete ? ` complet${end}` : ""}`;
  return `${adjective}s ${count} ${many}${isComplete ? ` complet${end}s` : ""}`;
}

function which(side: "this" | "last" | "next", { name }: FilterUnit): string {
  const [one, , gender] = UNITS[name];
  if (side === "this") return `${gender === "f" ? "esta" : "este"} ${one}`;
  const article = gender === "f" ? "la" : "el";
  return side === "last"
    ? `${article} ${one} ${gender === "f" ? "pasada" : "pasado"}`
    : `${article} ${gender === "f" ? "próxima" : "próximo"} ${one}`;
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
      return `${point.isAhead ? "dentro de" : "hace"} ${spanWords(point.span)}`;
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
      return `entre ${numbers.from} y ${numbers.to}`;
    case "bounds":
      return numbers.all.map(({ sign, number }) => `${COMPARED[sign]} ${number}`).join(" y ");
  }
}
