import type { Result } from "../../model/result.ts";
import type { Leader } from "../../model/show.ts";
import type { Cell, Column, Table } from "../../model/table.ts";
import type { Wording } from "../../model/wording.ts";
import type { FigurePhrases } from "../../words/en/figures.ts";
import { dateColumnOf } from "../dates/date-value.ts";
import { numberOf } from "../numbers/cell-number.ts";
import { wordedKpi } from "./worded.ts";

/** Of two rows neither leads a field. */
const ROWS_MIN = 3;

/**
 * The row that a table sorted by one measure begins with, where it is certain that no other row has more (or less) of it: no tie as the
 * values are shown, and either all rows are at hand, or Looker sorted them before it cut them. Null for a table by dates, by several
 * dimensions or with pivots, and for a row without a name of its own. `result`: as the model calls its columns, hidden ones marked.
 */
export function leaderOf(
  { table, sortedBy }: Pick<Result, "table" | "sortedBy">,
  wording: Wording | undefined,
  words: Pick<FigurePhrases, "unit">,
): Leader | null {
  const name = nameColumn(table);
  const at = name === null ? null : sortedColumn(table, sortedBy);
  const column = table.columns[at ?? -1];
  const [first, second] = table.rows;
  if (name === null || at === null || column === undefined || first === undefined || second === undefined)
    return null;
  const [most, next] = [numberOf(first[at]?.value ?? null), numberOf(second[at]?.value ?? null)];
  if (table.rows.length < ROWS_MIN || most === null || next === null || most === next) return null;
  const whose = first[name]?.rendered.trim() ?? "";
  // A rest is not one of what the rows are.
  if (whose === "" || /^(?:others?|all others?|unknown|n\/a|null|none|∅)$/i.test(whose)) return null;
  if (first[at]?.rendered === second[at]?.rendered) return null;
  const { label, unit, better } = worded(column, table, first[at]?.rendered ?? "", { wording, words });
  const side = most > next ? "highest" : "lowest";
  const isGood = better === undefined ? null : (better === "up") === (side === "highest");
  return {
    label,
    name: whose,
    value: first[at]?.rendered ?? "",
    ...(unit !== undefined && { unit }),
    side: isGood === null ? side : isGood ? "best" : "worst",
    isPlace: isPlace(table.columns[name]),
  };
}

/** The one dimension that is shown; null where rows are told apart by several, by a date, or by a number. */
function nameColumn(table: Table): number | null {
  const dimensions = table.columns.flatMap((column, index) =>
    column.kind === "dimension" && column.isHidden !== true ? [index] : [],
  );
  const [only, ...others] = dimensions;
  const column = table.columns[only ?? -1];
  if (only === undefined || others.length > 0 || column === undefined) return null;
  const isWord = !column.isNumeric && column.type !== "yesno" && column.type?.startsWith("date") !== true;
  return isWord && dateColumnOf(table) === null ? only : null;
}

/** The measure that the rows are sorted by, as Looker was asked to, or as they all are. */
function sortedColumn(table: Table, sortedBy: Result["sortedBy"]): number | null {
  const { columns, rows, rowCount, rowCountIsExact } = table;
  const isWhole = rowCountIsExact && rows.length >= rowCount;
  const measures = columns.flatMap((column, index) => (isMeasure(column) ? [index] : []));
  // Which of several rows of one name is meant, pivots do not say.
  if (columns.some(({ pivot }) => pivot !== undefined)) return null;
  if (sortedBy !== undefined) {
    const at = measures.find((index) => columns[index]?.name === sortedBy.field);
    // Looker calculates what it makes of the rows after it has cut them.
    const isCertain = isWhole || columns[at ?? -1]?.kind === "measure";
    const holds = at !== undefined && isCertain && inOrder(rows, at, sortedBy.isDescending ? -1 : 1);
    return holds ? at : null;
  }
  return isWhole ? (measures.find((index) => inOrder(rows, index, -1)) ?? null) : null;
}

function isMeasure({ kind, isNumeric, isHidden }: Column): boolean {
  return kind !== "dimension" && isNumeric && isHidden !== true;
}

/** Rows without a value come last, or it is not known where they belong. */
function inOrder(rows: readonly (readonly Cell[])[], at: number, way: 1 | -1): boolean {
  const numbers = rows.map((row) => numberOf(row[at]?.value ?? null));
  const known = numbers.filter((number) => number !== null);
  return (
    numbers.slice(0, known.length).every((number) => number !== null) &&
    known.every((number, index) => index === 0 || (number - (known[index - 1] ?? number)) * way >= 0)
  );
}

/** A column's label as people say it, without its unit. */
export function columnWords(column: Column, table: Table, wording: Wording | undefined): string {
  return worded(column, table, "", { wording, words: { unit: (unit) => unit } }).label;
}

function worded(
  column: Column,
  table: Table,
  value: string,
  { wording, words }: { readonly wording: Wording | undefined; readonly words: Pick<FigurePhrases, "unit"> },
) {
  const { name, label } = column;
  const own = wording !== undefined && Object.hasOwn(wording.labels, name) ? wording.labels[name] : undefined;
  // A section's one word is that of its one measure.
  const isOnly = new Set(table.columns.filter(isMeasure).map((one) => one.name)).size === 1;
  const told = wording === undefined || isOnly ? wording : ofFields(wording);
  return wordedKpi({ label: own ?? label, value }, name, told, words);
}

function ofFields(wording: Wording): Wording {
  const { unit, better } = wording;
  return { ...wording, unit: { ...unit, own: null }, better: { ...better, own: null } };
}

const PLACES =
  /(?:^|[._\s])(?:airports?|area|branch|cit(?:y|ies)|continent|countr(?:y|ies)|count(?:y|ies)|destination|district|facility|hub|location|market|municipality|origin|place|plant|province|region|shop|site|state|station|store|suburb|territor(?:y|ies)|town|village|warehouse|zone)(?:$|[._\s])/i;

/** Whether its values are places: one is "worst in Denver", and "worst for Delta". */
function isPlace(column: Column | undefined): boolean {
  return column !== undefined && (PLACES.test(column.name) || PLACES.test(column.label));
}
