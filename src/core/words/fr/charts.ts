import type { ChartMark, ChartPhrases, SpotWords } from "../en/charts.ts";
import { numbers } from "./numbers.ts";
import { tables } from "./tables.ts";

const { count } = numbers;

const NAMES: Readonly<Record<ChartMark, string>> = {
  line: "Graphique en courbes",
  bar: "Graphique en barres",
  area: "Graphique en aires",
  arc: "Graphique en secteurs",
  point: "Nuage de points",
};

export const charts: ChartPhrases = {
  head: (mark, y, by) => `${NAMES[mark]}, ${y} par ${by.join(" et ")}`,
  noValues: "aucune valeur",
  onePoint: (spot) => `1 point, ${at(spot)}`,
  points: ({ count: all, first, last, lowest, highest }, areWeeks) =>
    `${count(all)} points${areWeeks ? ", " : " de "}${first.at} à ${last.at}\u202f; premier ${first.value}, dernier ${last.value}, minimum ${at(lowest)}, maximum ${at(highest)}`,
  groups: (number, rest) => `${count(number)} séries${rest === null ? "" : ` et ${rest}`}`,
  specAlt: (head, each) => (each.length === 0 ? `${head}.` : `${head}. ${each.join(". ")}.`),
  alt: (head, groups, each, more, notes) =>
    [
      `${head}\u00a0: ${groups === null ? "" : `${groups}. `}${each.join(". ")}${more > 0 ? `\u202f; et ${count(more)} de plus` : ""}.`,
      ...notes,
    ].join(" "),
  others: (number) => `${count(number)} autres`,
  series: "séries",
  place: "valeur",
  ofSpec: (title, rows) => `${title}\u00a0: un graphique de ${tables.rowCount(rows)}`,
  ofSeries: (name, words) => `${name}\u00a0: ${words}`,
  largestDrawn: (drawn, all, what, isByColour) =>
    isByColour
      ? `Les ${drawn} plus grands sur ${count(all)} (${what}) ont une couleur propre.`
      : `Les ${drawn} plus grands sur ${count(all)} (${what}) sont tracés.`,
  rowsLost: (lost, all, label) =>
    `${count(lost)} lignes sur ${count(all)} n’ont rien à tracer dans ${label}.`,
  firstDrawn: (drawn, all) => `Les ${drawn} premières sur ${all} sont tracées.`,
  firstRows: (shown, all) => `Le graphique montre les ${count(shown)} premières lignes sur ${count(all)}.`,
  unfinished: (name, soFar) => `Pas encore terminé\u00a0: ${name}, ${soFar}.`,
  soFar: "en cours",

  course: ({ first, last, lowest, highest }) =>
    `premier ${at(first)}, dernier ${at(last)}, minimum ${at(lowest)}, maximum ${at(highest)}`,
  range: ({ lowest, highest }) => `minimum ${at(lowest)}, maximum ${at(highest)}`,
  spot: at,
  inPicture: (more) => `et ${more} dans l’image`,
  share: (name, value, share) => `${name} ${value}${share === null ? "" : `, ${share}`}`,
  shares: (parts, more) => [...parts, ...(more === null ? [] : [more])].join("\u202f; "),

  image: (title, rows, lines) =>
    lines.length === 0
      ? `${title}, tracé par Looker\u00a0: ${tables.rowCount(rows)}.`
      : `${title}, tracé par Looker\u00a0: ${tables.rowCount(rows)}\u202f; ${lines.length < rows ? "au début\u00a0: " : ""}${lines.join("\u202f; ")}.`,
  none: "aucune valeur",

  notDrawn: "Le graphique n’a pas pu être tracé",
  notDrawnByLooker: "Looker n’a pas pu le tracer, voici donc son tableau",
  because: (what, why) => `${what}\u00a0: ${why}.`,
  notWithin: (duration) => `Looker n’avait pas terminé après ${duration}`,
  why: {
    config: "il est impossible de l’obtenir tel que le rapport le demande",
    auth: "Looker ne l’autorise pas",
    not_found: "Looker ne l’a pas, ou ne le montre pas aux rapports",
    invalid_query: "Looker n’accepte pas la requête telle quelle",
    database: "Looker a essayé, sans succès",
    too_large: "ce que Looker a envoyé est trop volumineux",
    unavailable: "Looker n’a pas pu être joint",
    rate_limited: "Looker est trop sollicité en ce moment",
    timeout: "cela a pris trop de temps",
    cancelled: "l’opération a été annulée",
    protocol: "ce que Looker a envoyé est illisible",
    local: "la machine qui crée les rapports n’y est pas parvenue",
  },
};

function at({ value, at: place }: SpotWords): string {
  return `${value} (${place})`;
}
