import type { Point } from "../model/memory.ts";
import type { CompareWith } from "../model/report.ts";
import type { Kpi, KpiChange } from "../model/show.ts";
import type { Cell, Table } from "../model/table.ts";
import { type DateValue, type Grain, isoOf, localOf, readDate, shortDay } from "./date-value.ts";
import {
  currentRow,
  dateOf,
  differenceShown,
  type Figure,
  figureOf,
  inOwnFormat,
  isSameSeries,
  type Series,
  seriesOf,
  whose,
} from "./figure.ts";
import { numberOf } from "./numbers/cell-number.ts";
import { separated } from "./numbers/separators.ts";

export interface KpiOrder {
  readonly table: Table;
  readonly field: string;
  readonly compare: CompareWith;
  /** Of the metric and its series, oldest first, this run's own included. */
  readonly history: readonly Point[];
  /** What the last run that was sent showed; null: there is none. */
  readonly last: (LastValue & { readonly dueAt: Date }) | null;
  /** IANA name: the report's. */
  readonly timezone: string;
  readonly dueAt: Date;
}

export interface LastValue {
  readonly value: number;
  readonly rendered: string;
  readonly series: Series;
}

export interface MadeKpi {
  readonly kpi: Omit<Kpi, "sparkline">;
  readonly number: number | null;
  readonly series: Series;
}

/** A value it may be compared with. */
interface Earlier {
  readonly value: number;
  readonly rendered: string | null;
  readonly against: string;
}

/**
 * One figure of a table: of the row with the latest date, or of the first where there are no dates. Throws ReportError `config` for
 * a field that the table lacks, that is text, or that is pivoted without row totals.
 */
export function kpiOf(order: KpiOrder): MadeKpi {
  const figure = figureOf(order.table, order.field);
  const current = currentRow(figure);
  const cell = current?.[figure.index] ?? null;
  const number = cell === null ? null : numberOf(cell.value);
  const compared = number === null ? { change: null, withoutChange: null } : changed(number, order, figure);
  return {
    kpi: {
      label: figure.column.label,
      value: cell === null || cell.value === null ? "" : cell.rendered,
      of: current === null ? null : whose(figure, current),
      ...(number === null && order.compare !== "none"
        ? { change: null, withoutChange: "no value" }
        : compared),
      points: order.history.map(({ on, value }) => ({ of: pointWords(on), value })),
    },
    number,
    series: current === null ? {} : seriesOf(current, figure),
  };
}

function changed(now: number, order: KpiOrder, figure: Figure): Pick<Kpi, "change" | "withoutChange"> {
  if (order.compare === "none") return { change: null, withoutChange: null };
  const earlier = earlierOf(order, figure);
  if (typeof earlier === "string") return { change: null, withoutChange: earlier };
  return { change: changeOf(now, earlier, figure), withoutChange: null };
}

/** What it is compared with, or why with nothing. */
function earlierOf(order: KpiOrder, figure: Figure): Earlier | string {
  const { compare, last, timezone } = order;
  if (compare === "run") {
    if (last === null) return "no earlier report yet";
    const current = currentRow(figure);
    if (current !== null && JSON.stringify(seriesOf(current, figure)) !== JSON.stringify(last.series))
      return `the last report was of ${Object.values(last.series).join(", ") || "another figure"}`;
    const [then, now] = [localOf(last.dueAt, timezone), localOf(order.dueAt, timezone)];
    const isToday = then.toPlainDate().equals(now.toPlainDate());
    const time = isToday ? `, ${then.toPlainTime().toString({ smallestUnit: "minute" })}` : "";
    return {
      value: last.value,
      rendered: last.rendered,
      against: `the last report, ${shortDay(then)}${time}`,
    };
  }
  const row = currentRow(figure);
  const date = row === null ? null : dateOf(row, figure);
  if (row === null) return "no value";
  return compare === "previous" || compare === "none"
    ? (previous(order, figure, { row, date }) ?? "no earlier value yet")
    : periodEarlier(order, figure, { row, date, period: compare });
}

interface Current {
  readonly row: readonly Cell[];
  readonly date: DateValue | null;
}

