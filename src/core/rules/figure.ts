import { ReportError } from "../error.ts";
import type { Point } from "../model/memory.ts";
import type { PartialPeriod } from "../model/report.ts";
import { type Cell, type Column, columnsNamed, type Table, whatThereIs } from "../model/table.ts";
import type { Phrases } from "../words/phrases.ts";
import type { QueryClock } from "./dates/clock.ts";
import { type DateValue, dateColumnOf, groupOf, readDateCell } from "./dates/date-value.ts";
import { type Stage, stageOf } from "./dates/unfinished.ts";
import { numberOf } from "./numbers/cell-number.ts";

/** What the figure is: its place in the table. */
export interface Figure {
  readonly table: Table;
  readonly column: Column;
  readonly index: number;
  readonly dateIndex: number | null;
  /** Which of its rows it is the value of is decided by them; null where that does not matter. */
  readonly view: FigureView | null;
  /** The present fiscal period, where the model does not say when it began. */
  readonly presentFiscal: string | null;
}

export interface FigureView {
  readonly clock: QueryClock;
  /** Whether it may be the value of a period that is not over. */
  readonly partial: PartialPeriod;
}

/** What a figure is of, besides its date: the values of the row's other dimensions by their fields. */
export type Series = Readonly<Record<string, string>>;

export interface PointsOrder {
  /** Where it is not the first date dimension. */
  readonly dateField?: string;
  /** Rows of others do not count; a dimension that the table lacks tells none apart. */
  readonly series: Series;
  /** Values of periods that are not over by it are left out: the next run would take them for whole ones. Null: none is. */
  readonly clock: QueryClock | null;
}

/**
 * The values that a table has of a metric by its dates, oldest first; null where it has no dates. Of rows with the same date the
 * first counts.
 */
export function pointsOf(
  table: Table,
  field: string,
  { dateField, series, clock }: PointsOrder,
): readonly Point[] | null {
  const figure = figureOf(table, field, clock === null ? null : { clock, partial: "hide" });
  const dateIndex =
    dateField === undefined ? figure.dateIndex : (columnsNamed(table, dateField, "date")[0] ?? null);
  if (dateIndex === null) return null;
  // A date that is named is none that tells rows apart, whatever its type.
  const own = { ...figure, dateIndex };
  const values = new Map<string, number>();
  for (const row of table.rows) {
    if (!isOf(series, row, own)) continue;
    const date = dateOf(row, own);
    const value = numberOf(row[figure.index]?.value ?? null);
    if (date === null || value === null || values.has(date.iso)) continue;
    if (stageIn(date, own) === "past") values.set(date.iso, value);
  }
  return [...values].map(([on, value]) => ({ on, value })).sort((a, b) => (a.on < b.on ? -1 : 1));
}

/** Throws ReportError `config` for a field that the table lacks, that is text, or that is pivoted without row totals. */
export function figureOf(table: Table, field: string, view: FigureView | null = null): Figure {
  const found = columnsNamed(table, field, "kpi");
  const total = found.find((at) => table.columns[at]?.pivot?.isRowTotal === true);
  const index = total ?? found[0] ?? 0;
  const column = table.columns[index];
  if (column === undefined) throw new ReportError(`The result has no field "${field}".`, { code: "config" });
  if (column.pivot !== undefined && total === undefined && found.length > 0) throw pivoted(field);
  if (!column.isNumeric && !holdsNumbers(table, index)) throw isText(table, field);
  // Pivoted columns share one label, the row total's is the field's own.
  const label = column.pivot === undefined ? column.label : column.label.replace(/ – [^–]*$/, "");
  const figure = { table, column: { ...column, label }, index, dateIndex: dateColumnOf(table), view };
  return { ...figure, presentFiscal: presentFiscalOf({ ...figure, presentFiscal: null }) };
}

/** By what Looker says of the column, whatever its rows are today: "00123" among names makes no figure. */
function holdsNumbers({ columns, rows }: Table, index: number): boolean {
  if (columns[index]?.type !== null) return false;
  const values = rows.map((row) => row[index]?.value ?? null).filter((value) => value !== null);
  return values.every((value) => numberOf(value) !== null);
}

function pivoted(field: string): ReportError {
  return new ReportError(
    `KPI field "${field}" is pivoted: it has a value for each pivot, none for the row.`,
    {
      code: "config",
      advice: "Switch row totals on in the query, or take the pivot out of it.",
    },
  );
}

function isText(table: Table, field: string): ReportError {
  const numeric = table.columns.filter(({ isNumeric }) => isNumeric).map(({ name }) => name);
  return new ReportError(`KPI field "${field}" is text, and a KPI is a number.`, {
    code: "config",
    advice:
      numeric.length === 0
        ? "Add a measure to the query, and name it."
        : whatThereIs(field, [...new Set(numeric)]),
  });
}

