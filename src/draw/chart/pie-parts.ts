import { ReportError } from "../../core/error.ts";
import { write } from "../../core/rules/numbers/number-style.ts";
import { styleOf } from "../../core/rules/numbers/value-format.ts";
import type { ChartData } from "./data.ts";

/** Parts of a pie that can be told apart. */
export const SLICES_MAX = 6;

export interface Slice {
  readonly label: string;
  readonly value: number;
  /** All alike, with the same number of decimals. */
  readonly rendered: string;
}

/** The parts of a whole, in the order of the data. Throws ReportError `invalid_query` for values that are none. */
export function partsOf(data: ChartData): Slice[] {
  const { series, axis } = data;
  if (series.some(({ points }) => points.some(({ value }) => value !== null && value < 0))) {
    throw new ReportError("A pie cannot show negative values.", {
      code: "invalid_query",
      advice: "Draw it with mark: bar.",
    });
  }
  const written = alike(data);
  return series.flatMap(({ points, name }) =>
    points.flatMap(({ place, value, rendered }): Slice[] => {
      if (value === null || value <= 0) return [];
      const label = series.length > 1 ? name : (axis.places[place]?.label ?? "");
      return [{ value, rendered: written?.(value) ?? rendered, label }];
    }),
  );
}

/** A pie of more slices than can be told apart is drawn as bars, the largest first. Throws as `partsOf` does, and for a pie without a slice. */
export function withoutSlivers(data: ChartData): ChartData {
  if (data.mark !== "arc") return data;
  const parts = partsOf(data).sort((a, b) => b.value - a.value);
  const [first] = data.series;
  if (first === undefined) return data;
  if (parts.length === 0) {
    throw new ReportError("A pie of zeros has no parts.", {
      code: "invalid_query",
      advice: "Draw it with mark: bar.",
    });
  }
  if (parts.length <= SLICES_MAX) return data;
  const places = parts.map(({ label }, at) => ({ at, label }));
  const points = parts.map(({ value, rendered }, place) => ({ place, value, rendered }));
  return {
    ...data,
    mark: "bar",
    axis: { ...data.axis, kind: "word", grain: null, places },
    colorLabel: null,
    series: [{ name: data.yLabel, column: first.column, points }],
  };
}

const DECIMALS_MAX = 2;

/** Writes all values with the same number of decimals; null to leave them as rendered, since their column has a format. */
function alike({ series }: ChartData): ((value: number) => string) | null {
  const [only] = series;
  if (series.length !== 1 || only === undefined || only.column.valueFormat !== null) return null;
  const style = styleOf(only.column, only.points);
  if (style === null) return null;
  const decimals = Math.min(style.decimalsMax, DECIMALS_MAX);
  return (value) => write(value, { ...style, decimalsMin: decimals, decimalsMax: decimals });
}
