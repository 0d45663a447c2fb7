import { fullLabel, type Value } from "../model/field.ts";
import type { Result } from "../result.ts";

const CHUNK_CHARACTERS = 64 * 1024;
const REMEMBERED_MAX = 2000;

/**
 * Comma or tab separated values with Looker's labels as the header, a line for each pivoted dimension before it, line
 * feeds at line ends, and RFC 4180 quotes. Null is an empty cell. Column totals are not part of such a file.
 * Yields whole chunks: this is the format of the large results, where a generator's turn for each row would be felt.
 */
export function* writeDelimited(
  result: Result,
  delimiter: "," | "\t",
  formatted: boolean,
): Generator<string> {
  const cell = delimiter === "," ? csvCell : tsvCell;
  let chunk = headerLines(result)
    .map((line) => `${line.map(cell).join(delimiter)}\n`)
    .join("");
  const cells = result.columns.map((column) => {
    const text = formatted ? column.render : plainText;
    return column.isNumeric ? (value: Value) => cell(text(value)) : remembered((value) => cell(text(value)));
  });
  for (const row of result.rows) {
    for (let index = 0; index < cells.length; index += 1) {
      if (index > 0) chunk += delimiter;
      chunk += cells[index]?.(row[index] ?? null) ?? "";
    }
    chunk += "\n";
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield chunk;
      chunk = "";
    }
  }
  yield chunk;
}

/**
 * The header of a flat result: one line of labels, and before it one line for each pivoted dimension, with its label
 * over the dimensions and its values over the columns that belong to them.
 */
export function headerLines(result: Result): string[][] {
  const pivotLines = result.plan.pivots.map((pivot, level) =>
    result.columns.map((column, index) =>
      column.pivot !== null ? (column.pivot.labels[level] ?? "") : index === 0 ? fullLabel(pivot) : "",
    ),
  );
  return [...pivotLines, result.columns.map((column) => column.label)];
}

export function plainText(value: Value): string {
  return value === null ? "" : String(value);
}

function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? quoted(text) : text;
}

function tsvCell(text: string): string {
  return /["\t\n\r]/.test(text) ? quoted(text) : text;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Names repeat from row to row; looking one up is several times faster than searching it for special characters. */
function remembered(write: (value: Value) => string): (value: Value) => string {
  const known = new Map<Value, string>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const text = write(value);
    if (known.size < REMEMBERED_MAX) known.set(value, text);
    return text;
  };
}

/** Joins short pieces into chunks of about 64 kB, so that a socket takes few writes. */
export function* chunks(pieces: Iterable<string>): Generator<string> {
  let chunk = "";
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length >= CHUNK_CHARACTERS) {
      yield chunk;
      chunk = "";
    }
  }
  if (chunk !== "") yield chunk;
}
