import { readFile } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import type { Cell, Column, ColumnsCut, Table } from "../../core/model/table.ts";
import { write } from "../../core/rules/numbers/number-style.ts";
import { isEnglish, separatorsOf } from "../../core/rules/numbers/separators.ts";
import { inFormat, styleOf } from "../../core/rules/numbers/value-format.ts";
import { bytes as bytesInWords } from "../../core/rules/quantity.ts";
import { resultTooLarge, type SpoolWriting, writeSpoolFile } from "../http/incoming.ts";
import { type JsonObject, objectIn, objectsIn, parseExactly, textIn } from "../http/loose-json.ts";
import type { Incoming } from "../http/transport.ts";
import { judge, unexplainedFailure } from "../query/verdict.ts";
import { refuseTooMany } from "./bounds.ts";
import { cellOf } from "./cells.ts";
import { columnsOf, fieldsOf, isFull, type Pivots, pivotsOf } from "./columns.ts";
import { subtotalsOf } from "./subtotals.ts";

export interface DetailFacts {
  /** Where relative links lead. */
  readonly webUrl: string;
  /** The query's fields, in its own order. */
  readonly fieldOrder: readonly string[];
  /** The row limit that the query ran with. */
  readonly limit: number;
  /** The same of pivoted columns. */
  readonly columnLimit: number;
}

export interface Detail {
  readonly table: Table;
  /** Of each of its columns, the key of its pivot; null: it has none. */
  readonly pivotKeys: readonly (string | null)[];
  /** Null where Looker does not say. */
  readonly ranAt: Date | null;
  readonly fromCache: boolean | null;
  readonly sql: string | null;
  readonly warnings: readonly string[];
}

/** A json_detail result as a table. Its errors are not looked at here. */
export function readDetail(detail: JsonObject, facts: DetailFacts): Detail {
  const pivots = pivotsOf(detail);
  const { fields, warnings } = fieldsOf(detail, facts.fieldOrder, pivots);
  const data = objectsIn(detail.data);
  const columns = columnsOf(fields, pivots).filter(
    ({ name, pivot, pivotKey }) =>
      !pivot?.isRowTotal || data.some((row) => pivotKey !== null && pivotKey in objectIn(row[name])),
  );
  const shown = columns.map(({ pivotKey: _, ...column }) => ({ ...column, ...digits(column, detail) }));
  const cells = (row: JsonObject): Cell[] =>
    columns.map(({ name, pivotKey }, index) => {
      const raw = pivotKey === null ? row[name] : objectIn(row[name])[pivotKey];
      return cellOf(raw, facts.webUrl, shown[index]);
    });
  refuseTooMany(columns.length, data.length);
  const rows = data.map(cells);
  const totals = objectIn(detail.totals_data);
  const cut = columnsCut(detail, pivots, facts.columnLimit);
  const rowCountIsExact = isWhole(rows.length, facts.limit, columns);
  const subtotals = subtotalsOf(detail, { columns: shown, rows, rowCountIsExact }, (row) =>
    asInRows(cells(row), shown, rows),
  );
  return {
    table: {
      columns: shown,
      pivotLabels: pivots.labels,
      rows,
      ...(Object.keys(totals).length > 0 && { totals: asInRows(cells(totals), shown, rows) }),
      rowCount: rows.length,
      ...(subtotals.length > 0 && { subtotals }),
      rowCountIsExact,
      ...(cut !== null && { columnsCut: cut }),
    },
    pivotKeys: columns.map(({ pivotKey }) => pivotKey),
    ranAt: dateIn(detail.ran_at),
    fromCache: typeof detail.from_cache === "boolean" ? detail.from_cache : null,
    sql: textIn(detail.sql),
    warnings,
  };
}

