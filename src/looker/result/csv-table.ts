import {
  type Cell,
  type Column,
  distinctLabels,
  NULL_PIVOT_VALUE,
  pivotedLabel,
  type Table,
} from "../../core/model/table.ts";
import type { KnownColumn } from "./column-facts.ts";
import type { ReceivedCsv } from "./receive-csv.ts";

export interface CsvFacts {
  /** The same rows with raw cells, where they were fetched as well; null: the cells are all there is. */
  readonly raw: ReceivedCsv["head"] | null;
  /** Names of the columns from left to right, as far as they are known. */
  readonly names: readonly string[];
  /** What Looker's metadata says of them, from left to right; null where it does not say. */
  readonly known: readonly (KnownColumn | null)[];
  /** The query's fields, to head a file that is empty. */
  readonly fields: readonly string[];
  readonly limit: number;
  /** How many pivot values the query brings at most. */
  readonly columnLimit: number;
}

export interface CsvTable {
  readonly table: Table;
  readonly labels: readonly string[];
  /** Labels that several columns have. */
  readonly repeated: readonly string[];
}

/** Longer ones are not amounts, and a long one would keep the pattern busy for seconds. */
const NUMBER_CHARS_MAX = 64;
/** An amount as models render it: "1,234.5", "$12.00", "-3.2%", "(4.10)", "12 €". Digits after a leading zero are a code. */
const NUMBER =
  /^\(?[-+−]?\s?\p{Sc}?\s?-?(?!0\d)\d{1,3}(?:[,.'\u00a0\u202f ]?\d{3})*\d*(?:[.,]\d+)?(?:e[-+]?\d+)?\s?(?:%|\p{Sc}|[kmbt])?\)?$/iu;
/** As files head the columns of row totals: "Row Totals". */
const ROW_TOTAL = /^row totals?$/i;

/** The head of a CSV as a table. Whether a column is numeric is judged by what the head shows of it, where nothing better is known. */
export function tableOfCsv(
  { headings, head, rowCount }: Pick<ReceivedCsv, "headings" | "head" | "rowCount">,
  facts: CsvFacts,
): CsvTable {
  const pivotLines = headings.slice(0, -1);
  // Some releases answer a result without rows by an empty file.
  const own = headings.at(-1) ?? facts.fields;
  const isRepeated = repeatedIn(own);
  const pivots = own.map((label, index) => pivotOf(pivotLines, isRepeated, label, index));
  const full = own.map((label, index) => pivotedLabel(label, pivots[index]?.values ?? []));
  const names = facts.names.length === own.length ? facts.names : own;
  const { labels, repeated } = distinctLabels(
    full.map((label, index) => ({ label, name: names[index] ?? label })),
  );
  const columns = labels.map((label, index): Column => {
    const pivot = pivots[index];
    const known = facts.known[index] ?? null;
    const isNumeric = known?.isNumeric ?? allNumbers(head.map((row) => row[index] ?? ""));
    return {
      name: names[index] ?? label,
      label,
      fullLabel: label,
      kind: known?.kind ?? (isNumeric ? "measure" : "dimension"),
      isNumeric,
      valueFormat: known?.valueFormat ?? null,
      type: known?.type ?? null,
      ...(pivot != null && { pivot }),
    };
  });
  return {
    labels,
    repeated,
    table: {
      columns,
      pivotLabels: pivotLines.map((line) => line[0] ?? ""),
      rows: head.map((row, at) =>
        columns.map(({ isNumeric }, index) => {
          const rendered = row[index] ?? "";
          return cell(rendered, facts.raw?.[at]?.[index] ?? rendered, isNumeric);
        }),
      ),
      rowCount,
      rowCountIsExact: facts.limit <= 0 || rowCount < facts.limit,
      ...(hasAllPivots(pivots, facts.columnLimit) && {
        columnsCut: { limit: facts.columnLimit, isCertain: false },
      }),
    },
  };
}

/**
 * Above the labels are the pivot fields' lines: a field's label over the first column, its values over the columns that
 * belong to them. A null's columns have nothing above them, but have a label that others have too.
 */
function pivotOf(
  lines: readonly (readonly string[])[],
  isRepeated: (label: string) => boolean,
  label: string,
  index: number,
): Column["pivot"] | null {
  if (lines.length === 0) return null;
  const values = lines.map((line) => line[index] ?? "");
  const isPivoted = isRepeated(label) || (index > 0 && values.some((value) => value !== ""));
  if (!isPivoted) return null;
  return {
    values: values.map((value) => value || NULL_PIVOT_VALUE),
    isRowTotal: values.some((value) => ROW_TOTAL.test(value)),
  };
}

/** Whether there are as many pivot values as the limit lets through: a file does not say whether there were more. */
function hasAllPivots(pivots: readonly (Column["pivot"] | null)[], limit: number): boolean {
  const groups = pivots.flatMap((pivot) =>
    pivot == null || pivot.isRowTotal ? [] : [JSON.stringify(pivot.values)],
  );
  return new Set(groups).size >= limit;
}

function repeatedIn(labels: readonly string[]): (label: string) => boolean {
  const seen = new Set<string>();
  const repeated = new Set(labels.filter((label) => seen.size === seen.add(label).size));
  return (label) => repeated.has(label);
}

function allNumbers(texts: readonly string[]): boolean {
  const present = texts.filter((text) => text !== "");
  return present.length > 0 && present.every((text) => text.length <= NUMBER_CHARS_MAX && NUMBER.test(text));
}

function cell(rendered: string, raw: string, isNumeric: boolean): Cell {
  if (raw === "") return { value: null, rendered };
  const number = isNumeric ? Number(raw) : Number.NaN;
  return { value: String(number) === raw || isPlain(raw, number) ? number : raw, rendered };
}

/** "0.10" is the number it says, whatever digits it ends in; an id of twenty digits would be another one. */
function isPlain(raw: string, number: number): boolean {
  return /^-?\d{1,15}\.\d{1,15}$/.test(raw) && raw.replace(/\D/g, "").length <= 15 && Number.isFinite(number);
}
