import { Temporal } from "temporal-polyfill";
import type { ChartSeries } from "../../core/model/show.ts";
import type { Cell, Table } from "../../core/model/table.ts";
import { duration } from "../../core/rules/dates/calendar.ts";
import type { QueryClock } from "../../core/rules/dates/clock.ts";
import { asLookerWrites, type Grain, isDateColumn, readDateCell } from "../../core/rules/dates/date-value.ts";
import { stageOf, unitOf } from "../../core/rules/dates/unfinished.ts";
import { numberOf } from "../../core/rules/numbers/cell-number.ts";
import type { Locale } from "../../core/words/locale.ts";

export type Mark = ChartSeries["mark"];

export interface Axis {
  readonly kind: "date" | "number" | "word";
  readonly grain: Grain | null;
  readonly places: readonly AxisPlace[];
  /** Of the chart's words. Absent: English. */
  readonly locale?: Locale;
}

/** One place along the axis, in its order. */
export interface AxisPlace {
  /** Milliseconds of a date read as UTC, a number, or the index of a word. */
  readonly at: number;
  /** As Looker renders it, on one line. */
  readonly label: string;
  /** The period of a date that was not over when Looker ran the query: its values are not whole yet. */
  readonly isPartial?: true;
}

export interface PlacedAxis {
  readonly axis: Axis;
  /** The place of a row; null if it has none. */
  placeOf(row: number): number | null;
}

export interface AxisOrder {
  readonly mark: Mark;
  /** Rows may share a place, since each belongs to another series. */
  readonly isShared: boolean;
  /** When the query ran; null where that is not known. */
  readonly clock: QueryClock | null;
  readonly locale: Locale;
}

/** The largest number that is drawn: beyond it an axis is all digits, and sums of what databases call infinite are no numbers. */
export const DRAWN_MAX = 1e24;

export function axisOf(table: Table, at: number, order: AxisOrder): PlacedAxis {
  const placed = unworded(table, at, order);
  return { ...placed, axis: { ...placed.axis, locale: order.locale } };
}

function unworded(table: Table, at: number, { mark, isShared, clock }: AxisOrder): PlacedAxis {
  const column = table.columns[at];
  if (mark !== "arc" && isDateColumn(table, at)) return dateAxis(table, at, clock);
  const isNumber = column?.isNumeric === true && mark !== "bar" && mark !== "arc";
  return isNumber ? numberAxis(table, at) : wordAxis(table, at, isShared);
}

function dateAxis({ columns, rows }: Table, at: number, clock: QueryClock | null): PlacedAxis {
  const type = columns[at]?.type ?? null;
  const dates = rows.map((row) => readDateCell(row[at], type));
  const times = dates.map((date) => date?.at.toZonedDateTime("UTC").epochMilliseconds ?? null);
  const grain = dates.find((date) => date !== null)?.grain ?? null;
  const placed = numericAxis(times, rows, at, { kind: "date", grain });
  if (clock === null) return placed;
  const partial = new Set(
    times.filter((_, row) => {
      const date = dates[row] ?? null;
      return date !== null && date.grain !== "time" && stageOf(date, type, clock) === "present";
    }),
  );
  const places = placed.axis.places.map((place) =>
    partial.has(place.at) ? { ...place, isPartial: true as const } : place,
  );
  return { ...placed, axis: { ...placed.axis, places } };
}

function numberAxis(table: Table, at: number): PlacedAxis {
  const values = table.rows.map((row) => {
    const value = numberOf(row[at]?.value ?? null);
    return value === null || Math.abs(value) > DRAWN_MAX ? null : value;
  });
  return numericAxis(values, table.rows, at, { kind: "number", grain: null });
}

function numericAxis(
  values: readonly (number | null)[],
  rows: Table["rows"],
  column: number,
  how: Pick<Axis, "kind" | "grain">,
): PlacedAxis {
  const labels = new Map<number, string>();
  values.forEach((value, row) => {
    if (value !== null && !labels.has(value)) labels.set(value, label(rows[row]?.[column]));
  });
  const places = [...labels].map(([at, text]) => ({ at, label: text })).sort((a, b) => a.at - b.at);
  const index = new Map(places.map((place, position) => [place.at, position]));
  return {
    axis: { ...how, places },
    placeOf: (row) => index.get(values[row] ?? Number.NaN) ?? null,
  };
}

/** In the order of the data. A repeated word is one place if rows share places, otherwise one for each row. */
function wordAxis(table: Table, at: number, isShared: boolean): PlacedAxis {
  const places: AxisPlace[] = [];
  const known = new Map<string, number>();
  const placeOfRow = table.rows.map((row) => {
    const text = label(row[at]);
    const key = JSON.stringify(row[at]?.value ?? null);
    const place = isShared ? known.get(key) : undefined;
    if (place !== undefined) return place;
    known.set(key, places.length);
    return places.push({ at: places.length, label: text }) - 1;
  });
  return { axis: { kind: "word", grain: null, places }, placeOf: (row) => placeOfRow[row] ?? null };
}

export function label(cell: Cell | undefined): string {
  return oneLine(cell?.rendered ?? "", LABEL_LETTERS_MAX) || "∅";
}

/** More is cut in two lines of a picture anyhow. */
const LABEL_LETTERS_MAX = 160;

/** What would break a line, reverse it, or is not a letter: controls, direction marks, lone surrogates. */
const UNFIT = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/gu;

/** Text for a label: on one line, with at most `lettersMax` letters. */
export function oneLine(words: string, lettersMax: number): string {
  // More is never shown, and a cell may have 40,000 letters.
  const line = words
    .slice(0, lettersMax * 8)
    .toWellFormed()
    .replace(UNFIT, " ")
    .replace(/\s+/g, " ")
    .trim();
  const letters = [...line];
  return letters.length > lettersMax ? `${letters.slice(0, lettersMax - 1).join("")}…` : line;
}

const HOLES_FILLED_MAX = 400;

/** An axis of dates with a place for each day, week, month …, also those without data: of a long axis where at least half have some. */
export function withoutHoles(axis: Axis): Axis {
  const { grain, places } = axis;
  const last = places.at(-1);
  if (axis.kind !== "date" || grain === null || grain === "time" || last === undefined) return axis;
  const step = duration(1, unitOf(grain));
  const known = new Map(places.map((place) => [place.at, place]));
  const all: AxisPlace[] = [];
  const most = Math.max(HOLES_FILLED_MAX, 2 * places.length);
  let date = Temporal.Instant.fromEpochMilliseconds(places[0]?.at ?? 0).toZonedDateTimeISO("UTC");
  for (; date.epochMilliseconds <= last.at; date = date.add(step)) {
    if (all.length >= most) return axis;
    const at = date.epochMilliseconds;
    all.push(known.get(at) ?? { at, label: asLookerWrites(date.toPlainDateTime(), grain) });
  }
  // Dates that are not one step apart have places of their own.
  return all.filter(({ at }) => known.has(at)).length === places.length ? { ...axis, places: all } : axis;
}
