import type { ChartSeries } from "../../core/model/show.ts";
import { labelWords, lastYear } from "../../core/rules/dates/date-words.ts";
import { type NumberStyle, WHOLE } from "../../core/rules/numbers/number-style.ts";
import { styleOf } from "../../core/rules/numbers/value-format.ts";
import { count } from "../../core/rules/quantity.ts";
import type { ChartData, DataSeries } from "./data.ts";

const NAMES = {
  line: "Line chart",
  bar: "Bar chart",
  area: "Area chart",
  arc: "Pie chart",
  point: "Scatter plot",
} as const;

/** Of more series, only the first are described one by one. */
const DESCRIBED_MAX = 4;

/** "Line chart of Average delay by Date: 90 points from 2026-08-01 to 2026-11-16; first 8.2, last 12.4, lowest …" */
export function altOf(data: ChartData): string {
  const by = [data.xLabel, ...(data.colorLabel === null ? [] : [data.colorLabel])].join(" and ");
  const head = `${NAMES[data.mark]} of ${data.yLabel} by ${by}`;
  const notes = data.notes.map((note) => ` ${note}`).join("");
  const [only] = data.series;
  if (data.series.length === 1 && only !== undefined) return `${head}: ${described(only, data)}.${notes}`;
  const each = data.series
    .slice(0, DESCRIBED_MAX)
    .map((series) => `${series.name}: ${described(series, data)}`);
  const more = data.series.length - each.length;
  const others = more > 0 ? `; and ${count(more)} more` : "";
  const named = data.series.filter(({ isRest }) => !isRest).length;
  const rest = data.series.find(({ isRest }) => isRest);
  const groups = `${count(named)} series${rest === undefined ? "" : ` and ${rest.name}`}`;
  return `${head}: ${groups}. ${each.join(". ")}${others}.${notes}`;
}

export function described(series: DataSeries, data: ChartData): string {
  const { places, grain } = data.axis;
  const year = lastYear(
    places.map(({ label }) => label),
    grain,
  );
  const known = series.points.flatMap(({ place, value, rendered }) =>
    value === null ? [] : [{ label: labelWords(places[place]?.label ?? "", grain, year), value, rendered }],
  );
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return "no values";
  if (known.length === 1) return `1 point, ${first.rendered} (${first.label})`;
  const lowest = known.reduce((least, point) => (point.value < least.value ? point : least));
  const highest = known.reduce((most, point) => (point.value > most.value ? point : most));
  const extremes = `lowest ${lowest.rendered} (${lowest.label}), highest ${highest.rendered} (${highest.label})`;
  // "From the week from" would be hard to read.
  const from = grain === "week" ? ", " : " from ";
  return `${count(known.length)} points${from}${first.label} to ${last.label}; first ${first.rendered}, last ${last.rendered}, ${extremes}`;
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
