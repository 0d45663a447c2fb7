import {
  type Column,
  distinctLabels,
  NULL_PIVOT_VALUE,
  pivotedLabel,
  ROW_TOTAL,
} from "../../core/model/table.ts";
import { isObject, type JsonObject, objectIn, objectsIn, textIn } from "../http/loose-json.ts";
import { refuseTooMany } from "./bounds.ts";
import { isCell } from "./cells.ts";

/** One field of a json_detail result. */
export interface DetailField {
  readonly name: string;
  /** Unique among the fields. */
  readonly label: string;
  /** With the view's name, as Looker's own CSV has it; unique among the fields too. */
  readonly fullLabel: string;
  readonly kind: Column["kind"];
  readonly isNumeric: boolean;
  readonly valueFormat: string | null;
  readonly type: string | null;
  readonly isPivoted: boolean;
}

export interface Pivots {
  readonly labels: readonly string[];
  readonly columns: readonly PivotColumn[];
}

export interface PivotColumn {
  readonly key: string;
  /** Rendered values from outermost to innermost. */
  readonly values: readonly string[];
  readonly isRowTotal: boolean;
}

export interface DetailFields {
  readonly fields: readonly DetailField[];
  readonly warnings: readonly string[];
}

export type DetailColumn = Column & { readonly fullLabel: string; readonly pivotKey: string | null };

const ROW_TOTAL_KEY = "$$$_row_total_$$$";

const GROUPS = [
  ["dimensions", "dimension"],
  ["measures", "measure"],
  ["table_calculations", "calculation"],
] as const;

/** The fields that make columns: dimensions, measures, calculations; within each in the order of the query's fields. */
export function fieldsOf(detail: JsonObject, order: readonly string[], pivots: Pivots): DetailFields {
  const groups = objectIn(detail.fields);
  const pivotNames = new Set(objectsIn(groups.pivots).map((field) => field.name));
  const rows = objectsIn(detail.data);
  const raw = GROUPS.flatMap(([group, kind]) =>
    inOrder(objectsIn(groups[group]), order)
      .filter((field) => textIn(field.name) !== null && !pivotNames.has(field.name))
      .map((field) => ({ field, kind, name: String(field.name) })),
  );
  // A field that is hidden from Looker's field picker and yet selected is shown, as Looker does.
  const { labels, repeated } = labelled(raw.map(({ field }) => field));
  const full = distinctLabels(raw.map(({ field, name }) => ({ name, label: longLabel(field) })));
  return {
    fields: raw.map(({ field, kind, name }, index) => ({
      name,
      label: labels[index] ?? name,
      fullLabel: full.labels[index] ?? name,
      kind,
      isNumeric: isNumeric(field, rows, name),
      valueFormat: textIn(field.value_format),
      type: textIn(field.type),
      isPivoted: pivots.columns.length > 0 && kind !== "dimension" && isNested(rows, name, kind),
    })),
    warnings: repeatedLabels([...new Set([...repeated, ...full.repeated])]),
  };
}

/** What goes across the top, with the row total where the query asks for one. */
export function pivotsOf(detail: JsonObject): Pivots {
  const fields = objectsIn(objectIn(detail.fields).pivots);
  const columns = objectsIn(detail.pivots).flatMap((pivot): PivotColumn[] => {
    const key = textIn(pivot.key);
    if (key === null) return [];
    const isRowTotal = pivot.is_total === true || key === ROW_TOTAL_KEY;
    return [
      { key, isRowTotal, values: isRowTotal ? totalValues(fields.length) : pivotValues(pivot, fields) },
    ];
  });
  if (detail.has_row_totals === true && columns.length > 0 && !columns.some((column) => column.isRowTotal)) {
    columns.push({ key: ROW_TOTAL_KEY, isRowTotal: true, values: totalValues(fields.length) });
  }
  return { labels: fields.map(shortLabel), columns };
}

