import type { PartialPeriod } from "../model/report.ts";
import type { Kpi, KpiChange } from "../model/show.ts";
import type { Cell, Table } from "../model/table.ts";
import type { Phrases } from "../words/phrases.ts";
import type { QueryClock } from "./dates/clock.ts";
import { periodText } from "./dates/period.ts";
import { soFar, spanOf } from "./dates/unfinished.ts";
import { type Earlier, type EarlierOrder, earlierOf, ofSameGrain, pointWords } from "./earlier.ts";
import {
  currentRow,
  dateOf,
  type Figure,
  figureOf,
  type Series,
  seriesOf,
  stageIn,
  whose,
} from "./figure.ts";
import { pastOf } from "./kpi-past.ts";
import { numberOf } from "./numbers/cell-number.ts";
import { exactDifference, exactDigits } from "./numbers/exact.ts";
import { differenceShown, inOwnFormat } from "./numbers/own-format.ts";
import { isEnglish, separated } from "./numbers/separators.ts";

/** Its history is this run's own values included, without those of periods that are not over. */
export interface KpiOrder extends EarlierOrder {
  readonly table: Table;
  readonly field: string;
  readonly clock: QueryClock;
  readonly partial: PartialPeriod;
  readonly phrases: Phrases;
}

export interface MadeKpi {
  readonly kpi: Omit<Kpi, "sparkline">;
  readonly number: number | null;
  /** Its digits, where `number` does not hold them all; else null. */
  readonly exact: string | null;
  readonly series: Series;
}

/**
 * One figure of a table: of the row with the latest date whose period is over, or as `partial` says of the present one; of the first
 * row where there are no dates. Throws ReportError `config` for a field that the table lacks, that is text, or that is pivoted
 * without row totals.
 */
export function kpiOf(given: KpiOrder): MadeKpi {
  const { clock, phrases } = given;
  const told = { year: clock.now.year, phrases };
  const figure = figureOf(given.table, given.field, given);
  const order = { ...given, history: ofSameGrain(given.history, figure) };
  const row = currentRow(figure);
  const cell = row?.[figure.index] ?? null;
  const number = cell === null ? null : numberOf(cell.value);
  const time = row === null ? NO_TIME : timeOf(row, figure, clock, phrases);
  const compared = changed({ ...order, number, row, isPartial: time.isPartial }, figure);
  const of = row === null ? null : whose(figure, row, told);
  const whom = row === null ? null : whose(figure, row, told, false);
  // A part of a week breaks no record.
  const past = pastOf(order.history, time.isPartial || number === null ? null : time.iso, figure);
  return {
    kpi: {
      label: figure.column.label,
      value: cell === null || cell.value === null ? "" : cell.rendered,
      of: time.soFar === null ? of : phrases.figures.partial(of ?? "", time.soFar),
      ...(time.iso !== null && { period: time.period }),
      ...(time.isPartial && { isPartial: true as const }),
      ...compared,
      points: pointsOfKpi(order, figure, time, number),
      ...(whom !== null && { whom }),
      ...(past.span !== null && { span: past.span }),
      ...(past.record !== null && { record: past.record }),
    },
    number,
    exact: exactDigits(cell?.value ?? null),
    series: row === null ? {} : seriesOf(row, figure),
  };
}

interface FigureTime {
  readonly iso: string | null;
  readonly period: string | null;
  readonly isPartial: boolean;
  readonly soFar: string | null;
}

const NO_TIME: FigureTime = { iso: null, period: null, isPartial: false, soFar: null };

function timeOf(row: readonly Cell[], figure: Figure, clock: QueryClock, { dates }: Phrases): FigureTime {
  const date = dateOf(row, figure);
  if (date === null) return NO_TIME;
  const type = figure.table.columns[figure.dateIndex ?? -1]?.type ?? null;
  const isPartial = stageIn(date, figure) === "present";
  return {
    iso: date.iso,
    period: periodText(spanOf(date, type, clock), clock, dates),
    isPartial,
    soFar: isPartial ? soFar(date, type, clock, dates) : null,
  };
}