/** By what Looker says; where it says nothing, by how many pivot values there are. */
function columnsCut(detail: JsonObject, { columns }: Pivots, limit: number): ColumnsCut | null {
  const told = String(detail.columns_truncated ?? "").toLowerCase();
  if (told === "yes" || told === "true") return { limit, isCertain: true };
  const isUntold = told !== "no" && told !== "false";
  return isUntold && isFull(columns, limit) ? { limit, isCertain: false } : null;
}

/** Looker writes totals without their format, where it has no cell of the column to go by: they are written as the column's cells are. */
function asInRows(
  totals: readonly Cell[],
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Cell[] {
  return totals.map((cell, index) => {
    const { value, rendered } = cell;
    const column = columns[index];
    if (column === undefined || typeof value !== "number" || rendered !== String(value)) return cell;
    const seen = rows.slice(0, 100).flatMap((row) => row[index] ?? []);
    return { ...cell, rendered: totalShown(value, column, seen) ?? rendered };
  });
}

/** Rows below a thousand do not show that Looker parts the thousands of a measure without a format of its own. */
function totalShown(value: number, column: Column, seen: readonly Cell[]): string | null {
  const style = column.valueFormat === null ? styleOf(column, seen, value) : null;
  const isLarge = (cell: Cell) => typeof cell.value === "number" && Math.abs(cell.value) >= 1000;
  return style === null || seen.some(isLarge)
    ? inFormat(value, column, seen)
    : write(value, { ...style, isGrouped: true });
}

/** How digits are written, where that is not as in English. */
function digits({ isNumeric }: Column, { number_format }: JsonObject): Pick<Column, "separators"> {
  const separators = isNumeric ? separatorsOf(textIn(number_format) ?? "") : null;
  return separators === null || isEnglish(separators) ? {} : { separators };
}

/** A query without dimensions has one row, whatever its limit. */
function isWhole(rowCount: number, limit: number, columns: readonly Column[]): boolean {
  if (limit <= 0 || rowCount < limit) return true;
  return rowCount === 1 && columns.length > 0 && columns.every(({ kind }) => kind === "measure");
}

function dateIn(value: unknown): Date | null {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : new Date(ms);
}

/** What is parsed and held in memory: a result of at most 5,000 rows. Larger ones are fetched as CSV. */
const DETAIL_BYTES_MAX = 100_000_000;

export interface ReceivedDetail {
  readonly detail: JsonObject;
  readonly warnings: readonly string[];
}

/**
 * Takes a json_detail result in, by way of a file at `path`, which stays. "pending": the body was the task itself. Throws
 * ReportError for what Looker reports in place of a result.
 */
export async function receiveDetail(
  incoming: Incoming,
  path: string,
  failed: boolean,
  writing: Omit<SpoolWriting, "tooLarge">,
): Promise<ReceivedDetail | "pending"> {
  const limits =
    writing.bytesMax < DETAIL_BYTES_MAX
      ? { ...writing, tooLarge: resultTooLarge }
      : { ...writing, bytesMax: DETAIL_BYTES_MAX, tooLarge: detailTooLarge };
  await writeSpoolFile(incoming.bytes, path, limits);
  const verdict = judge(parse(await readFile(path, "utf8")));
  if (verdict.kind === "task") return "pending";
  const { detail, warnings } = verdict;
  // Notices alone can turn a task to "error"; without any there is no telling what is wrong with the data.
  if (failed && warnings.length === 0) throw unexplainedFailure(null);
  return { detail, warnings };
}

function detailTooLarge(bytesMax: number): ReportError {
  return new ReportError(`The result is larger than ${bytesInWords(bytesMax)} although it has few rows.`, {
    code: "too_large",
    advice: "Ask for fewer columns or pivots, or set a limit above 5000 so that it is fetched as CSV.",
  });
}

function parse(text: string): unknown {
  try {
    return parseExactly(text);
  } catch (cause) {
    throw new ReportError("The result from Looker breaks off: it is not complete JSON.", {
      code: "protocol",
      retryable: true,
      advice: "Run the report again. If this keeps happening, check whether a proxy cuts Looker's answers.",
      cause,
    });
  }
}
