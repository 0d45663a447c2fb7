import { ReportError } from "../../core/error.ts";
import type { ChartPlan } from "../../core/model/report.ts";
import { type Cell, type Column, columnsNamed, type Table, whatThereIs } from "../../core/model/table.ts";
import type { Hex } from "../../core/rules/brand/colour.ts";
import type { QueryClock } from "../../core/rules/dates/clock.ts";
import { numberOf } from "../../core/rules/numbers/cell-number.ts";
import { separated } from "../../core/rules/numbers/separators.ts";
import { formatNumber } from "../../core/rules/numbers/value-format.ts";
import type { ChartPhrases } from "../../core/words/en/charts.ts";
import type { Locale } from "../../core/words/locale.ts";
import { phrasesIn } from "../../core/words/phrases.ts";
import { type Axis, axisOf, DRAWN_MAX, label, oneLine } from "./axis.ts";

export type FieldsPlan = ChartPlan & { readonly kind: "fields" };

/** A table as a chart has it: places along an axis, and series of values at them. */
export interface ChartData {
  readonly mark: FieldsPlan["mark"];
  readonly axis: Axis;
  readonly xLabel: string;
  readonly yLabel: string;
  /** What distinguishes the series, if that is a field: "Carrier". */
  readonly colorLabel: string | null;
  readonly series: readonly DataSeries[];
  /** Whether its series are parts of one whole. */
  readonly isAdditive: boolean;
  /** What of the table is not drawn, in sentences. */
  readonly notes: readonly string[];
  /** A brand's colour, of the first series. */
  readonly accent?: Hex;
}

export interface DataSeries {
  readonly name: string;
  readonly column: Column;
  readonly points: readonly {
    readonly place: number;
    readonly value: number | null;
    readonly rendered: string;
  }[];
  /** All other series of a scatter plot in one, without a colour of their own. */
  readonly isRest?: true;
}

/** More colours cannot be told apart. */
export const SERIES_MAX = 8;

const ADDITIVE = new Set(["count", "count_distinct", "sum", "sum_distinct", "int", "number"]);

/**
 * Throws ReportError `config` for a field that the table lacks, or a measured field that is text; `invalid_query` for values that are
 * too large to be drawn.
 */
export function chartData(
  table: Table,
  plan: FieldsPlan,
  clock: QueryClock | null = null,
  locale: Locale = "en",
): ChartData {
  const words = phrasesIn(locale).charts;
  const xAt = columnsNamed(table, plan.x, "chart: x")[0] ?? 0;
  const yAt = plan.y.flatMap((field) => measured(table, field));
  const colorAt = plan.color === null ? null : colorColumn(table, plan.color);
  const x = table.columns[xAt];
  const { axis, placeOf } = axisOf(table, xAt, {
    mark: plan.mark,
    isShared: colorAt !== null,
    clock,
    locale,
  });
  const all = seriesOf(table, { yAt, colorAt, placeOf, fields: plan.y.length });
  const isAcross = colorAt !== null || yAt.some((at) => table.columns[at]?.pivot !== undefined);
  const by =
    colorAt !== null
      ? (table.columns[colorAt]?.label ?? null)
      : isAcross
        ? table.pivotLabels.join(", ")
        : null;
  const named = largest(all);
  // Points of a scatter plot are independent, so the rest can be shown in one colour; a line for the rest would mean nothing.
  const series = plan.mark === "point" ? [...named, ...restOf(all, named, words)] : named;
  const lost = table.rows.length - table.rows.filter((_, row) => placeOf(row) !== null).length;
  return {
    mark: plan.mark,
    axis,
    xLabel: oneLine(x?.label ?? plan.x, 60),
    yLabel: yLabelOf(table, yAt),
    colorLabel: by === null ? null : oneLine(by, 60),
    series,
    isAdditive: plan.y.length === 1 && yAt.every((at) => isAdditive(table.columns[at])),
    notes: [
      ...(named.length < all.length
        ? [words.largestDrawn(named.length, all.length, by ?? words.series, plan.mark === "point")]
        : []),
      ...(lost > 0 ? [words.rowsLost(lost, table.rows.length, x?.label ?? words.place)] : []),
    ],
  };
}

function measured(table: Table, field: string): number[] {
  const found = columnsNamed(table, field, "chart: y").filter(
    (at) => table.columns[at]?.pivot?.isRowTotal !== true,
  );
  const cells = table.rows
    .flatMap((row) => found.flatMap((at) => row[at] ?? []))
    .filter(({ value }) => value !== null);
  const isText = found.every((at) => table.columns[at]?.isNumeric !== true);
  if (isText && cells.length > 0 && cells.every(({ value }) => numberOf(value) === null)) {
    const numeric = table.columns.filter(({ isNumeric }) => isNumeric).map(({ name }) => name);
    throw new ReportError(`The chart's y field "${field}" is text: there is nothing to measure.`, {
      code: "config",
      advice: whatThereIs(field, [...new Set(numeric)]),
    });
  }
  return found;
}