/** A column for each field, and for a pivoted one a column for each pivot value. */
export function columnsOf(fields: readonly DetailField[], pivots: Pivots): readonly DetailColumn[] {
  const flat = fields.filter((field) => !field.isPivoted);
  const pivoted = fields.filter((field) => field.isPivoted);
  refuseTooMany(flat.length + pivoted.length * pivots.columns.length);
  const columns = [
    ...flat.filter((field) => field.kind === "dimension").map((field) => plainColumn(field)),
    ...pivots.columns.flatMap((pivot) => pivoted.map((field) => pivotedColumn(field, pivot))),
    ...flat.filter((field) => field.kind !== "dimension").map((field) => plainColumn(field)),
  ];
  const { labels } = distinctLabels(columns);
  const full = distinctLabels(columns.map(({ name, fullLabel }) => ({ name, label: fullLabel }))).labels;
  return columns.map((column, index) => ({
    ...column,
    label: labels[index] ?? column.label,
    fullLabel: full[index] ?? column.fullLabel,
  }));
}

function plainColumn({ isPivoted: _, ...column }: DetailField): DetailColumn {
  return { ...column, pivotKey: null };
}

function pivotedColumn(field: DetailField, pivot: PivotColumn): DetailColumn {
  const { values, isRowTotal, key } = pivot;
  return {
    ...plainColumn(field),
    label: pivotedLabel(field.label, values),
    fullLabel: pivotedLabel(field.fullLabel, values),
    pivot: { values, isRowTotal },
    pivotKey: key,
  };
}

/** Not by `labels`, which hold the HTML of a dimension that has some. */
function pivotValues(pivot: JsonObject, fields: readonly JsonObject[]): string[] {
  const [data, metadata] = [objectIn(pivot.data), objectIn(pivot.metadata)];
  const names = fields.length > 0 ? fields.map((field) => String(field.name)) : Object.keys(data);
  return names.map((name) => {
    const { rendered, value } = objectIn(metadata[name]);
    return textIn(rendered) ?? scalarText(value) ?? scalarText(data[name]) ?? NULL_PIVOT_VALUE;
  });
}

function scalarText(value: unknown): string | null {
  return typeof value === "boolean" ? String(value) : textIn(value);
}

/** Whether there are as many pivot values as a query's column limit lets through. */
export function isFull(columns: readonly { readonly isRowTotal: boolean }[], limit: number): boolean {
  return columns.filter(({ isRowTotal }) => !isRowTotal).length >= limit;
}

function totalValues(levels: number): string[] {
  return [ROW_TOTAL, ...Array.from({ length: Math.max(0, levels - 1) }, () => "")];
}

/** The short label where no other column has it, else the one with the view's name. */
function labelled(fields: readonly JsonObject[]): { labels: string[]; repeated: string[] } {
  const taken = new Map<string, number>();
  for (const field of fields) taken.set(shortLabel(field), (taken.get(shortLabel(field)) ?? 0) + 1);
  return distinctLabels(
    fields.map((field) => ({
      name: String(field.name),
      label: taken.get(shortLabel(field)) === 1 ? shortLabel(field) : longLabel(field),
    })),
  );
}

function shortLabel(field: JsonObject): string {
  return textIn(field.label_short) ?? longLabel(field);
}

function longLabel(field: JsonObject): string {
  return textIn(field.label) ?? String(field.name);
}

function isNumeric(field: JsonObject, rows: readonly JsonObject[], name: string): boolean {
  if (typeof field.is_numeric === "boolean") return field.is_numeric;
  const values = rows
    .map((row) => objectIn(row[name]).value)
    .filter((value) => value !== null && value !== undefined);
  return values.length > 0 && values.every((value) => typeof value === "number");
}

/** Measures are always pivoted; a calculation over row totals or over all pivots is not. */
function isNested(rows: readonly JsonObject[], name: string, kind: Column["kind"]): boolean {
  if (kind === "measure") return true;
  const first = rows.find((row) => isObject(row[name]));
  return first !== undefined && !isCell(first[name]);
}

function inOrder(fields: readonly JsonObject[], order: readonly string[]): JsonObject[] {
  const places = new Map(order.map((name, index) => [name, index]));
  const place = (field: JsonObject) => places.get(String(field.name)) ?? order.length;
  return [...fields].sort((a, b) => place(a) - place(b));
}

/** A sentence about columns that had to be told apart, or none. */
export function repeatedLabels(repeated: readonly string[]): string[] {
  if (repeated.length === 0) return [];
  const names = repeated.map((label) => `"${label}"`).join(", ");
  return [
    `Several columns are labelled ${names}: they are told apart by field name. Give them labels of their own in LookML.`,
  ];
}
