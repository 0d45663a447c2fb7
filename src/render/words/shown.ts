import type { Message, MessageSection, RowOrder, SectionData } from "../../core/model/message.ts";
import type { Kpi } from "../../core/model/show.ts";
import type { Cell, Table } from "../../core/model/table.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import { isolatedLine, lineText } from "./cell-text.ts";

const FIGURES_MAX = 3;
const FILENAME_CHARS_MAX = 160;
const LABEL_CHARS_MAX = 60;

/** How much of a section's table a body shows. */
export interface Shown {
  readonly rows: number;
  readonly columns: number;
}

/** Whether a body shows rows of the section: as its table, or in place of a picture that could not be drawn. */
export function showsRows({ show, table, rowsShown }: SectionData): boolean {
  const isTable =
    show.kind === "table" || ((show.kind === "chart" || show.kind === "image") && show.picture === null);
  return isTable && table.rows.length > 0 && rowsShown > 0;
}

/** Whether a table is a single row of a few numbers, which are easier to read as large figures. */
export function isFigures(table: Table): boolean {
  return (
    table.rowCount === 1 &&
    table.rows.length === 1 &&
    table.totals === undefined &&
    table.columns.length <= FIGURES_MAX &&
    table.columns.every((column) => column.isNumeric && column.pivot === undefined)
  );
}

/** A section that has data. */
export type DataSection = MessageSection & { readonly data: SectionData };

export function hasData(section: MessageSection): section is DataSection {
  return section.data !== null;
}

/** A section that shows one figure. */
export type KpiSection = DataSection & {
  readonly data: SectionData & { readonly show: { readonly kind: "kpi"; readonly kpi: Kpi } };
};

export function isKpi(section: MessageSection): section is KpiSection {
  return hasData(section) && section.data.show.kind === "kpi";
}

/**
 * Sentences on what is left out, and where the rest is: none where nothing is. `isListed`: the body names all files at its end; where it
 * does not, the sentences do.
 */
export function shownSentences(
  section: DataSection,
  message: Message,
  shown: Shown,
  isListed = true,
): string[] {
  const { table } = section.data;
  const phrases = phrasesIn(message.run.locale);
  const words = phrases.tables;
  if (table.rowCount === 0) return [words.empty];
  const { kind } = section.data.show;
  // A figure and a picture are complete; the list of files says where their data is.
  if (kind === "kpi") return [];
  const left = columnsLeftOut(table, phrases);
  const isPicture = shown.rows === 0 && isDrawn(section.data);
  const whole = isPicture ? null : extent(section, shown, phrases);
  const sentences = whole === null ? [] : [words.sentence(whole)];
  if (left !== null) sentences.push(left);
  if (shown.rows > 0 && table.totals !== undefined && !hasTotalLabel(table) && isCutAt(shown.rows, table))
    sentences.push(words.totalsAreOfAll);
  if (isPicture || kind === "changes" || !isCut(table, shown)) return sentences;
  const files = filesOf(section, message);
  const downloads = downloadsOf(section, message);
  const rest = (how: "attached" | "download", names: readonly string[]) =>
    words.rest({
      holds: heldBy(table),
      rows: table.rowCount,
      how,
      files: isListed ? [] : names.map(shortened),
    });
  if (files.length > 0) sentences.push(rest("attached", files));
  else if (downloads.length > 0) sentences.push(rest("download", downloads));
  return sentences;
}

/** Whether a body shows less than the result has. */
export function isCut(table: Table, shown: Shown): boolean {
  return shown.rows < table.rowCount || shown.columns < table.columns.length;
}

/** What the way to the rest is called: "See all 46"; null where nothing is left out that Looker would show. */
export function seeAll(data: SectionData, shown: Shown, { tables }: Phrases): string | null {
  const { show, table } = data;
  if (table.rowCount === 0 || show.kind === "changes" || show.kind === "kpi" || isDrawn(data)) return null;
  if (!table.rowCountIsExact || table.columnsCut !== undefined) return tables.seeMore;
  if (!isCut(table, shown)) return null;
  // What is left out may be columns alone.
  return shown.rows < table.rowCount ? tables.seeAll(table.rowCount) : tables.seeMore;
}

function isDrawn({ show }: SectionData): boolean {
  return (show.kind === "chart" || show.kind === "image") && show.picture !== null;
}

