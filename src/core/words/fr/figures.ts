import type { KpiRecord, PeriodCount } from "../../model/show.ts";
import type { Unit } from "../../rules/dates/calendar.ts";
import type { Grain } from "../../rules/dates/date-value.ts";
import type { FigurePhrases } from "../en/figures.ts";
import { lowered } from "../lowered.ts";
import { numbers } from "./numbers.ts";

const { count } = numbers;

const BEFORE: Readonly<Record<Unit, string>> = {
  day: "la veille",
  week: "la semaine précédente",
  month: "le mois précédent",
  quarter: "le trimestre précédent",
  year: "l’année précédente",
};
const COMPARED: Readonly<Record<Unit, string>> = {
  day: "à la veille",
  week: "à la semaine précédente",
  month: "au mois précédent",
  quarter: "au trimestre précédent",
  year: "à l’année précédente",
};
const UNITS: Readonly<Record<Unit, readonly [one: string, many: string]>> = {
  day: ["le dernier jour", "jours"],
  week: ["la dernière semaine", "semaines"],
  month: ["le dernier mois", "mois"],
  quarter: ["le dernier trimestre", "trimestres"],
  year: ["la dernière année", "années"],
};
const EARLIER: Readonly<Record<Unit, string>> = {
  day: "un jour",
  week: "une semaine",
  month: "un mois",
  quarter: "un trimestre",
  year: "un an",
};
const GRAINS: Readonly<Record<Grain, string>> = {
  time: "des heures",
  day: "des jours",
  week: "des semaines",
  month: "des mois",
  quarter: "des trimestres",
  fiscal_quarter: "des trimestres d’exercice",
  year: "des années",
  fiscal_year: "des exercices",
};
const UNIT_WORDS: Readonly<Record<string, string>> = { days: "jours" };
const SIDES = {
  worst: "le moins bon",
  best: "le meilleur",
  highest: "le plus élevé",
  lowest: "le plus bas",
};
const WORDS = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze".split(" ");

export const figures: FigurePhrases = {
  caption: "Chiffres clés",
  noValue: "aucune valeur",
  same: "stable",
  soFar: "en cours",
  direction: { up: "en hausse de", down: "en baisse de", level: "stable" },

  before: (unit) => BEFORE[unit],
  periodCompared: (period, unit) => `${period}, par rapport ${COMPARED[unit]}`,
  pastLines: ({ count: periods, unit }: PeriodCount, lines) =>
    `${lines === 1 ? "Courbe" : "Courbes"}\u00a0: ${last(periods, unit)}`,

  was: (from, when, verdict) =>
    `${{ better: "mieux que", worse: "moins bien que", none: "contre" }[verdict]} ${from}${when === "" ? "" : ` ${when}`}`,
  wasTheSame: (when) => (when === "" ? "" : `comme ${when}`),
  change({ direction, by, percent }, from, against, verdict) {
    if (direction === "level") return `stable par rapport à ${from} ${against}`;
    const moved = `en ${direction === "up" ? "hausse" : "baisse"} de ${by}${percent === null ? "" : ` (${percent})`} par rapport à ${from} ${against}`;
    return verdict === "none" ? moved : `${moved}\u00a0: ${verdict === "better" ? "mieux" : "moins bien"}`;
  },
  brief: (value, { direction, by, percent }) =>
    direction === "level"
      ? `${value}, stable`
      : `${value}, en ${direction === "up" ? "hausse" : "baisse"} de ${by}${percent === null ? "" : ` (${percent})`}`,
  line: (heading, value, change) => `${heading}\u00a0: ${value}${change === "" ? "" : `. ${change}`}`,
  points: (digits) => `${digits} points`,
  partial: (of, soFar) => `${of}, ${soFar}`,
  ofWhom: (label, whom) => `${label} (${whom})`,
  unit: (unit) => UNIT_WORDS[unit] ?? unit,

  noEarlierValue: "pas encore de valeur antérieure",
  noEarlierReport: "pas encore de rapport antérieur",
  lastReportOf: (series) => `le dernier rapport portait sur ${series || "un autre chiffre"}`,
  inLastReport: (day, time) => `dans le dernier rapport, ${day}${time === null ? "" : ` à ${time}`}`,
  inRowBefore: "à la ligne précédente",
  noValueWhen: (when) => `aucune valeur ${when}`,
  tooCoarse: (grain, unit) =>
    `les dates sont ${GRAINS[grain]}\u00a0: aucune n’est antérieure d’${EARLIER[unit]}`,
  lookedForIn: (known, all) =>
    `Ce chiffre n’a été cherché que dans les ${count(known)} premières lignes sur ${count(all)}.`,
  unreadablePast:
    "Les valeurs laissées par la dernière exécution sont illisibles\u00a0: la comparaison repart de celle-ci.",
  pastNotImported: "Les valeurs passées n’ont pas pu être reprises cette fois",

  leadJoin: "\u202f; ",
  leadEnd: ".",
  inSentence: lowered,
  leadMoved: ({ label, value, record }, direction, by) =>
    `${label} en ${direction === "up" ? "hausse" : "baisse"} de ${by}, à ${value}${recordWords(record)}`,
  leadUnmoved: ({ label, value, record }) => `${label} stable à ${value}${recordWords(record)}`,
  leads: ({ label, name, value, side, isPlace }) =>
    `${label} ${SIDES[side]} ${isPlace ? "à" : "pour"} ${name}, à ${value}`,
  leadAt: ({ label, value, record }) => `${label} à ${value}${recordWords(record)}`,
  leadSoFar: ({ label, value, record }) => `${label} à ${value} pour l’instant${recordWords(record)}`,

  sparkline: (past) =>
    `${past.label}, ${past.count} valeurs, la première ${past.first}, la dernière ${past.last}\u00a0: actuellement ${past.value || "aucune"}${past.isPartial ? " (période en cours)" : ""}, minimum ${past.lowest}, maximum ${past.highest}.`,
};

function last(periods: number, unit: Unit): string {
  const [one, many] = UNITS[unit];
  if (periods === 1) return one;
  const feminine = unit === "week" || unit === "year";
  return `les ${inWords(periods)} ${feminine ? "dernières" : "derniers"} ${many}`;
}

function inWords(number: number): string {
  return WORDS[number] ?? count(number);
}

function recordWords(record: KpiRecord | undefined): string {
  if (record === undefined) return "";
  const { side, count: periods, unit } = record;
  return `, au plus ${side === "lowest" ? "bas" : "haut"} en ${inWords(periods)} ${unit === "year" ? "ans" : UNITS[unit][1]}`;
}
