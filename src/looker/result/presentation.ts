import type { CellTest, LookerHighlight, Presentation } from "../../core/model/presentation.ts";
import { type Column, NULL_PIVOT_VALUE, ROW_TOTAL } from "../../core/model/table.ts";
import type { Comparison, Operator } from "../../core/rules/comparison.ts";
import { numberOf } from "../../core/rules/numbers/cell-number.ts";
import { isObject, type JsonObject, objectIn, objectsIn, textIn, textsIn } from "../http/loose-json.ts";

/** A column, and under which key its pivot's cells are; null where it has none, or that is not known. */
export type PlacedColumn = Column & { readonly pivotKey?: string | null };

/** Between the values of several pivots, in keys. */
const KEY_SEPARATOR = "|FIELD|";
const ROW_TOTAL_KEY = "$$$_row_total_$$$";

/**
 * How a query's settings of its page (`vis_config`) show its table. They are written by releases of many years, by visualizations of
 * third parties, and by hand: what is not understood is left out, and nothing in them is an error. Null: they change nothing.
 */
export function presentationOf(visConfig: unknown, columns: readonly PlacedColumn[]): Presentation | null {
  const settings = settingsIn(visConfig);
  const ordered = namesIn(settings.column_order);
  const hidden = namesIn(settings.hidden_fields);
  const named = namesOf(columns);
  const isHidden = new Set(hidden.flatMap((name) => named(name)));
  const shown = inOrder(columns, ordered, named).filter((index) => !isHidden.has(index));
  const labels = labelsIn(settings.series_labels, columns, named);
  const highlights = [
    ...barsIn(settings.series_cell_visualizations, named),
    ...rulesIn(settings, columns, named),
  ];
  const isAsItIs =
    shown.length === columns.length &&
    shown.every((place, index) => place === index) &&
    labels.every((label) => label === null);
  return isAsItIs && highlights.length === 0 ? null : { columns: shown, labels, highlights };
}

/** The fields that a query's settings hide, by the names that they have there. */
export function hiddenFields(visConfig: unknown): readonly string[] {
  return namesIn(settingsIn(visConfig).hidden_fields);
}

/** Whether a table's columns have to be known by their fields' names for it to be shown as its settings say. */
export function namesColumns(visConfig: unknown): boolean {
  const settings = settingsIn(visConfig);
  return (
    namesIn(settings.hidden_fields).length > 0 ||
    namesIn(settings.column_order).length > 0 ||
    Object.keys(objectIn(settings.series_labels)).length > 0 ||
    Object.keys(objectIn(settings.series_cell_visualizations)).length > 0 ||
    settings.enable_conditional_formatting === true
  );
}

/** An object, or the text of one. */
function settingsIn(visConfig: unknown): JsonObject {
  if (typeof visConfig !== "string") return objectIn(visConfig);
  try {
    return objectIn(JSON.parse(visConfig));
  } catch {
    return {};
  }
}

function namesIn(value: unknown): readonly string[] {
  return typeof value === "string" ? textsIn([value.trim()]) : textsIn(value).map((name) => name.trim());
}

type ColumnsNamed = (name: string) => readonly number[];

/**
 * The columns of a name: of a field, all of a pivoted one; or of one pivoted column, as settings write it: "2024_orders.count",
 * "orders.count|FIELD|2024", "2024 - orders.count".
 */
function namesOf(
  columns: readonly PlacedColumn[],
): ColumnsNamed & { readonly ofOne: (name: string) => number | null } {
  const ofField = Map.groupBy(columns.keys(), (index) => columns[index]?.name ?? "");
  let ofColumn: Map<string, number> | null = null;
  const ofOne = (name: string): number | null => {
    ofColumn ??= new Map(
      columns.flatMap((column, index) => idsOf(column).map((id) => [id, index] as const)).reverse(),
    );
    return ofColumn.get(name) ?? null;
  };
  const all = (name: string): readonly number[] => {
    const fields = ofField.get(name);
    if (fields !== undefined) return fields;
    const one = ofOne(name);
    return one === null ? [] : [one];
  };
  return Object.assign(all, { ofOne });
}

function idsOf({ name, pivot, pivotKey }: PlacedColumn): readonly string[] {
  if (pivot === undefined) return [];
  const values = pivot.values.map((value) => (value === NULL_PIVOT_VALUE ? "null" : value));
  const total = pivot.isRowTotal ? [ROW_TOTAL_KEY, ROW_TOTAL] : [];
  const keys = new Set(
    [pivotKey ?? [], total, values.join(KEY_SEPARATOR), values.join(" - "), values.join("_")].flat(),
  );
  return [...keys].flatMap((key) => [
    `${key}_${name}`,
    `${key}${KEY_SEPARATOR}${name}`,
    `${name}${KEY_SEPARATOR}${key}`,
    `${key} - ${name}`,
    `${name} - ${key}`,
    `${name}_${key}`,
    `${key}.${name}`,
  ]);
}

/**
 * Listed columns first, as they are listed; the others follow as they are. A pivoted field that is listed by its name alone has its
 * place within each pivot value.
 */
