import type { Point } from "../model/memory.ts";
import type { CompareWith } from "../model/report.ts";
import type { Cell } from "../model/table.ts";
import type { DateWords } from "../words/dates.ts";
import { duration, type Unit } from "./dates/calendar.ts";
import { type DateValue, type Grain, grainIn, isoOf, localOf, readDate } from "./dates/date-value.ts";
import { unitOf } from "./dates/unfinished.ts";
import {
  dateOf,
  type Figure,
  isSameSeries,
  type Series,
  seriesOf,
  whose,
  type YearAndWords,
} from "./figure.ts";
import { numberOf } from "./numbers/cell-number.ts";
import { exactDigits } from "./numbers/exact.ts";

/** A value that a figure may be compared with. */
export interface Earlier {
  readonly value: number;
  readonly rendered: string | null;
  /** Its digits, where `value` does not hold them all. */
  readonly exact?: string;
  /** "in the week from 2 November", "in the last report, 9 Nov 2026", "(DL)". */
  readonly against: string;
  /** It is of exactly one such unit before; null: it is not, or that is not known. */
  readonly before: Unit | null;
}

export interface EarlierOrder {
  readonly compare: CompareWith;
  /** Of the metric and its series, oldest first. */
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
  /** Its digits, where `value` does not hold them all. */
  readonly exact?: string;
  readonly series: Series;
}

/** The figure's own row and its date. */
interface Own extends YearAndWords {
  readonly row: readonly Cell[];
  readonly date: DateValue | null;
}

/** What the figure of a row is compared with, or why with nothing. */
export function earlierOf(
  order: EarlierOrder,
  figure: Figure,
  row: readonly Cell[],
  told: YearAndWords,
): Earlier | string {
  const { compare } = order;
  if (compare === "run") return lastReport(order, figure, row, told);
  const own: Own = { row, date: dateOf(row, figure), ...told };
  return compare === "previous" || compare === "none"
    ? (previous(order, figure, own) ?? told.phrases.figures.noEarlierValue)
    : unitEarlier(order, figure, own, compare);
}

function lastReport(
  { last, timezone, dueAt }: EarlierOrder,
  figure: Figure,
  row: readonly Cell[],
  { phrases: { figures, dates } }: YearAndWords,
): Earlier | string {
  if (last === null) return figures.noEarlierReport;
  if (JSON.stringify(seriesOf(row, figure)) !== JSON.stringify(last.series))
    return figures.lastReportOf(Object.values(last.series).join(", "));
  const [then, now] = [localOf(last.dueAt, timezone), localOf(dueAt, timezone)];
  const isToday = then.toPlainDate().equals(now.toPlainDate());
  const time = isToday ? then.toPlainTime().toString({ smallestUnit: "minute" }) : null;
  const against = figures.inLastReport(dates.shortDay(then), time);
  const { value, rendered, exact } = last;
  return { value, rendered, ...(exact !== undefined && { exact }), against, before: null };
}

function previous(order: EarlierOrder, figure: Figure, own: Own): Earlier | null {
  const { row, date } = own;
  const { rows } = figure.table;
  if (date === null && rows.length > 1) return fromRow(rows[rows.indexOf(row) + 1], figure, own);
  const before = date?.iso ?? localOf(order.dueAt, order.timezone).toString({ smallestUnit: "minute" });
  const older = rows
    .filter((other) => isSameSeries(other, row, figure))
    .map((other) => ({ other, iso: dateOf(other, figure)?.iso ?? null }))
    .filter(({ iso }) => iso !== null && iso < before)
    .sort((a, b) => ((a.iso ?? "") > (b.iso ?? "") ? -1 : 1));
  const point = order.history.findLast(({ on }) => on < before);
  const earlier = fromRow(older[0]?.other, figure, own) ?? fromPoint(point, figure, own);
  if (earlier === null || date === null || date.grain === "time") return earlier;
  const unit = unitOf(date.grain);
  const isNext = isoOf(date.at.subtract(duration(1, unit)), date.grain) === (older[0]?.iso ?? point?.on);
  return { ...earlier, before: isNext ? unit : null };
}

const UNITS: readonly Unit[] = ["day", "week", "month", "quarter", "year"];

function unitEarlier(order: EarlierOrder, figure: Figure, own: Own, unit: Unit): Earlier | string {
  const { row, date, year, phrases } = own;
  if (date !== null && date.grain !== "time" && UNITS.indexOf(unit) < UNITS.indexOf(unitOf(date.grain)))
    return phrases.figures.tooCoarse(date.grain, unit);
  const [at, grain] = [date?.at ?? localOf(order.dueAt, order.timezone), date?.grain ?? "day"];
  const then = at.subtract(stepBack(unit, grain));
  const iso = isoOf(then, grain);
  const older = figure.table.rows.find(
    (other) => isSameSeries(other, row, figure) && dateOf(other, figure)?.iso === iso,
  );
  const point = order.history.findLast(({ on }) => on === iso || (date === null && on.startsWith(iso)));
  const earlier = fromRow(older, figure, own) ?? fromPoint(point, figure, own);
  if (earlier === null)
    return phrases.figures.noValueWhen(phrases.dates.word({ at: then, grain, iso }, year).when);
  return { ...earlier, before: date !== null && unitOf(grain) === unit ? unit : null };
}

/** A week's date is that of its first day: a year before it is 52 weeks, so that weeks are compared with weeks. */
function stepBack(unit: Unit, grain: Grain): ReturnType<typeof duration> {
  const weeks = { day: 0, week: 1, month: 4, quarter: 13, year: 52 };
  return grain === "week" ? { days: 7 * weeks[unit] } : duration(1, unit);
}

function fromRow(row: readonly Cell[] | undefined, figure: Figure, told: YearAndWords): Earlier | null {
  const { year, phrases } = told;
  const cell = row?.[figure.index];
  const value = cell === undefined ? null : numberOf(cell.value);
  if (row === undefined || cell === undefined || value === null) return null;
  const date = dateOf(row, figure);
  const of = whose(figure, row, told);
  const against =
    date !== null
      ? phrases.dates.word(date, year).when
      : of === null
        ? phrases.figures.inRowBefore
        : `(${of})`;
  const exact = exactDigits(cell.value);
  return { value, rendered: cell.rendered, ...(exact !== null && { exact }), against, before: null };
}

function fromPoint(point: Point | undefined, figure: Figure, told: YearAndWords): Earlier | null {
  if (point === undefined) return null;
  const against = pointWords(point, figure, told).when;
  return { value: point.value, rendered: null, against, before: null };
}

/** The points of such dates as the figure's own: it may have been counted by others before. */
export function ofSameGrain(points: readonly Point[], { table, dateIndex }: Figure): readonly Point[] {
  if (dateIndex === null) return points;
  const grain = grainIn(table, dateIndex);
  const type = table.columns[dateIndex]?.type ?? null;
  return points.filter(({ on }) => readDate(on, type)?.grain === grain);
}

/** The local time of a run is told as its day. */
export function pointWords(
  { on }: Point,
  { table, dateIndex }: Figure,
  { year, phrases }: YearAndWords,
): DateWords {
  const date = readDate(on, dateIndex === null ? null : (table.columns[dateIndex]?.type ?? null));
  if (date === null) return { name: on, when: `(${on})` };
  return phrases.dates.word(dateIndex === null ? { ...date, grain: "day" } : date, year);
}