function pointsOfKpi(
  { history, clock, phrases }: KpiOrder,
  figure: Figure,
  { iso, isPartial }: FigureTime,
  number: number | null,
): Kpi["points"] {
  const own = isPartial && iso !== null && number !== null ? [{ on: iso, value: number }] : [];
  const past = isPartial && iso !== null ? history.filter(({ on }) => on < iso) : history;
  return [...past, ...own].map((point) => {
    const { name, when } = pointWords(point, figure, { year: clock.now.year, phrases });
    return { of: name, when, value: point.value };
  });
}

type Changed = KpiOrder & {
  readonly number: number | null;
  readonly row: readonly Cell[] | null;
  readonly isPartial: boolean;
};

function changed(order: Changed, figure: Figure): Pick<Kpi, "change" | "withoutChange"> {
  const { number, row, phrases } = order;
  // A part of a week is compared with nothing: it says itself that it is one.
  if (order.compare === "none" || (order.isPartial && number !== null))
    return { change: null, withoutChange: null };
  if (number === null || row === null) return { change: null, withoutChange: null };
  const earlier = earlierOf(order, figure, row, { year: order.clock.now.year, phrases });
  if (typeof earlier === "string") return { change: null, withoutChange: earlier };
  return { change: changeOf(number, earlier, figure, phrases), withoutChange: null };
}

function changeOf(now: number, earlier: Earlier, figure: Figure, phrases: Phrases): KpiChange {
  const { value: before, rendered, against, before: unit } = earlier;
  const from = rendered ?? inOwnFormat(before, figure, before);
  const exactly = exactChange(earlier, figure);
  const apart = exactly === null ? now - before : Number(exactly);
  // What looks the same to readers has not changed for them.
  const isLevel =
    apart === 0 || from === (rendered === null ? inOwnFormat(now, figure, now) : shownNow(figure));
  const difference = isLevel
    ? inOwnFormat(0, figure, now)
    : differenceShown({ now, before, exactly }, figure);
  const isShare = /%$/.test(difference);
  // "1.2%" would be read as the relative change.
  const absolute = isShare ? phrases.figures.points(difference.replace(/\s?%$/, "")) : difference;
  const share = isLevel ? 0 : Math.abs(apart) / before;
  const percent = isShare || before <= 0 ? null : percentOf(share, figure, phrases);
  return {
    direction: isLevel ? "level" : apart > 0 ? "up" : "down",
    absolute,
    percent,
    from,
    against,
    ...(unit !== null && { before: unit }),
    brief: percent === null || isFew(now, before) ? absolute : percent,
  };
}

/** How far it moved, where doubles do not hold both: 12345678901234567890 and 12345678901234567880 are one to them. */
function exactChange({ value, exact }: Earlier, figure: Figure): string | null {
  const own = currentRow(figure)?.[figure.index]?.value ?? null;
  const now = exactDigits(own);
  if (now === null && exact === undefined) return null;
  return exactDifference(now ?? String(own), exact ?? String(value));
}

/** Of small counts a percent says more than is known: 5 against 4 is one more. */
function isFew(...values: readonly number[]): boolean {
  return values.every((value) => Number.isInteger(value) && Math.abs(value) < 20);
}

/** As Looker renders it in the current row. */
function shownNow(figure: Figure): string | undefined {
  return currentRow(figure)?.[figure.index]?.rendered;
}

/** In the digits of Looker's number format where that is another than its first, which it has where no one chose; else in the language's. */
function percentOf(share: number, { column }: Figure, { numbers }: Phrases): string {
  const percent = share * 100;
  const digits = percent.toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const { separators } = column;
  const isChosen = separators !== undefined && !isEnglish(separators);
  const written = percent > 0 && percent < 0.05 ? "<0.1" : digits;
  return numbers.percent(separated(written, isChosen ? separators : numbers.separators));
}
