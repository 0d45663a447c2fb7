import { ReportError } from "../../core/error.ts";
import { inFormat } from "../../core/rules/numbers/value-format.ts";
import type { ChartData, DataSeries } from "./data.ts";

/** What may be added up over any rows. Averages and rates may not, nor distinct counts, which would count some twice. */
const SUMMED: ReadonlySet<string | null> = new Set(["count", "sum"]);

/**
 * One value for each series at each place: of several rows their sum, where that says something. A scatter plot has a point for each row.
 * Throws ReportError `invalid_query` for several rows that cannot be added up.
 */
export function oneEach(data: ChartData): ChartData {
  return data.mark === "point" ? data : { ...data, series: data.series.map((one) => summed(one, data)) };
}

function summed(series: DataSeries, { xLabel }: ChartData): DataSeries {
  const { column, points } = series;
  const groups = Map.groupBy(points, ({ place }) => place);
  if (groups.size === points.length) return series;
  const one = [...groups].map(([place, all]) => {
    const known = all.filter(({ value }) => value !== null);
    const [first] = known;
    if (known.length < 2 || first === undefined) return first ?? { place, value: null, rendered: "" };
    if (!SUMMED.has(column.type)) throw several(series, xLabel);
    const value = Number(known.reduce((sum, point) => sum + (point.value ?? 0), 0).toPrecision(15));
    return { place, value, rendered: inFormat(value, column, known) ?? String(value) };
  });
  return { ...series, points: one };
}

function several({ column }: DataSeries, xLabel: string): ReportError {
  return new ReportError(`There are several rows of one ${xLabel}, and ${column.label} cannot be added up.`, {
    code: "invalid_query",
    advice: "Name the field that tells them apart as color: of the chart, or take it out of the query.",
  });
}
