import type { ChartSeries } from "../../core/model/show.ts";
import type { Table } from "../../core/model/table.ts";
import { labelWords, lastYear } from "../../core/rules/dates/date-words.ts";
import { write } from "../../core/rules/numbers/number-style.ts";
import { separated } from "../../core/rules/numbers/separators.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { lineText } from "./cell-text.ts";

const SERIES_MAX = 4;
const SHARES_MAX = 5;
const NAME_CHARS_MAX = 60;

interface Point {
  readonly x: string;
  readonly y: number;
}

/**
 * The figures of a chart, a line for each series: first, last, lowest and highest if it has an order in time, the largest
 * shares of a pie. Numbers are written as in the table, if it has them.
 */
export function chartFigures(chart: ChartSeries, table: Table, phrases: Phrases): readonly string[] {
  const { charts, frame } = phrases;
  const rendered = renderedIn(table);
  const written = (y: number) => rendered.get(y) ?? seriesValue(y, chart, phrases);
  const lines = chart.series.slice(0, SERIES_MAX).flatMap(({ name, points }) => {
    const known = points.filter((point): point is Point => point.y !== null);
    const sentence =
      chart.mark === "arc" ? shares(known, written, phrases) : course(known, written, chart, phrases);
    if (sentence === null) return [];
    const heading = lineText(chart.series.length > 1 ? name : chart.yLabel, NAME_CHARS_MAX);
    return [heading === "" ? sentence : charts.ofSeries(heading, sentence)];
  });
  const more = chart.series.length - SERIES_MAX;
  return more > 0
    ? [...lines, charts.inPicture(frame.more(more, chart.mark === "line" ? "line" : "group"))]
    : lines;
}

/** "24.6%": a value of a chart as its column is written. */
export function seriesValue(y: number, { style = null }: ChartSeries, { numbers }: Phrases): string {
  if (style !== null) return lineText(write(y, style), NAME_CHARS_MAX);
  const digits = y.toLocaleString("en-US", { maximumFractionDigits: Math.abs(y) < 1 ? 4 : 2 });
  return separated(digits, numbers.separators);
}

function course(
  points: readonly Point[],
  written: (y: number) => string,
  { mark, grain: known }: ChartSeries,
  { charts, dates }: Phrases,
): string | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const grain = known ?? null;
  const year = lastYear(
    points.map(({ x }) => x),
    grain,
  );
  const spot = ({ x, y }: Point) => ({
    value: written(y),
    at: lineText(labelWords(x, grain, year, dates), NAME_CHARS_MAX),
  });
  if (points.length === 1) return charts.spot(spot(first));
  const lowest = points.reduce((low, point) => (point.y < low.y ? point : low));
  const highest = points.reduce((high, point) => (point.y > high.y ? point : high));
  const ends = { lowest: spot(lowest), highest: spot(highest) };
  // Points have no order, and bars have the query's, which means something only if it is that of time.
  const isCourse =
    mark === "line" || mark === "area" || grain !== null || points.every(({ x }) => DATE.test(x));
  return isCourse ? charts.course({ first: spot(first), last: spot(last), ...ends }) : charts.range(ends);
}

const DATE = /^\d{4}(-|$)/;

function shares(
  points: readonly Point[],
  written: (y: number) => string,
  { charts, frame, numbers }: Phrases,
): string | null {
  const total = points.reduce((sum, { y }) => sum + y, 0);
  if (points.length === 0) return null;
  const largest = [...points].sort((a, b) => b.y - a.y).slice(0, SHARES_MAX);
  const parts = largest.map(({ x, y }) => {
    const share = total > 0 ? numbers.percent(((100 * y) / total).toFixed(0)) : null;
    return charts.share(lineText(x, NAME_CHARS_MAX), written(y), share);
  });
  const more = points.length - parts.length;
  return charts.shares(parts, more > 0 ? frame.andMore(more, "part") : null);
}

/** How the table writes each number that it always writes the same way. */
function renderedIn(table: Table): ReadonlyMap<number, string> {
  const written = new Map<number, string>();
  const several = new Set<number>();
  for (const row of table.rows) {
    for (const { value, rendered } of row) {
      if (typeof value !== "number" || rendered === "") continue;
      if ((written.get(value) ?? rendered) !== rendered) several.add(value);
      written.set(value, lineText(rendered, NAME_CHARS_MAX));
    }
  }
  for (const value of several) written.delete(value);
  return written;
}
