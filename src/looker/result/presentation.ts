import type { Presentation } from "../../core/model/presentation.ts";
import { type JsonObject, objectIn, textIn } from "../http/loose-json.ts";
import { barsIn, rulesIn } from "./highlights.ts";
import { isOff, isTable, pivotsHidden, rowsIn } from "./left-out.ts";
import { namesIn, namesOf, type PlacedColumn } from "./placed-columns.ts";

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
  const isOut = pivotsHidden(settings);
  const shown = inOrder(columns, ordered, named).filter(
    (index) => !isHidden.has(index) && columns[index] !== undefined && !isOut(columns[index]),
  );
  const labels = labelsIn(settings.series_labels, columns, named);
  const highlights = [
    ...barsIn(settings.series_cell_visualizations, named),
    ...rulesIn(settings, columns, named),
  ];
  const isAsItIs =
    shown.length === columns.length &&
    shown.every((place, index) => place === index) &&
    labels.every((label) => label === null);
  const rows = rowsIn(settings, columns, named);
  const hidesTotals = isTable(settings) && isOff(settings, "totals");
  if (isAsItIs && highlights.length === 0 && rows === null && !hidesTotals) return null;
  return {
    columns: shown,
    labels,
    highlights,
    ...(rows !== null && { rows }),
    ...(hidesTotals && { hidesTotals }),
  };
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
    Object.keys(objectIn(settings.hidden_pivots)).length > 0 ||
    (isTable(settings) && isOff(settings, "row_totals")) ||
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
