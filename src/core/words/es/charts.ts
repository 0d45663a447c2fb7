import type { ChartMark, ChartPhrases, SpotWords } from "../en/charts.ts";
import { numbers } from "./numbers.ts";
import { tables } from "./tables.ts";

const { count } = numbers;

const NAMES: Readonly<Record<ChartMark, string>> = {
  line: "Gráfico de líneas",
  bar: "Gráfico de barras",
  area: "Gráfico de áreas",
  arc: "Gráfico circular",
  point: "Gráfico de dispersión",
};

export const charts: ChartPhrases = {
  head: (mark, y, by) => `${NAMES[mark]} de ${y} por ${by.join(" y ")}`,
  noValues: "sin valores",
  onePoint: (spot) => `1 punto, ${at(spot)}`,
  points: ({ count: all, first, last, lowest, highest }, areWeeks) =>
    `${count(all)} puntos${areWeeks ? ", " : " de "}${first.at} a ${last.at}; primero ${first.value}, último ${last.value}, mínimo ${at(lowest)}, máximo ${at(highest)}`,
  groups: (number, rest) => `${count(number)} series${rest === null ? "" : ` y ${rest}`}`,
  specAlt: (head, each) => (each.length === 0 ? `${head}.` : `${head}. ${each.join(". ")}.`),
  alt: (head, groups, each, more, notes) =>
    [
      `${head}: ${groups === null ? "" : `${groups}. `}${each.join(". ")}${more > 0 ? `; y ${count(more)} más` : ""}.`,
      ...notes,
    ].join(" "),
  others: (number) => `${count(number)} más`,
  series: "series",
  place: "valor",
  ofSpec: (title, rows) => `${title}: un gráfico de ${tables.rowCount(rows)}`,
  ofSeries: (name, words) => `${name}: ${words}`,
  largestDrawn: (drawn, all, what, isByColour) =>
    isByColour
      ? `Los ${drawn} mayores de ${count(all)} (${what}) tienen color propio.`
      : `Se dibujan los ${drawn} mayores de ${count(all)} (${what}).`,
  rowsLost: (lost, all, label) =>
    `${count(lost)} de ${count(all)} filas no tienen en ${label} nada que dibujar.`,
  firstDrawn: (drawn, all) => `Se dibujan los primeros ${drawn} de ${all}.`,
  firstRows: (shown, all) => `El gráfico muestra las primeras ${count(shown)} de ${tables.rowCount(all)}.`,
  unfinished: (name, soFar) => `Aún sin terminar: ${name}, ${soFar}.`,
  soFar: "hasta ahora",

  course: ({ first, last, lowest, highest }) =>
    `primero ${at(first)}, último ${at(last)}, mínimo ${at(lowest)}, máximo ${at(highest)}`,
  range: ({ lowest, highest }) => `mínimo ${at(lowest)}, máximo ${at(highest)}`,
  spot: at,
  inPicture: (more) => `y ${more} en la imagen`,
  share: (name, value, share) => `${name} ${value}${share === null ? "" : `, ${share}`}`,
  shares: (parts, more) => [...parts, ...(more === null ? [] : [more])].join("; "),

  image: (title, rows, lines) =>
    lines.length === 0
      ? `${title}, dibujado por Looker: ${tables.rowCount(rows)}.`
      : `${title}, dibujado por Looker: ${tables.rowCount(rows)}; ${lines.length < rows ? "al principio: " : ""}${lines.join("; ")}.`,
  none: "sin valor",

  notDrawn: "No se ha podido dibujar el gráfico",
  notDrawnByLooker: "Looker no ha podido dibujarlo, así que aquí está su tabla",
  because: (what, why) => `${what}: ${why}.`,
  notWithin: (duration) => `Looker no había terminado tras ${duration}`,
  why: {
    config: "no se puede obtener tal como lo pide el informe",
    auth: "Looker no lo permite",
    not_found: "Looker no lo tiene o no lo muestra a los informes",
    invalid_query: "Looker no acepta la consulta tal como está",
    database: "Looker lo ha intentado sin éxito",
    too_large: "lo que ha enviado Looker es demasiado grande",
    unavailable: "no se ha podido conectar con Looker",
    rate_limited: "Looker recibe demasiadas peticiones en este momento",
    timeout: "ha tardado demasiado",
    cancelled: "se ha cancelado",
    protocol: "no se ha podido leer lo que ha enviado Looker",
    local: "ha fallado la máquina que crea los informes",
  },
};

function at({ value, at: place }: SpotWords): string {
  return `${value} (${place})`;
}