function inOrder(
  columns: readonly PlacedColumn[],
  order: readonly string[],
  named: ReturnType<typeof namesOf>,
): readonly number[] {
  const all = [...columns.keys()];
  if (order.length === 0) return all;
  const places = new Map<number, number>();
  const ranks = new Map<string, number>();
  for (const [at, name] of order.entries()) {
    if (!ranks.has(name)) ranks.set(name, at);
    const one = named.ofOne(name) ?? (isPlain(columns, named(name)) ? (named(name)[0] ?? null) : null);
    if (one !== null && !places.has(one)) places.set(one, at);
  }
  const rankOf = (index: number) => ranks.get(columns[index]?.name ?? "") ?? order.length;
  const pivoted = all.filter((index) => columns[index]?.pivot !== undefined);
  const block = Math.min(...pivoted.map(rankOf), order.length);
  const groups = groupsOf(columns);
  // Where none of the pivoted columns is listed by itself, they stay together.
  const keyOf = (index: number): readonly number[] => {
    const place = places.get(index);
    if (place !== undefined) return [place];
    if (columns[index]?.pivot === undefined) return [order.length, index];
    const start = block < order.length ? 0 : (pivoted[0] ?? 0);
    return [block, start, groups[index] ?? 0, rankOf(index), index];
  };
  const keys = all.map(keyOf);
  return all.sort((a, b) => compared(keys[a] ?? [], keys[b] ?? []));
}

function isPlain(columns: readonly PlacedColumn[], places: readonly number[]): boolean {
  return places.length > 0 && places.every((place) => columns[place]?.pivot === undefined);
}

/** A number for each column: the same for those of one pivot value, in the order of these. */
function groupsOf(columns: readonly PlacedColumn[]): readonly number[] {
  const known = new Map<string, number>();
  return columns.map(({ pivot }) => {
    const key = JSON.stringify(pivot ?? null);
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  });
}

function compared(a: readonly number[], b: readonly number[]): number {
  for (const [index, left] of a.entries()) {
    const difference = left - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const LABEL_CHARS_MAX = 1_000;

function labelsIn(
  value: unknown,
  columns: readonly PlacedColumn[],
  named: ReturnType<typeof namesOf>,
): readonly (string | null)[] {
  const labels = new Array<string | null>(columns.length).fill(null);
  // Those of one pivoted column win over those of its field.
  const given = Object.entries(objectIn(value)).flatMap(([name, label]) => {
    const text = textIn(label)?.trim().slice(0, LABEL_CHARS_MAX) ?? "";
    return text === "" ? [] : [{ places: named(name), text }];
  });
  for (const { places, text } of given.sort((a, b) => b.places.length - a.places.length))
    for (const place of places) labels[place] = text;
  return labels;
}

/** Bars in the cells of a column: what they make stand out is the longest. */
function barsIn(value: unknown, named: ColumnsNamed): LookerHighlight[] {
  return Object.entries(objectIn(value)).flatMap(([name, bar]): LookerHighlight[] => {
    const isActive = isObject(bar) ? bar.is_active === true : bar === true;
    // Each column has its own longest bar.
    return isActive ? named(name).map((column) => ({ columns: [column], when: { kind: "largest" } })) : [];
  });
}

/** Rules of conditional formatting, where they are switched on. Scales of colour set no cell apart. */
function rulesIn(
  { enable_conditional_formatting: isOn, conditional_formatting: rules }: JsonObject,
  columns: readonly PlacedColumn[],
  named: ColumnsNamed,
): LookerHighlight[] {
  if (isOn !== true) return [];
  return objectsIn(rules).flatMap((rule) => {
    const when = conditionOf(rule);
    if (when === null) return [];
    const fields = namesIn(rule.fields);
    const numbers = [...columns.keys()].filter((index) => {
      const column = columns[index];
      return column?.isNumeric === true && column.kind !== "dimension";
    });
    const places = fields.length === 0 ? numbers : fields.flatMap((name) => named(name));
    return places.length === 0 ? [] : [{ columns: [...new Set(places)], when }];
  });
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  "greater than": ">",
  "less than": "<",
  "equal to": "=",
  "not equal to": "!=",
};

function conditionOf({ type, value }: JsonObject): Comparison | CellTest | null {
  const kind = String(textIn(type) ?? "").toLowerCase();
  const operator = Object.hasOwn(OPERATORS, kind) ? OPERATORS[kind] : undefined;
  if (operator !== undefined) {
    const operand = scalar(value);
    const isOrdered = operator === ">" || operator === "<";
    return operand === null || (isOrdered && typeof operand !== "number") ? null : { operator, operand };
  }
  if (kind === "is null") return { kind: "empty" };
  if (kind === "is not null") return { kind: "present" };
  if (kind !== "between" && kind !== "not between") return null;
  const [low, high] = (Array.isArray(value) ? value : []).map((bound) => numberOf(scalar(bound)));
  if (low == null || high == null) return null;
  return {
    kind: kind === "between" ? "within" : "outside",
    low: Math.min(low, high),
    high: Math.max(low, high),
  };
}

function scalar(value: unknown): string | number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || value.trim() === "") return null;
  return numberOf(value) ?? value;
}