export function dateOf(row: readonly Cell[], { table, dateIndex }: Figure): DateValue | null {
  if (dateIndex === null) return null;
  return readDateCell(row[dateIndex], table.columns[dateIndex]?.type ?? null);
}

/**
 * The row of the latest period that is over, or with `partial: show` of the present one; where there is none, of the present one, and
 * of those to come only where there is no other. Of several rows of that date the first.
 */
export function currentRow(figure: Figure): readonly Cell[] | null {
  const { table, dateIndex } = figure;
  const latest = new Map<Stage, { readonly row: readonly Cell[]; readonly iso: string }>();
  for (const row of dateIndex === null ? [] : table.rows) {
    const date = dateOf(row, figure);
    if (date === null) continue;
    const stage = stageIn(date, figure);
    const known = latest.get(stage);
    if (known === undefined || date.iso > known.iso) latest.set(stage, { row, iso: date.iso });
  }
  const order: readonly Stage[] =
    figure.view?.partial === "show" ? ["present", "past", "future"] : ["past", "present", "future"];
  const found = order.flatMap((stage) => latest.get(stage) ?? [])[0];
  return found?.row ?? table.rows[0] ?? null;
}

/** Whether a date's period is over. Where nothing is known of the present, all are. */
export function stageIn(date: DateValue, figure: Figure): Stage {
  const { table, dateIndex, view, presentFiscal } = figure;
  if (view === null || dateIndex === null) return "past";
  if (date.iso === presentFiscal) return "present";
  return stageOf(date, table.columns[dateIndex]?.type ?? null, view.clock);
}

/** The last fiscal period of a table whose filter ends in the present one, where only that tells which one that is. */
function presentFiscalOf(figure: Figure): string | null {
  const clock = figure.view?.clock;
  if (clock === undefined || clock.fiscalMonthOffset !== null || !clock.isLastFiscalPresent) return null;
  const isos = figure.table.rows.flatMap((row) => {
    const date = dateOf(row, figure);
    return date?.grain.startsWith("fiscal") === true ? [date.iso] : [];
  });
  return isos.reduce<string | null>((last, iso) => (last === null || iso > last ? iso : last), null);
}

/** The year that goes without saying, and the language. */
export interface YearAndWords {
  readonly year: number;
  readonly phrases: Phrases;
}

/** Its dimensions as its row has them, dates in words, its own only `withDate`; null where it has none. */
export function whose(
  { table, dateIndex }: Figure,
  row: readonly Cell[],
  { year, phrases }: YearAndWords,
  withDate = true,
): string | null {
  const own = dateIndex === null ? null : groupOf(table.columns[dateIndex]?.name ?? "");
  const words = table.columns.flatMap(({ name, kind, type, isHidden }, index) => {
    // The year next to its month says nothing more.
    if (isHidden === true || kind !== "dimension" || (index !== dateIndex && groupOf(name) === own))
      return [];
    if (index === dateIndex && !withDate) return [];
    const isDate = index === dateIndex || type?.startsWith("date") === true;
    const date = isDate ? readDateCell(row[index], type) : null;
    return [date === null ? (row[index]?.rendered ?? "") : phrases.dates.word(date, year).name];
  });
  return words.filter((word) => word !== "").join(", ") || null;
}

/** By the fields' names, so that the order of columns does not matter. */
export function seriesOf(row: readonly Cell[], figure: Figure): Series {
  const values = figure.table.columns.flatMap((column, index): [string, string][] =>
    tellsApart(figure, index) ? [[column.name, String(row[index]?.value ?? "")]] : [],
  );
  return Object.fromEntries(values.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isOf(series: Series, row: readonly Cell[], figure: Figure): boolean {
  return Object.entries(seriesOf(row, figure)).every(([name, value]) => (series[name] ?? value) === value);
}

/** Whether two rows differ in nothing but date and figures. */
export function isSameSeries(a: readonly Cell[], b: readonly Cell[], figure: Figure): boolean {
  return figure.table.columns.every(
    (_, index) => !tellsApart(figure, index) || a[index]?.value === b[index]?.value,
  );
}

function tellsApart({ table, dateIndex }: Figure, index: number): boolean {
  return table.columns[index]?.kind === "dimension" && index !== dateIndex && !isOtherDate(table, index);
}

/** The same date in other words, as its month or its name. */
function isOtherDate({ columns }: Table, index: number): boolean {
  return columns[index]?.type?.startsWith("date") === true;
}
