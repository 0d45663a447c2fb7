import type { KpiRecord, PeriodCount } from "../../model/show.ts";
import type { Unit } from "../../rules/dates/calendar.ts";
import type { Grain } from "../../rules/dates/date-value.ts";
import type { FigurePhrases } from "../en/figures.ts";
import { lowered } from "../lowered.ts";
import { numbers } from "./numbers.ts";

const { count } = numbers;

const BEFORE: Readonly<Record<Unit, string>> = {
  day: "el día anterior",
  week: "la semana anterior",
  month: "el mes anterior",
  quarter: "el trimestre anterior",
  year: "el año anterior",
};
const UNITS: Readonly<Record<Unit, readonly [one: string, many: string, last: string]>> = {
  day: ["el último día", "días", "últimos"],
  week: ["la última semana", "semanas", "últimas"],
  month: ["el último mes", "meses", "últimos"],
  quarter: ["el último trimestre", "trimestres", "últimos"],
  year: ["el último año", "años", "últimos"],
};
const EARLIER: Readonly<Record<Unit, string>> = {
  day: "un día",
  week: "una semana",
  month: "un mes",
  quarter: "un trimestre",
  year: "un año",
};
const GRAINS: Readonly<Record<Grain, string>> = {
  time: "horas",
  day: "días",
  week: "semanas",
  month: "meses",
  quarter: "trimestres",
  fiscal_quarter: "trimestres del ejercicio",
  year: "años",
  fiscal_year: "ejercicios",
};
const UNIT_WORDS: Readonly<Record<string, string>> = { days: "días", miles: "millas" };
const SIDES = {
  worst: "peor valor",
  best: "mejor valor",
  highest: "valor más alto",
  lowest: "valor más bajo",
};
const WORDS = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce".split(" ");

export const figures: FigurePhrases = {
  caption: "Cifras clave",
  noValue: "sin valor",
  same: "sin cambios",
  soFar: "hasta ahora",
  direction: { up: "sube", down: "baja", level: "sin cambios" },

  before: (unit) => BEFORE[unit],
  periodCompared: (period, unit) => `${period}, en comparación con ${BEFORE[unit]}`,
  pastLines: ({ count: periods, unit }: PeriodCount, lines) =>
    `${lines === 1 ? "Línea" : "Líneas"}: ${last(periods, unit)}`,

  was: (from, when, verdict) =>
    `${{ better: "mejor que", worse: "peor que", none: "frente a" }[verdict]} ${from}${when === "" ? "" : ` ${when}`}`,
  wasTheSame: (when) => (when === "" ? "" : `como ${when}`),
  change({ direction, by, percent }, from, against, verdict) {
    if (direction === "level") return `sin cambios frente a ${from} ${against}`;
    const moved = `${by}${percent === null ? "" : ` (${percent})`} ${direction === "up" ? "más" : "menos"} que ${from} ${against}`;
    return verdict === "none" ? moved : `${moved}: ${verdict === "better" ? "mejor" : "peor"}`;
  },
  brief: (value, { direction, by, percent }) =>
    direction === "level"
      ? `${value}, sin cambios`
      : `${value}, ${by}${percent === null ? "" : ` (${percent})`} ${direction === "up" ? "más" : "menos"}`,
  line: (heading, value, change) => `${heading}: ${value}${change === "" ? "" : `. ${change}`}`,
  points: (digits) => `${digits} puntos`,
  partial: (of, soFar) => `${of}, ${soFar}`,
  ofWhom: (label, whom) => `${label} (${whom})`,
  unit: (unit) => UNIT_WORDS[unit] ?? unit,

  noEarlierValue: "aún no hay un valor anterior",
  noEarlierReport: "aún no hay un informe anterior",
  lastReportOf: (series) => `el último informe era de ${series || "otra cifra"}`,
  inLastReport: (day, time) => `en el último informe, ${day}${time === null ? "" : `, ${time}`}`,
  inRowBefore: "en la fila anterior",
  noValueWhen: (when) => `sin valor ${when}`,
  tooCoarse: (grain, unit) => `las fechas son ${GRAINS[grain]}: ninguna es de ${EARLIER[unit]} antes`,
  lookedForIn: (known, all) =>
    `Esta cifra solo se ha buscado en las primeras ${count(known)} de ${count(all)} filas.`,
  unreadablePast:
    "No se han podido leer los valores de la última ejecución: la comparación empieza de nuevo con esta.",
  pastNotImported: "Esta vez no se han podido importar los valores anteriores",

  leadJoin: "; ",
  leadEnd: ".",
  inSentence: lowered,
  leadMoved: ({ label, value, record, isFirst }, direction, by) => {
    const move = direction === "up" ? "subida" : "bajada";
    const article = /^\d[\d.,\u00a0\u202f]*\s?%$/.test(by) ? "del" : "de";
    return `${isFirst ? capitalised(move) : move} ${article} ${by} en ${label}, hasta ${value}${recordWords(record)}`;
  },
  leadUnmoved: ({ label, value, record }) => `${label} sin cambios en ${value}${recordWords(record)}`,
  leads: ({ label, name, value, side, isPlace, isFirst }) =>
    `${isFirst ? "El" : "el"} ${SIDES[side]} de ${label}, ${isPlace ? "en" : "el de"} ${name}: ${value}`,
  leadAt: ({ label, value, record }) => `${label}: ${value}${recordWords(record)}`,
  leadSoFar: ({ label, value, record }) => `${label}: ${value} hasta ahora${recordWords(record)}`,

  sparkline: (past) =>
    `${past.label}, ${past.count} valores, el primero ${past.first}, el último ${past.last}: ahora ${past.value || "sin valor"}${past.isPartial ? " hasta ahora" : ""}, mínimo ${past.lowest}, máximo ${past.highest}.`,
};

function last(periods: number, unit: Unit): string {
  const [one, many, adjective] = UNITS[unit];
  if (periods === 1) return one;
  return `${adjective === "últimas" ? "las" : "los"} ${adjective} ${inWords(periods)} ${many}`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function inWords(number: number): string {
  return WORDS[number] ?? count(number);
}

function recordWords(record: KpiRecord | undefined): string {
  if (record === undefined) return "";
  const { side, count: periods, unit } = record;
  return `, el valor más ${side === "lowest" ? "bajo" : "alto"} en ${inWords(periods)} ${UNITS[unit][1]}`;
}
