import type { Message, MessageSection } from "../core/message.ts";
import { count, rows } from "../core/quantity.ts";
import type { Table } from "../core/table.ts";

/** How much of a section's table stands in a body. */
export interface Shown {
  readonly rows: number;
  readonly columns: number;
}

/** Whether a body is to show any of the section's rows. */
export function showsRows(section: MessageSection): boolean {
  return section.show === "table" && section.table.rows.length > 0 && section.rowsShown > 0;
}

/** Sentences on how much of the whole is shown, whether the whole is all there is, and where the rest stands. */
export function amount(section: MessageSection, message: Message, shown: Shown): string[] {
  const { table } = section;
  if (table.rowCount === 0) return [EMPTY];
  const sentences = [`${capitalised(extent(section, shown))}.`];
  if (!table.rowCountIsExact)
    sentences.push(`The query’s limit is ${count(table.rowCount)}, so there may be more.`);
  const isCut = shown.rows < table.rowCount || shown.columns < table.columns.length;
  const files = isCut ? filesOf(section, message) : [];
  if (files.length > 0) sentences.push(attached(files, table));
  return sentences;
}

export const EMPTY = "No rows: the query returned nothing for its filters.";

/** "12 rows", "50 of 12,431 rows", "50 of the first 5,000 rows". */
export function rowsPhrase(shown: number, table: Table): string {
  const all = table.rowCountIsExact ? rows(table.rowCount) : `the first ${rows(table.rowCount)}`;
  return shown < table.rowCount ? `${count(shown)} of ${all}` : all;
}

function extent(section: MessageSection, shown: Shown): string {
  const { table } = section;
  if (shown.rows === 0) {
    const all = rowsPhrase(table.rowCount, table);
    return section.show === "none" ? all : `${all}, not shown here`;
  }
  const phrase = rowsPhrase(shown.rows, table);
  if (shown.columns >= table.columns.length) return phrase;
  return `${phrase}, ${count(shown.columns)} of ${count(table.columns.length)} columns`;
}

// What Looker itself left out is in no file.
function attached(files: readonly string[], table: Table): string {
  const what = table.rowCountIsExact
    ? "The full data is"
    : `All ${rows(table.rowCount)} that Looker returned are`;
  return `${what} attached: ${files.join(", ")}.`;
}

/** The names of the attached files that hold a section's rows. */
export function filesOf(section: MessageSection, message: Message): readonly string[] {
  const index = message.sections.indexOf(section);
  return message.artifacts.filter((artifact) => artifact.section === index).map(({ filename }) => filename);
}

function capitalised(phrase: string): string {
  return phrase.charAt(0).toUpperCase() + phrase.slice(1);
}