function previous(order: KpiOrder, figure: Figure, { row, date }: Current): Earlier | null {
  const { rows } = figure.table;
  if (date === null && rows.length > 1) return fromRow(rows[rows.indexOf(row) + 1], figure);
  const before = date?.iso ?? localOf(order.dueAt, order.timezone).toString({ smallestUnit: "minute" });
  const older = rows
    .filter((other) => isSameSeries(other, row, figure))
    .map((other) => ({ other, iso: dateOf(other, figure)?.iso ?? null }))
    .filter(({ iso }) => iso !== null && iso < before)
    .sort((a, b) => ((a.iso ?? "") > (b.iso ?? "") ? -1 : 1));
  return fromRow(older[0]?.other, figure) ?? fromPoint(order.history.findLast(({ on }) => on < before));
}

/** From the finest on. */
const GRAINS: readonly string[] = ["time", "day", "week", "month", "quarter", "year"];

type Period = "day" | "week" | "month" | "quarter" | "year";

function periodEarlier(
  order: KpiOrder,
  figure: Figure,
  { row, date, period }: Current & { period: Period },
): Earlier | string {
  if (date !== null && GRAINS.indexOf(period) < GRAINS.indexOf(date.grain))
    return `its dates are ${date.grain}s, so none is a ${period} earlier`;
  const at = date?.at ?? localOf(order.dueAt, order.timezone);
  const iso = isoOf(at.subtract(spanOf(period, date?.grain ?? "day")), date?.grain ?? "day");
  const older = figure.table.rows.find(
    (other) => isSameSeries(other, row, figure) && dateOf(other, figure)?.iso === iso,
  );
  const point = order.history.findLast(({ on }) => on === iso || (date === null && on.startsWith(iso)));
  return fromRow(older, figure) ?? fromPoint(point) ?? `no value for ${pointWords(iso)}`;
}

/** A week's date is a Monday: a year before it is 52 weeks, so that weeks are compared with weeks. */
function spanOf(period: Period, grain: Grain): { days?: number; months?: number; years?: number } {
  const weeks = { month: 4, quarter: 13, year: 52 };
  if (period === "day") return { days: 1 };
  if (period === "week") return { days: 7 };
  if (grain === "week") return { days: 7 * weeks[period] };
  if (period === "year") return { years: 1 };
  return { months: period === "quarter" ? 3 : 1 };
}

function fromRow(row: readonly Cell[] | undefined, figure: Figure): Earlier | null {
  const cell = row?.[figure.index];
  const value = cell === undefined ? null : numberOf(cell.value);
  if (row === undefined || cell === undefined || value === null) return null;
  return { value, rendered: cell.rendered, against: whose(figure, row) ?? "the row before" };
}

function fromPoint(point: Point | undefined): Earlier | null {
  if (point === undefined) return null;
  return { value: point.value, rendered: null, against: pointWords(point.on) };
}

/** "2026-11-09" as it is; the local time of a run as its day. */
function pointWords(on: string): string {
  const date = readDate(on, null);
  return date?.grain === "time" && /T\d\d:\d\d$/.test(on) ? shortDay(date.at) : on;
}

function changeOf(now: number, { value: before, rendered, against }: Earlier, figure: Figure): KpiChange {
  const from = rendered ?? inOwnFormat(before, figure, before);
  // What looks the same to readers has not changed for them.
  const isLevel =
    now === before || from === (rendered === null ? inOwnFormat(now, figure, now) : shownNow(figure));
  const absolute = isLevel ? inOwnFormat(0, figure, now) : differenceShown(now, before, figure);
  const isShare = /%$/.test(absolute);
  return {
    direction: isLevel ? "level" : now > before ? "up" : "down",
    // "1.2%" would be read as the relative change.
    absolute: absolute.replace(/\s?%$/, " points"),
    percent: isShare || before <= 0 ? null : percentOf(isLevel ? 0 : Math.abs(now - before) / before, figure),
    from,
    against,
  };
}

/** As Looker renders it in the current row. */
function shownNow(figure: Figure): string | undefined {
  return currentRow(figure)?.[figure.index]?.rendered;
}

function percentOf(share: number, { column }: Figure): string {
  const percent = share * 100;
  const digits = percent.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${separated(percent > 0 && percent < 0.05 ? "<0.1" : digits, column.separators)}%`;
}
