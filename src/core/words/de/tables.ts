import type { ChangeCounts, TablePhrases } from "../en/tables.ts";
import { numbers } from "./numbers.ts";

const { count, listed } = numbers;

export const tables: TablePhrases = {
  rows({ shown, all, isExact, noun }) {
    const whole = noun === null || all === 1 ? rowCount(all) : `${count(all)} ${noun}`;
    if (isExact) return shown < all ? `${count(shown)} von ${whole}` : whole;
    return shown < all ? `${count(shown)} der ersten ${whole}` : `die ersten ${whole}`;
  },
  rowCount,
  noRows: "keine Zeilen",
  notShownHere: (rows) => `${rows}, hier nicht gezeigt`,
  ofColumns: (rows, shown, all) => `${rows}, ${count(shown)} von ${count(all)} Spalten`,
  ordered: (rows, { kind, label }) =>
    `${rows}, ${
      {
        newest: "neueste zuerst",
        oldest: "älteste zuerst",
        highest: `höchster Wert von ${label} zuerst`,
        lowest: `niedrigster Wert von ${label} zuerst`,
        most: `meiste ${label} zuerst`,
        fewest: `wenigste ${label} zuerst`,
        ascending: `nach ${label}`,
        descending: `nach ${label}, absteigend`,
      }[kind]
    }`,
  sentence: (phrase) => `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`,
  empty: "Keine Zeilen: Die Abfrage hat für ihre Filter nichts gefunden.",
  seeAll: (all) => `Alle ${count(all)} ansehen`,
  seeMore: "Mehr in Looker ansehen",
  rest({ holds, rows, how, files }) {
    const what = {
      all: "Die vollständigen Daten sind",
      returned: "Alles, was Looker geliefert hat, ist",
      rows: `Alle ${rowCount(rows)}, die Looker geliefert hat, sind`,
    }[holds];
    const where = how === "attached" ? "angehängt" : "unten zum Herunterladen bereit";
    return `${what} ${where}${files.length === 0 ? "" : `: ${listed(files)}`}.`;
  },
  columnLimit(limit, of, isCertain) {
    const more = of.length === 0 ? "weitere Spalten" : `weitere Spalten von ${of.join(" und ")}`;
    return isCertain
      ? `Das Spaltenlimit der Abfrage ist ${count(limit)}: Looker hat ${more} und hat sie weggelassen.`
      : `Das Spaltenlimit der Abfrage ist ${count(limit)}, es kann also ${more} geben.`;
  },
  nothingShown: (columns) =>
    `Hier ist nichts zu sehen: Die Einstellungen dieser Tabelle in Looker blenden ${columns === 1 ? "ihre einzige Spalte" : `alle ${count(columns)} Spalten`} aus.`,
  scrollOnPhone: (columns) => `Die Tabelle hat ${count(columns)} Spalten: Seitwärts scrollen zeigt alle.`,
  scrollSideways: "Die Tabelle ist breit: bitte seitwärts scrollen.",
  latestColumns: "Gezeigt sind die neuesten Spalten.",

  // Not a sum: the total of a rate is a rate.
  total: "Gesamt",
  totalOfAll: "Gesamt, alle Zeilen in Looker",
  totalIsOfAll: "Gesamt: alle Zeilen in Looker",
  totalsAreOfAll: "Die Gesamtwerte gelten für alle Zeilen in Looker.",
  totals: (isOfAll, values) => `Gesamt${isOfAll ? ", alle Zeilen in Looker" : ""}: ${values}`,
  subtotal: "Zwischenwert",
  subtotalOf: (value) => `${value} (gesamt)`,
  subtotals: (values) => `Zwischenwerte: ${values}`,

  marked: "Hervorgehoben:",
  marks: (words, more) => `${words.join(", ")}${more > 0 ? ` und ${count(more)} weitere` : ""}`,
  mark: {
    within: (low, high) => `von ${low} bis ${high}`,
    outside: (low, high) => `unter ${low} oder über ${high}`,
    empty: "ohne Wert",
    present: "mit Wert",
    largest: "(der größte Wert)",
  },
  markWhere: (label, words) => `wo ${label} ${words}`,

  new: "Neu",
  gone: "Weggefallen",
  moved: "Geändert",
  changesOf: (title, kind) => `${title}: ${{ new: "neu", gone: "weggefallen", moved: "geändert" }[kind]}`,
  shownOf: (shown, all) => `${count(shown)} von ${count(all)} gezeigt`,
  someOf: (shown, all) => `${count(shown)} von ${count(all)}`,
  nothingToCompare: "noch nichts zum Vergleichen",
  noChanges: "keine Änderungen",
  tally,
  changes(counts, all, since) {
    if (since === null)
      return `Es gibt noch keinen früheren Bericht zum Vergleichen. Ab dem nächsten zeigt dieser Abschnitt, was sich geändert hat; zurzeit hat er ${rowCount(all)}.`;
    const { added, gone, moved } = counts;
    if (added + gone + moved === 0)
      return all === 1
        ? `Keine Änderungen seit ${since}: Die eine Zeile ist unverändert.`
        : `Keine Änderungen seit ${since}: Alle ${rowCount(all)} sind unverändert.`;
    return `${tally(counts)} von ${rowCount(all)} seit ${since}.`;
  },
  changeColumns: {
    change: "Änderung",
    before: (label) => `${label} vorher`,
    now: (label) => `${label} jetzt`,
    difference: (label) => `${label} Differenz`,
  },
  changeKinds: { changed: "geändert", new: "neu", gone: "weggefallen" },

  rowsCompared: (kept, all) => `Verglichen werden nur die ersten ${count(kept)} von ${count(all)} Zeilen.`,
  columnsNotCompared: (limit) =>
    `Das Spaltenlimit der Abfrage ist ${count(limit)}: Weitere Spalten werden nicht verglichen.`,
  rowsNotCompared: (limit) =>
    `Das Limit der Abfrage ist ${count(limit)}: Weitere Zeilen werden nicht verglichen.`,
  cutBefore:
    "Auch der letzte Bericht hatte nicht alle Zeilen: Manche gelten hier vielleicht nur deshalb als neu.",
  noKeyBefore: (labels) =>
    `Im letzten Bericht fehlte ${labels.join(" und ")}, daher gibt es noch nichts zu vergleichen.`,
  newColumns: (labels) => `Nicht verglichen, da im letzten Bericht nicht enthalten: ${named(labels)}.`,
  lostColumns: (labels) => `Nur im letzten Bericht, nicht mehr in der Abfrage: ${named(labels)}.`,
};

function tally({ added, gone, moved }: ChangeCounts): string {
  return `${count(added)} neu, ${count(gone)} weggefallen, ${count(moved)} geändert`;
}

function rowCount(rows: number): string {
  return rows === 1 ? "1 Zeile" : `${count(rows)} Zeilen`;
}

function named(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).join(", ");
  return labels.length > 8 ? `${shown} und ${count(labels.length - 8)} weitere` : shown;
}