/** Pivots make series in any case, named or not. */
function colorColumn(table: Table, field: string): number | null {
  const found = table.columns.findIndex(({ name }) => name === field);
  const isPivot = found === -1 && table.pivotLabels.length > 0;
  if (isPivot) return null;
  return columnsNamed(table, field, "chart: color")[0] ?? null;
}

function isAdditive(column: Column | undefined): boolean {
  return column?.type === null || ADDITIVE.has(column?.type ?? "");
}

function yLabelOf({ columns }: Table, yAt: readonly number[]): string {
  const labels = yAt.map((at) => fieldLabel(columns[at]));
  return oneLine([...new Set(labels)].join(", "), 90);
}

/** A pivoted column's label ends with its pivot values. */
function fieldLabel(column: Column | undefined): string {
  if (column?.pivot === undefined) return column?.label ?? "";
  const values = column.pivot.values.filter((value) => value !== "");
  const ending = ` – ${values.join(" – ")}`;
  return column.label.endsWith(ending) ? column.label.slice(0, -ending.length) : column.label;
}

interface SeriesChoice {
  readonly yAt: readonly number[];
  readonly colorAt: number | null;
  placeOf(row: number): number | null;
  /** How many fields are measured. */
  readonly fields: number;
}

function seriesOf(table: Table, { yAt, colorAt, placeOf, fields }: SeriesChoice): DataSeries[] {
  const amountOf = ({ value }: Cell, column: Column) => {
    const amount = numberOf(value);
    if (amount === null || Math.abs(amount) <= DRAWN_MAX) return amount;
    throw new ReportError(`A chart cannot show values as large as ${column.label} has here.`, {
      code: "invalid_query",
      advice: "Filter them out, or take the chart away.",
    });
  };
  const found = new Map<string, { name: string; column: Column; points: DataSeries["points"][number][] }>();
  for (const at of yAt) {
    const column = table.columns[at];
    if (column === undefined) continue;
    table.rows.forEach((row, index) => {
      const color = colorAt === null ? null : row[colorAt];
      const key = JSON.stringify([at, color?.value ?? null]);
      const series = found.get(key) ?? { name: nameOf(column, color, fields), column, points: [] };
      found.set(key, series);
      const place = placeOf(index);
      const cell = row[at];
      if (place === null || cell === undefined) return;
      series.points.push({ place, value: amountOf(cell, column), rendered: textOf(cell, column) });
    });
  }
  return [...found.values()]
    .map((series) => ({ ...series, points: series.points.sort((a, b) => a.place - b.place) }))
    .filter(({ points }) => points.some(({ value }) => value !== null));
}

const RAW = /^-?\d+\.\d{3,}$/;

/** As it is rendered; an unrounded number is written in its column's format, or with few digits. */
function textOf({ value, rendered }: Cell, { valueFormat, separators }: Column): string {
  const number = numberOf(value);
  const words = oneLine(rendered, 40);
  if (number === null || !RAW.test(words)) return words;
  const formatted = valueFormat === null ? null : formatNumber(number, valueFormat, separators);
  const digits = Math.abs(number) < 1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 };
  return formatted ?? separated(number.toLocaleString("en-US", digits), separators);
}

function nameOf(column: Column, color: Cell | null | undefined, fields: number): string {
  const parts = [
    ...(fields > 1 || (column.pivot === undefined && color === null) ? [fieldLabel(column)] : []),
    ...(column.pivot?.values.filter((value) => value !== "") ?? []),
    ...(color === null || color === undefined ? [] : [label(color)]),
  ];
  return oneLine(parts.join(" – "), 120) || "∅";
}

function largest(series: readonly DataSeries[]): readonly DataSeries[] {
  if (series.length <= SERIES_MAX) return series;
  const size = ({ points }: DataSeries) => points.reduce((sum, { value }) => sum + Math.abs(value ?? 0), 0);
  const kept = new Set([...series].sort((a, b) => size(b) - size(a)).slice(0, SERIES_MAX));
  return series.filter((one) => kept.has(one));
}

/** The series without a colour of their own, as one; none if all have one. */
function restOf(all: readonly DataSeries[], named: readonly DataSeries[], words: ChartPhrases): DataSeries[] {
  const rest = all.filter((one) => !named.includes(one));
  const points = rest.flatMap((one) => one.points).sort((a, b) => a.place - b.place);
  const others = rest.length > 1 ? words.others(rest.length) : null;
  return rest.slice(0, 1).map(({ name, column }) => ({ name: others ?? name, column, points, isRest: true }));
}
