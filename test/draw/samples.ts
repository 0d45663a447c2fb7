import { Temporal } from "temporal-polyfill";
import type { ChartOrder } from "../../src/core/model/picture.ts";
import type { ChartPlan } from "../../src/core/model/report.ts";
import type { Cell, Column, Table } from "../../src/core/model/table.ts";
import { chartData } from "../../src/draw/chart/data.ts";
import { firstBars } from "../../src/draw/chart/many-bars.ts";
import { oneEach } from "../../src/draw/chart/one-each.ts";
import { withoutSlivers } from "../../src/draw/chart/pie-parts.ts";
import { chartSvg } from "../../src/draw/layout/chart-svg.ts";
import { drawingFiles } from "../../src/draw/process/files.ts";
import { openFonts, rulerOf } from "../../src/draw/process/fonts.ts";

/** Builders for the tables that the tests of this folder draw. */

export function column(name: string, label: string, more: Partial<Column> = {}): Column {
  return { name, label, kind: "dimension", isNumeric: false, valueFormat: null, type: "string", ...more };
}

export function measure(
  name: string,
  label: string,
  valueFormat: string | null = null,
  type = "count",
): Column {
  return column(name, label, { kind: "measure", isNumeric: true, valueFormat, type });
}

/** On a Tuesday: the week from 30 November is not over. */
const TUESDAY = Temporal.PlainDateTime.from("2026-12-01T08:00");
export const ON_TUESDAY = {
  now: TUESDAY,
  earliest: TUESDAY,
  isZoneKnown: true,
  isLastFiscalPresent: false,
  weekStart: 1,
  fiscalMonthOffset: 0,
} as const;

export function words(rendered: string): Cell {
  return { value: rendered, rendered };
}

export function amount(
  value: number | null,
  rendered = value === null ? "" : value.toLocaleString("en-US"),
): Cell {
  return { value, rendered };
}

export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  more: Partial<Table> = {},
): Table {
  return { columns, rows, pivotLabels: [], rowCount: rows.length, rowCountIsExact: true, ...more };
}

type Fields = ChartPlan & { kind: "fields" };

export function fields(
  mark: Fields["mark"],
  x: string,
  y: string | readonly string[],
  color: string | null = null,
): Fields {
  return { kind: "fields", mark, x, y: [y].flat(), color };
}

export function order(plan: ChartPlan, of: Table, title = "Delays"): ChartOrder {
  return { plan, table: of, title, clock: null };
}

const [, ...own] = drawingFiles();
export const ruler = rulerOf(await openFonts(own, []));

/** The picture of a chart before it is made of pixels. */
export function svgOf(
  plan: Fields,
  of: Table,
  { title = "Delays", clock = null, accent }: Partial<Pick<ChartOrder, "title" | "clock" | "accent">> = {},
): string {
  const data = firstBars(withoutSlivers(oneEach(chartData(of, plan, clock))));
  return chartSvg(accent === undefined ? data : { ...data, accent }, { title }, ruler);
}

/** All that is written in it. */
export function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, words = ""]) => words);
}

export function day(index: number, from = "2026-08-01"): string {
  return new Date(Date.parse(from) + index * 86_400_000).toISOString().slice(0, 10);
}

export const DATE = column("flights.date", "Date", { type: "date_date" });
export const WEEK = column("flights.date_week", "Week", { type: "date_week" });
export const CARRIER = column("flights.carrier", "Carrier");
export const COUNT = measure("flights.count", "Flights", "#,##0");
export const DELAY = measure("flights.average_delay", "Average delay", "0.0", "average");
export const RATE = measure("flights.cancelled_rate", "Cancelled rate", "0.0%", "number");
export const REVENUE = measure("flights.revenue", "Revenue", "$#,##0.00", "sum");

/** The same numbers every time. */
export function wave(index: number, seed = 1): number {
  return Math.round((12 + 6 * Math.sin(index / 7 + seed) + 4 * Math.sin(index * 1.7 * seed)) * 10) / 10;
}

export function daily(days: number): Table {
  return table(
    [DATE, DELAY],
    Array.from({ length: days }, (_, index) => [
      words(day(index)),
      amount(wave(index), wave(index).toFixed(1)),
    ]),
  );
}
