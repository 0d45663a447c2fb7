import type { KpiRecord, PeriodCount } from "../../model/show.ts";
import type { Unit } from "../../rules/dates/calendar.ts";
import type { Grain } from "../../rules/dates/date-value.ts";
import type { FigurePhrases, MoveWords } from "../en/figures.ts";
import { numbers } from "./numbers.ts";

const { count } = numbers;

const BEFORE: Readonly<Record<Unit, string>> = {
  day: "am Vortag",
  week: "in der Vorwoche",
  month: "im Vormonat",
  quarter: "im Vorquartal",
  year: "im Vorjahr",
};
const COMPARED: Readonly<Record<Unit, string>> = {
  day: "dem Vortag",
  week: "der Vorwoche",
  month: "dem Vormonat",
  quarter: "dem Vorquartal",
  year: "dem Vorjahr",
};
const ONE: Readonly<Record<Unit, string>> = {
  day: "letzter Tag",
  week: "letzte Woche",
  month: "letzter Monat",
  quarter: "letztes Quartal",
  year: "letztes Jahr",
};
/** Nominative, dative. */
const SEVERAL: Readonly<Record<Unit, readonly [string, string]>> = {
  day: ["Tage", "Tagen"],
  week: ["Wochen", "Wochen"],
  month: ["Monate", "Monaten"],
  quarter: ["Quartale", "Quartalen"],
  year: ["Jahre", "Jahren"],
};
const EARLIER: Readonly<Record<Unit, string>> = {
  day: "einen Tag",
  week: "eine Woche",
  month: "einen Monat",
  quarter: "ein Quartal",
  year: "ein Jahr",
};
const GRAINS: Readonly<Record<Grain, string>> = {
  time: "Uhrzeiten",
  day: "Tage",
  week: "Wochen",
  month: "Monate",
  quarter: "Quartale",
  fiscal_quarter: "Geschäftsquartale",
  year: "Jahre",
  fiscal_year: "Geschäftsjahre",
};
const UNITS: Readonly<Record<string, string>> = {
  days: "Tage",
  miles: "Meilen",
  h: "Std.",
  min: "Min.",
  s: "Sek.",
};
const SIDES = {
  worst: "am schlechtesten",
  best: "am besten",
  highest: "am höchsten",
  lowest: "am niedrigsten",
};
const WORDS = "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(" ");

export const figures: FigurePhrases = {
  caption: "Kennzahlen",
  noValue: "kein Wert",
  same: "unverändert",
  soFar: "bisher",
  direction: { up: "gestiegen um", down: "gesunken um", level: "unverändert" },

  before: (unit) => BEFORE[unit],
  periodCompared: (period, unit) => `${period}, verglichen mit ${COMPARED[unit]}`,
  pastLines: ({ count: periods, unit }: PeriodCount, lines) =>
    `${lines === 1 ? "Linie" : "Linien"}: ${periods === 1 ? ONE[unit] : `die letzten ${inWords(periods)} ${SEVERAL[unit][0]}`}`,

  was: (from, when, verdict) =>
    `${{ better: "besser als", worse: "schlechter als", none: when === "" ? "zuvor" : "nach" }[verdict]} ${from}${when === "" ? "" : ` ${when}`}`,
  wasTheSame: (when) => (when === "" ? "" : `wie ${when}`),
  change({ direction, by, percent }: MoveWords, from, against, verdict) {
    if (direction === "level") return `unverändert gegenüber ${from} ${against}`;
    const moved = `${by}${percent === null ? "" : ` (${percent})`} ${direction === "up" ? "mehr" : "weniger"} als ${from} ${against}`;
    return verdict === "none" ? moved : `${moved}: ${verdict === "better" ? "besser" : "schlechter"}`;
  },
  brief: (value, { direction, by, percent }) =>
    direction === "level"
      ? `${value}, unverändert`
      : `${value}, ${direction === "up" ? "plus" : "minus"} ${by}${percent === null ? "" : ` (${percent})`}`,
  line: (heading, value, change) => `${heading}: ${value}${change === "" ? "" : `. ${change}`}`,
  points: (digits) => `${digits} Punkte`,
  partial: (of, soFar) => `${of}, ${soFar}`,
  ofWhom: (label, whom) => `${label} (${whom})`,
  unit: (unit) => UNITS[unit] ?? unit,

  noEarlierValue: "noch kein früherer Wert",
  noEarlierReport: "noch kein früherer Bericht",
  lastReportOf: (series) =>
    series === "" ? "der letzte Bericht zeigte eine andere Kennzahl" : `der letzte Bericht galt ${series}`,
  inLastReport: (day, time) => `im letzten Bericht, ${day}${time === null ? "" : `, ${time}`}`,
  inRowBefore: "in der Zeile davor",
  noValueWhen: (when) => `kein Wert ${when}`,
  tooCoarse: (grain, unit) => `die Zeitangaben sind ${GRAINS[grain]}, keine liegt ${EARLIER[unit]} früher`,
  lookedForIn: (known, all) =>
    `Diese Kennzahl wurde nur in den ersten ${count(known)} von ${count(all)} Zeilen gesucht.`,
  unreadablePast:
    "Die Vergleichswerte des letzten Laufs waren nicht lesbar: Der Vergleich beginnt mit diesem Lauf neu.",
  pastNotImported: "Frühere Werte konnten diesmal nicht übernommen werden",

  leadJoin: "; ",
  leadEnd: ".",
  inSentence: (label) => label,
  leadMoved: ({ label, value, record }, direction, by) =>
    `${label} um ${by} auf ${value} ${direction === "up" ? "gestiegen" : "gesunken"}${recordWords(record)}`,
  leadUnmoved: ({ label, value, record }) => `${label} unverändert bei ${value}${recordWords(record)}`,
  leads: ({ label, name, value, side, isPlace }) =>
    `${label} ${SIDES[side]} ${isPlace ? "in" : "bei"} ${name}: ${value}`,
  leadAt: ({ label, value, record }) => `${label} bei ${value}${recordWords(record)}`,
  leadSoFar: ({ label, value, record }) => `${label} bisher bei ${value}${recordWords(record)}`,

  sparkline: (past) =>
    `${past.label}, ${past.count} Werte, der erste ${past.first}, der letzte ${past.last}: aktuell ${past.value || "kein Wert"}${past.isPartial ? " bisher" : ""}, Tiefstwert ${past.lowest}, Höchstwert ${past.highest}.`,
};

function inWords(number: number): string {
  return WORDS[number] ?? count(number);
}

function recordWords(record: KpiRecord | undefined): string {
  if (record === undefined) return "";
  const { side, count: periods, unit } = record;
  return `, ${side === "lowest" ? "der niedrigste" : "der höchste"} Wert in ${inWords(periods)} ${SEVERAL[unit][1]}`;
}
