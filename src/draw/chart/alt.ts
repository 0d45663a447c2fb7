import type { ChartSeries } from "../../core/model/show.ts";
import { labelWords, lastYear } from "../../core/rules/dates/date-words.ts";
import { type NumberStyle, WHOLE } from "../../core/rules/numbers/number-style.ts";
import { styleOf } from "../../core/rules/numbers/value-format.ts";
import { phrasesIn } from "../../core/words/phrases.ts";
import type { ChartData, DataSeries } from "./data.ts";

/** Of more series, only the first are described one by one. */
const DESCRIBED_MAX = 4;

/** "Line chart of Average delay by Date: 90 points from 2026-08-01 to 2026-11-16; first 8.2, last 12.4, lowest …" */
export function altOf(data: ChartData): string {
  const { charts } = phrasesIn(data.axis.locale);
  const by = [data.xLabel, ...(data.colorLabel === null ? [] : [data.colorLabel])];
  const head = charts.head(data.mark, data.yLabel, by);
  const [only] = data.series;
  if (data.series.length === 1 && only !== undefined)
    return charts.alt(head, null, [described(only, data)], 0, data.notes);
  const each = data.series
    .slice(0, DESCRIBED_MAX)
    .map((series) => charts.ofSeries(series.name, described(series, data)));
  const named = data.series.filter(({ isRest }) => !isRest).length;
  const rest = data.series.find(({ isRest }) => isRest);
  const groups = charts.groups(named, rest?.name ?? null);
  return charts.alt(head, groups, each, data.series.length - each.length, data.notes);
}

export function described(series: DataSeries, data: ChartData): string {
  const { places, grain, locale } = data.axis;
  const { charts, dates } = phrasesIn(locale);
  const year = lastYear(
    places.map(({ label }) => label),
    grain,
  );
  const known = series.points.flatMap(({ place, value, rendered }) =>
    value === null
      ? []
      : [{ at: labelWords(places[place]?.label ?? "", grain, year, dates), number: value, value: rendered }],
  );
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return charts.noValues;
  if (known.length === 1) return charts.onePoint(first);
  const lowest = known.reduce((least, point) => (point.number < least.number ? point : least));
  const highest = known.reduce((most, point) => (point.number > most.number ? point : most));
  return charts.points({ count: known.length, first, last, lowest, highest }, grain === "week");
}

/** The same data for destinations that draw charts themselves, with null where a series has no value. */
export function chartSeries({ mark, axis, xLabel, yLabel, series }: ChartData): ChartSeries {
  return {
    mark,
    xLabel,
    yLabel,
    ...(axis.grain !== null && { grain: axis.grain }),
    style: commonStyle(series),
    series: series.map(({ name, points }) => {
      // Points may share a place, and there is none at other places.
      if (mark === "point")
        return {
          name,
          points: points.map(({ place, value }) => ({ x: axis.places[place]?.label ?? "", y: value })),
        };
      const values = new Map(points.map(({ place, value }) => [place, value]));
      return {
        name,
        points: axis.places.map(({ label }, place) => ({ x: label, y: values.get(place) ?? null })),
      };
    }),
  };
}

const PLAIN: NumberStyle = { ...WHOLE, decimalsMax: 4 };
/** Enough to see how all of them are written. */
const SEEN_MAX = 50;

/** How the values of all series are written; null if some are shares and others amounts. */
function commonStyle(series: readonly DataSeries[]): NumberStyle | null {
  const styles = series.map(({ column, points }) => {
    const cells = points.slice(0, SEEN_MAX).map(({ value, rendered }) => ({ value, rendered }));
    return styleOf(column, cells) ?? PLAIN;
  });
  const [first = PLAIN] = styles;
  const isShare = ({ factor }: NumberStyle) => factor > 1;
  if (styles.some((style) => isShare(style) !== isShare(first))) return null;
  const isCommon = styles.every(
    ({ prefix, suffix, factor }) =>
      prefix === first.prefix && suffix === first.suffix && factor === first.factor,
  );
  if (!isCommon) return isShare(first) ? null : PLAIN;
  return {
    ...first,
    decimalsMin: Math.min(...styles.map(({ decimalsMin }) => decimalsMin)),
    decimalsMax: Math.max(...styles.map(({ decimalsMax }) => decimalsMax)),
  };
}
