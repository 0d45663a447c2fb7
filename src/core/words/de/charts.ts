import type { ChartMark, ChartPhrases, SpotWords } from "../en/charts.ts";
import { numbers } from "./numbers.ts";
import { tables } from "./tables.ts";

const { count } = numbers;

const NAMES: Readonly<Record<ChartMark, string>> = {
  line: "Liniendiagramm",
  bar: "Balkendiagramm",
  area: "Flächendiagramm",
  arc: "Kreisdiagramm",
  point: "Punktdiagramm",
};

export const charts: ChartPhrases = {
  head: (mark, y, by) => `${NAMES[mark]}: ${y} nach ${by.join(" und ")}`,
  noValues: "keine Werte",
  onePoint: (spot) => `1 Punkt, ${at(spot)}`,
  points: ({ count: all, first, last, lowest, highest }, areWeeks) =>
    `${count(all)} Punkte${areWeeks ? ", " : " von "}${first.at} bis ${last.at}; erster ${first.value}, letzter ${last.value}, niedrigster ${at(lowest)}, höchster ${at(highest)}`,
  groups: (number, rest) => `${count(number)} Reihen${rest === null ? "" : ` und ${rest}`}`,
  specAlt: (head, each) => (each.length === 0 ? `${head}.` : `${head}. ${each.join(". ")}.`),
  alt: (head, groups, each, more, notes) =>
    [
      `${head}: ${groups === null ? "" : `${groups}. `}${each.join(". ")}${more > 0 ? `; und ${count(more)} weitere` : ""}.`,
      ...notes,
    ].join(" "),
  others: (number) => `${count(number)} andere`,
  series: "Reihen",
  place: "Wert",
  ofSpec: (title, rows) => `${title}: ein Diagramm aus ${tables.rowCount(rows)}`,
  ofSeries: (name, words) => `${name}: ${words}`,
  largestDrawn: (drawn, all, what, isByColour) =>
    isByColour
      ? `Die ${drawn} größten von ${count(all)} (${what}) haben eine eigene Farbe.`
      : `Gezeichnet sind die ${drawn} größten von ${count(all)} (${what}).`,
  rowsLost: (lost, all, label) =>
    `${count(lost)} von ${count(all)} Zeilen haben nichts in ${label}, was sich zeichnen ließe.`,
  firstDrawn: (drawn, all) => `Gezeichnet sind die ersten ${drawn} von ${all}.`,
  firstRows: (shown, all) => `Das Diagramm zeigt die ersten ${count(shown)} von ${tables.rowCount(all)}.`,
  unfinished: (name, soFar) => `Noch nicht zu Ende: ${name}, ${soFar}.`,
  soFar: "bisher",

  course: ({ first, last, lowest, highest }) =>
    `erster ${at(first)}, letzter ${at(last)}, niedrigster ${at(lowest)}, höchster ${at(highest)}`,
  range: ({ lowest, highest }) => `niedrigster ${at(lowest)}, höchster ${at(highest)}`,
  spot: at,
  inPicture: (more) => `und ${more} im Bild`,
  share: (name, value, share) => `${name} ${value}${share === null ? "" : `, ${share}`}`,
  shares: (parts, more) => [...parts, ...(more === null ? [] : [more])].join("; "),

  image: (title, rows, lines) =>
    lines.length === 0
      ? `${title}, von Looker gezeichnet: ${tables.rowCount(rows)}.`
      : `${title}, von Looker gezeichnet: ${tables.rowCount(rows)}; ${lines.length < rows ? "die ersten: " : ""}${lines.join("; ")}.`,
  none: "kein Wert",

  notDrawn: "Das Diagramm konnte nicht gezeichnet werden",
  notDrawnByLooker: "Looker konnte dies nicht zeichnen, daher hier die Tabelle",
  because: (what, why) => `${what}: ${why}.`,
  notWithin: (duration) => `Looker war nach ${duration} nicht fertig`,
  why: {
    config: "so, wie der Bericht es verlangt, ist es nicht zu haben",
    auth: "Looker erlaubt es nicht",
    not_found: "Looker kennt es nicht oder gibt es nicht für Berichte frei",
    invalid_query: "Looker nimmt die Abfrage so nicht an",
    database: "Looker hat es versucht, ohne Erfolg",
    too_large: "die Antwort von Looker ist zu groß",
    unavailable: "Looker war nicht erreichbar",
    rate_limited: "Looker wurde gerade zu oft gefragt",
    timeout: "es hat zu lange gedauert",
    cancelled: "es wurde abgebrochen",
    protocol: "die Antwort von Looker war nicht lesbar",
    local: "auf dem Rechner, der die Berichte erstellt, ging etwas schief",
  },
};

function at({ value, at: place }: SpotWords): string {
  return `${value} (${place})`;
}