/** "12 rows", "8 of 46 airports", "50 of the first 5,000 rows". */
export function rowsPhrase(shown: number, table: Table, { tables }: Phrases, noun?: string | null): string {
  const { rowCount: all, rowCountIsExact: isExact } = table;
  return tables.rows({ shown, all, isExact, noun: noun ?? null });
}

function extent({ data }: DataSection, shown: Shown, phrases: Phrases): string | null {
  const { table, show, noun = null, order } = data;
  const { tables } = phrases;
  if (shown.rows === 0) {
    // Changes state their number of rows themselves.
    if (show.kind === "changes") return null;
    const all = rowsPhrase(table.rowCount, table, phrases, noun);
    return show.kind === "none" ? all : tables.notShownHere(all);
  }
  // All rows are in any order.
  const isSome = isCutAt(shown.rows, table) && order !== undefined;
  const rows = rowsPhrase(shown.rows, table, phrases, noun);
  const phrase = isSome ? tables.ordered(rows, { ...order, label: orderLabel(order) }) : rows;
  // Of a table that is there as a whole its rows can be counted.
  if (!isCut(table, shown)) return table.rowCountIsExact ? null : phrase;
  if (shown.columns >= table.columns.length) return phrase;
  return tables.ofColumns(phrase, shown.columns, table.columns.length);
}

function orderLabel({ label }: RowOrder): string {
  return isolatedLine(lineText(label, LABEL_CHARS_MAX)) || "–";
}

function shortened(filename: string): string {
  return isolatedLine(lineText(filename, FILENAME_CHARS_MAX));
}

// No file has what Looker left out.
function heldBy(table: Table): "all" | "returned" | "rows" {
  if (table.columnsCut !== undefined) return "returned";
  return table.rowCountIsExact ? "all" : "rows";
}

/** That Looker left out pivoted columns, or may have; null where it has not. */
export function columnsLeftOut({ columnsCut, pivotLabels }: Table, { tables }: Phrases): string | null {
  if (columnsCut === undefined) return null;
  const of = pivotLabels.map((label) => lineText(label, 80)).filter((label) => label !== "");
  return tables.columnLimit(columnsCut.limit, of, columnsCut.isCertain);
}

/** What names the row of totals: Looker makes them of all rows, whatever the limit, and however many are shown. */
export function totalLabel(table: Table, rowsShown: number, { tables }: Phrases): string {
  return isCutAt(rowsShown, table) ? tables.totalOfAll : tables.total;
}

/** Whether the row of totals has room for its name: the first column is of words, and has no total itself. */
export function hasTotalLabel({ totals, columns }: Table): boolean {
  return totals?.[0]?.rendered === "" && columns[0]?.isNumeric === false;
}

/** The subtotals after each row that has some, named in a cell of theirs that is empty. */
export function subtotalsAfter(
  { columns, subtotals = [] }: Table,
  { tables }: Phrases,
): ReadonlyMap<number, readonly (readonly Cell[])[]> {
  const named = subtotals.map(({ after, cells }) => {
    const isWord = (index: number) => columns[index]?.kind === "dimension";
    const places = [...cells.keys()].filter(isWord);
    const empty = places.find((index) => cells[index]?.rendered === "");
    const at = empty ?? places.at(-1);
    const label = empty === undefined ? tables.subtotalOf(cells[at ?? 0]?.rendered ?? "") : tables.subtotal;
    return {
      after,
      cells: cells.map((cell, index) => (index === at ? { value: label, rendered: label } : cell)),
    };
  });
  const grouped = Map.groupBy(named, ({ after }) => after);
  return new Map([...grouped].map(([after, some]) => [after, some.map(({ cells }) => cells)]));
}

/** Whether there are more rows than these, or may be. */
export function isCutAt(rowsShown: number, { rowCount, rowCountIsExact, rowsHidden = 0 }: Table): boolean {
  return rowsShown < rowCount || !rowCountIsExact || rowsHidden > 0;
}

/** The names of the attached files that hold a section's rows. */
export function filesOf(section: MessageSection, message: Message): readonly string[] {
  const index = message.sections.indexOf(section);
  return message.artifacts
    .filter((artifact) => artifact.sections.includes(index))
    .map(({ filename }) => filename);
}

/** The names of the files to download that hold a section's rows. */
function downloadsOf(section: MessageSection, message: Message): readonly string[] {
  const index = message.sections.indexOf(section);
  return message.downloads.filter(({ sections }) => sections.includes(index)).map(({ filename }) => filename);
}
