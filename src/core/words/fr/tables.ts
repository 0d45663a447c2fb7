import type { ChangeCounts, TablePhrases } from "../en/tables.ts";
import { lowered } from "../lowered.ts";
import { numbers } from "./numbers.ts";

const { count, listed } = numbers;

export const tables: TablePhrases = {
  rows({ shown, all, isExact, noun }) {
    const whole = noun === null || all === 1 ? rowCount(all) : `${count(all)} ${noun}`;
    const first = noun === null ? `les ${count(all)} premières lignes` : `les ${whole} en tête`;
    if (isExact) return shown < all ? `${count(shown)} sur ${whole}` : whole;
    return shown < all ? `${count(shown)} sur ${first}` : first;
  },
  rowCount,
  noRows: "aucune ligne",
  notShownHere: (rows) => `${rows}, non affiché ici`,
  ofColumns: (rows, shown, all) => `${rows}, ${count(shown)} colonnes sur ${count(all)}`,
  ordered: (rows, { kind, label }) =>
    `${rows}, ${
      {
        newest: "les plus récents d’abord",
        oldest: "les plus anciens d’abord",
        highest: `${lowered(label)} le plus élevé d’abord`,
        lowest: `${lowered(label)} le plus bas d’abord`,
        most: `le plus de ${lowered(label)} d’abord`,
        fewest: `le moins de ${lowered(label)} d’abord`,
        ascending: `par ${lowered(label)}`,
        descending: `par ${lowered(label)}, décroissant`,
      }[kind]
    }`,
  sentence: (phrase) => `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`,
  empty: "Aucune ligne\u00a0: la requête n’a rien trouvé pour ses filtres.",
  seeAll: (all) => `Tout voir (${count(all)})`,
  seeMore: "Voir plus dans Looker",
  rest({ holds, rows, how, files }) {
    const isAttached = how === "attached";
    const what = {
      all: `Les données complètes sont ${isAttached ? "jointes" : "à télécharger ci-dessous"}`,
      returned: `Tout ce que Looker a renvoyé est ${isAttached ? "joint" : "à télécharger ci-dessous"}`,
      rows: `Les ${rowCount(rows)} renvoyées par Looker sont ${isAttached ? "jointes" : "à télécharger ci-dessous"}`,
    }[holds];
    return files.length === 0 ? `${what}.` : `${what}\u00a0: ${listed(files)}.`;
  },
  columnLimit(limit, of, isCertain) {
    const more = of.length === 0 ? "d’autres colonnes" : `d’autres colonnes de ${of.join(" et ")}`;
    return isCertain
      ? `La limite de colonnes de la requête est ${count(limit)}\u00a0: Looker a ${more} et les a omises.`
      : `La limite de colonnes de la requête est ${count(limit)}\u00a0: il peut y avoir ${more}.`;
  },
  nothingShown: (columns) =>
    `Rien à afficher\u00a0: les réglages de ce tableau dans Looker masquent ${columns === 1 ? "son unique colonne" : `ses ${count(columns)} colonnes`}.`,
  scrollOnPhone: (columns) =>
    `Le tableau compte ${count(columns)} colonnes\u00a0: faites défiler sur le côté pour toutes les voir.`,
  scrollSideways: "Le tableau est large\u00a0: faites défiler sur le côté.",
  latestColumns: "Les colonnes les plus récentes sont affichées.",

  total: "Total",
  totalOfAll: "Total de toutes les lignes dans Looker",
  totalIsOfAll: "Total\u00a0: toutes les lignes dans Looker",
  totalsAreOfAll: "Les totaux portent sur toutes les lignes dans Looker.",
  totals: (isOfAll, values) => `Totaux${isOfAll ? " de toutes les lignes dans Looker" : ""}\u00a0: ${values}`,
  subtotal: "Sous-total",
  subtotalOf: (value) => `${value} (sous-total)`,
  subtotals: (values) => `Sous-totaux\u00a0: ${values}`,

  marked: "En évidence\u00a0:",
  marks: (words, more) => `${words.join(", ")}${more > 0 ? ` et ${count(more)} de plus` : ""}`,
  mark: {
    within: (low, high) => `de ${low} à ${high}`,
    outside: (low, high) => `moins de ${low} ou plus de ${high}`,
    empty: "sans valeur",
    present: "avec une valeur",
    largest: "(le plus grand)",
  },
  markWhere: (label, words) => `où ${label} ${words}`,

  new: "Nouveau",
  gone: "Disparu",
  moved: "Modifié",
  changesOf: (title, kind) =>
    `${title}\u00a0: ${{ new: "nouveau", gone: "disparu", moved: "modifié" }[kind]}`,
  shownOf: (shown, all) => `${count(shown)} sur ${count(all)} affichés`,
  someOf: (shown, all) => `${count(shown)} sur ${count(all)}`,
  nothingToCompare: "rien à comparer pour l’instant",
  noChanges: "aucun changement",
  tally,
  changes(counts, all, since) {
    if (since === null)
      return `Il n’y a pas encore de rapport antérieur à comparer. À partir du prochain, cette section montrera ce qui a changé\u202f; elle compte ${rowCount(all)} aujourd’hui.`;
    const { added, gone, moved } = counts;
    if (added + gone + moved === 0)
      return all === 1
        ? `Aucun changement depuis le ${since}\u00a0: la seule ligne est inchangée.`
        : `Aucun changement depuis le ${since}\u00a0: les ${rowCount(all)} sont inchangées.`;
    return `${tally(counts)} sur ${rowCount(all)} depuis le ${since}.`;
  },
  changeColumns: {
    change: "Changement",
    before: (label) => `${label} avant`,
    now: (label) => `${label} maintenant`,
    difference: (label) => `${label} écart`,
  },
  changeKinds: { changed: "modifié", new: "nouveau", gone: "disparu" },

  rowsCompared: (kept, all) => `Seules les ${count(kept)} premières lignes sur ${count(all)} sont comparées.`,
  columnsNotCompared: (limit) =>
    `La limite de colonnes de la requête est ${count(limit)}\u00a0: les colonnes au-delà ne sont pas comparées.`,
  rowsNotCompared: (limit) =>
    `La limite de la requête est ${count(limit)}\u00a0: les lignes au-delà ne sont pas comparées.`,
  cutBefore:
    "Le dernier rapport n’avait pas non plus toutes ses lignes\u00a0: certaines peuvent passer pour nouvelles alors qu’elles étaient au-delà.",
  noKeyBefore: (labels) =>
    `Le dernier rapport n’avait pas ${labels.join(" ni ")}\u00a0: il n’y a rien à comparer pour l’instant.`,
  newColumns: (labels) => `Non comparé, car absent du dernier rapport\u00a0: ${named(labels)}.`,
  lostColumns: (labels) => `Présent dans le dernier rapport, absent de la requête\u00a0: ${named(labels)}.`,
};

function tally({ added, gone, moved }: ChangeCounts): string {
  const each = (number: number, word: string) => `${count(number)} ${word}${number > 1 ? "s" : ""}`;
  const fresh = `${count(added)} ${added > 1 ? "nouvelles" : "nouvelle"}`;
  return `${fresh}, ${each(gone, "disparue")}, ${each(moved, "modifiée")}`;
}

/** In French, none is singular. */
function rowCount(rows: number): string {
  return rows < 2 ? `${rows} ligne` : `${count(rows)} lignes`;
}

function named(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).join(", ");
  return labels.length > 8 ? `${shown} et ${count(labels.length - 8)} de plus` : shown;
}
