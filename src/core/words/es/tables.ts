import type { ChangeCounts, TablePhrases } from "../en/tables.ts";
import { lowered } from "../lowered.ts";
import { numbers } from "./numbers.ts";

const { count, listed } = numbers;

export const tables: TablePhrases = {
  rows({ shown, all, isExact, noun }) {
    const whole = noun === null || all === 1 ? rowCount(all) : `${count(all)} ${noun}`;
    const first = noun === null ? `las primeras ${whole}` : `los primeros ${whole}`;
    const of = isExact ? whole : first;
    return shown < all ? `${count(shown)} de ${of}` : of;
  },
  rowCount,
  noRows: "ninguna fila",
  notShownHere: (rows) => `${rows}, sin mostrar aquí`,
  ofColumns: (rows, shown, all) => `${rows}, ${count(shown)} de ${count(all)} columnas`,
  ordered: (rows, { kind, label }) =>
    `${rows}, ${
      {
        newest: "primero lo más reciente",
        oldest: "primero lo más antiguo",
        highest: `primero el valor más alto de ${lowered(label)}`,
        lowest: `primero el valor más bajo de ${lowered(label)}`,
        most: `primero con más ${lowered(label)}`,
        fewest: `primero con menos ${lowered(label)}`,
        ascending: `por ${lowered(label)}`,
        descending: `por ${lowered(label)}, descendente`,
      }[kind]
    }`,
  sentence: (phrase) => `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`,
  empty: "Ninguna fila: la consulta no ha encontrado nada con sus filtros.",
  seeAll: (all) => `Ver todo (${count(all)})`,
  seeMore: "Ver más en Looker",
  rest({ holds, rows, how, files }) {
    const isAttached = how === "attached";
    const what = {
      all: `Los datos completos ${isAttached ? "van adjuntos" : "se pueden descargar más abajo"}`,
      returned: `Todo lo que ha devuelto Looker ${isAttached ? "va adjunto" : "se puede descargar más abajo"}`,
      rows: `Las ${rowCount(rows)} que ha devuelto Looker ${isAttached ? "van adjuntas" : "se pueden descargar más abajo"}`,
    }[holds];
    return files.length === 0 ? `${what}.` : `${what}: ${listed(files)}.`;
  },
  columnLimit(limit, of, isCertain) {
    const more = of.length === 0 ? "más columnas" : `más columnas de ${of.join(" y ")}`;
    return isCertain
      ? `El límite de columnas de la consulta es ${count(limit)}: Looker tiene ${more} y las ha omitido.`
      : `El límite de columnas de la consulta es ${count(limit)}: puede haber ${more}.`;
  },
  nothingShown: (columns) =>
    `No se muestra nada: los ajustes de esta tabla en Looker ocultan ${columns === 1 ? "su única columna" : `sus ${count(columns)} columnas`}.`,
  scrollOnPhone: (columns) =>
    `La tabla tiene ${count(columns)} columnas: desplázate hacia un lado para verlas todas.`,
  scrollSideways: "La tabla es ancha: desplázate hacia un lado.",
  latestColumns: "Se muestran las columnas más recientes.",

  total: "Total",
  totalOfAll: "Total de todas las filas en Looker",
  totalIsOfAll: "Total: todas las filas en Looker",
  totalsAreOfAll: "Los totales son de todas las filas en Looker.",
  totals: (isOfAll, values) => `Totales${isOfAll ? " de todas las filas en Looker" : ""}: ${values}`,
  subtotal: "Subtotal",
  subtotalOf: (value) => `${value} (subtotal)`,
  subtotals: (values) => `Subtotales: ${values}`,

  marked: "Destacado:",
  marks: (words, more) => `${words.join(", ")}${more > 0 ? ` y ${count(more)} más` : ""}`,
  mark: {
    within: (low, high) => `de ${low} a ${high}`,
    outside: (low, high) => `menos de ${low} o más de ${high}`,
    empty: "sin valor",
    present: "con valor",
    largest: "(el mayor)",
  },
  markWhere: (label, words) => `donde ${label} ${words}`,

  new: "Nuevo",
  gone: "Ya no está",
  moved: "Cambiado",
  changesOf: (title, kind) => `${title}: ${{ new: "nuevo", gone: "ya no está", moved: "cambiado" }[kind]}`,
  shownOf: (shown, all) => `se muestran ${count(shown)} de ${count(all)}`,
  someOf: (shown, all) => `${count(shown)} de ${count(all)}`,
  nothingToCompare: "aún no hay nada con que comparar",
  noChanges: "sin cambios",
  tally,
  changes(counts, all, since) {
    if (since === null)
      return `Aún no hay un informe anterior con que comparar. A partir del próximo, esta sección mostrará lo que ha cambiado; ahora tiene ${rowCount(all)}.`;
    const { added, gone, moved } = counts;
    if (added + gone + moved === 0)
      return all === 1
        ? `Sin cambios desde el ${since}: la única fila sigue igual.`
        : `Sin cambios desde el ${since}: las ${rowCount(all)} siguen igual.`;
    return `${tally(counts)} de ${rowCount(all)} desde el ${since}.`;
  },
  changeColumns: {
    change: "Cambio",
    before: (label) => `${label} antes`,
    now: (label) => `${label} ahora`,
    difference: (label) => `${label} diferencia`,
  },
  changeKinds: { changed: "cambiado", new: "nuevo", gone: "ya no está" },

  rowsCompared: (kept, all) => `Solo se comparan las primeras ${count(kept)} de ${count(all)} filas.`,
  columnsNotCompared: (limit) =>
    `El límite de columnas de la consulta es ${count(limit)}: las que lo superan no se comparan.`,
  rowsNotCompared: (limit) =>
    `El límite de la consulta es ${count(limit)}: las filas que lo superan no se comparan.`,
  cutBefore:
    "El último informe tampoco tenía todas sus filas: algunas pueden contar como nuevas solo por eso.",
  noKeyBefore: (labels) =>
    `El último informe no tenía ${labels.join(" ni ")}: aún no hay nada con que comparar.`,
  newColumns: (labels) => `No se compara, porque no estaba en el último informe: ${named(labels)}.`,
  lostColumns: (labels) => `Estaba en el último informe y ya no está en la consulta: ${named(labels)}.`,
};

function tally({ added, gone, moved }: ChangeCounts): string {
  return [
    `${count(added)} ${added === 1 ? "nueva" : "nuevas"}`,
    `${count(gone)} que ya no ${gone === 1 ? "está" : "están"}`,
    `${count(moved)} ${moved === 1 ? "cambiada" : "cambiadas"}`,
  ].join(", ");
}

function rowCount(rows: number): string {
  return rows === 1 ? "1 fila" : `${count(rows)} filas`;
}

function named(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).join(", ");
  return labels.length > 8 ? `${shown} y ${count(labels.length - 8)} más` : shown;
}
