import type { Result } from "../../core/model/result.ts";
import { type Cell, type Column, distinctLabels } from "../../core/model/table.ts";
import type { Format } from "../../core/ports/adapter.ts";
import { largeRows } from "../csv/large.ts";
import { filename } from "../filename.ts";
import { pivotPath } from "../words/headings.ts";
import { writtenFile } from "../written-file.ts";
import type { JsonOptions } from "./schema.ts";

const CHUNK_CHARS = 64 * 1024;

/** One JSON file for a result: an array of records, or a record a line. */
export const jsonFormat: Format<JsonOptions> = {
  kind: "json",
  per: "section",
  reads: ({ values }) => values,
  isWhole: ({ values }) => values === "raw",
  async render({ sections: [section], stem, spool, signal }, options) {
    if (section?.result == null) return null;
    const { result } = section;
    const extension = options.lines ? "jsonl" : "json";
    const path = spool.path(`artifact-${filename(stem, extension)}`);
    const file = await writtenFile(path, chunks(result, options, signal), signal);
    return {
      filename: filename(options.filename ?? stem, extension),
      // JSON Lines has no registered type; this one is what its readers look for.
      contentType: options.lines ? "application/jsonl" : "application/json",
      file,
      rows: result.table.rowCount,
      sections: [section.index],
    };
  },
};

async function* chunks(
  result: Result,
  { values, lines }: JsonOptions,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const write = recordWriter(result.table.columns, values);
  const rows: AsyncIterable<readonly JsonCell[]> | Iterable<readonly JsonCell[]> =
    result.csv === undefined ? result.table.rows : largeRows(result.csv, values, signal);
  let text = lines ? "" : "[";
  let isFirst = true;
  for await (const row of rows) {
    if (!lines) text += isFirst ? "\n" : ",\n";
    text += lines ? `${write(row)}\n` : write(row);
    isFirst = false;
    if (text.length > CHUNK_CHARS) {
      yield text;
      text = "";
    }
  }
  yield lines ? text : `${text}\n]\n`;
}

/** A cell of a result, or the raw text of a large one ("" where it has no value). */
type JsonCell = Cell | string;

/** Writes one row as a JSON object on one line. */
type WriteRecord = (row: readonly JsonCell[]) => string;

/** Keys in the order of their columns; those of a pivoted field are together. */
type Node = Map<string, Node | number>;

/**
 * Records by field name: `{"flights.origin": "ATL", "flights.count": {"2026-10": 4}}`, with a further nested object for each
 * further pivot field. Repeated names are numbered.
 */
function recordWriter(columns: readonly Column[], values: "raw" | "formatted"): WriteRecord {
  const plain = columns.filter(({ pivot }) => pivot === undefined);
  const names = distinctLabels(plain.map(({ name }) => ({ name, label: name }))).labels;
  const root: Node = new Map();
  columns.forEach((column, index) => {
    const place = plain.indexOf(column);
    if (place === -1) putPivoted(root, column, index);
    else root.set(names[place] ?? column.name, index);
  });
  const pieces = piecesOf(root);
  const write = values === "raw" ? rawValue : formattedValue;
  return (row) => {
    let record = "";
    for (const piece of pieces)
      record += typeof piece === "string" ? piece : write(row[piece], columns[piece]);
    return record;
  };
}

function putPivoted(root: Node, column: Column, index: number): void {
  const path = pivotPath(column);
  let node = branch(root, column.name);
  for (const value of path.slice(0, -1)) node = branch(node, value);
  const last = path.at(-1) ?? "";
  let key = last;
  for (let number = 2; node.has(key); number += 1) key = `${last} ${number}`;
  node.set(key, index);
}

/** The object under a key; if the key has a value already, one under the next free key. */
function branch(node: Node, wanted: string): Node {
  let key = wanted;
  for (let number = 2; ; number += 1) {
    const found = node.get(key);
    if (found instanceof Map) return found;
    if (found === undefined) break;
    key = `${wanted} ${number}`;
  }
  const fresh: Node = new Map();
  node.set(key, fresh);
  return fresh;
}

/** The pieces of a record's text, in order: the text between values, and the indexes of columns. */
function piecesOf(node: Node): (string | number)[] {
  const pieces: (string | number)[] = ["{"];
  for (const [key, value] of node) {
    pieces.push(`${pieces.length === 1 ? "" : ","}${JSON.stringify(key)}:`);
    if (typeof value === "number") pieces.push(value);
    else pieces.push(...piecesOf(value));
  }
  pieces.push("}");
  return joined(pieces);
}

function joined(pieces: readonly (string | number)[]): (string | number)[] {
  const all: (string | number)[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (typeof piece === "string" && typeof last === "string") all[all.length - 1] = last + piece;
    else all.push(piece);
  }
  return all;
}

/** A number as JSON writes it (RFC 8259): all digits of a large result are kept. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

function rawValue(cell: JsonCell | undefined, column: Column | undefined): string {
  const value = typeof cell === "string" ? cell || null : (cell?.value ?? null);
  if (value === null) return "null";
  if (typeof value === "string")
    return column?.isNumeric === true && NUMBER.test(value) ? value : JSON.stringify(value.toWellFormed());
  return typeof value === "number" && !Number.isFinite(value) ? "null" : JSON.stringify(value);
}

function formattedValue(cell: JsonCell | undefined): string {
  const text = typeof cell === "string" ? cell : (cell?.rendered ?? "");
  return JSON.stringify(text.toWellFormed());
}
